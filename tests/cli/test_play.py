"""`play`: a real program in the foreground, to its end or to ctrl+c."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import psutil
import pytest

from tests.cli.conftest import Bring, Run, write_config
from tests.cli.whisul import MP3, Whisul
from whisul_tui.domain import Job, JobState, Song
from whisul_tui.listening import playing as playing_module
from whisul_tui.listening.playing import Playing, registered
from whisul_tui.paths import Paths


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound server within reach."""
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")


def player(folder: Path, script: str, name: str = "player") -> Path:
    """A program that writes its arguments to `heard` beside it and then does as the script says."""
    program = folder / name
    program.write_text(
        f'#!/bin/sh\necho "$$ $@" > {folder}/heard.new\nmv {folder}/heard.new {folder}/heard\n{script}\n'
    )
    program.chmod(0o700)
    return program


def song_at(bring: Bring, url: str) -> Job:
    return bring(JobState.COMPLETED, song=Song("Rain on Neon", song_url=url))


def test_players_that_follow_any_link_get_a_downloaded_file(
    run: Run, whisul: Whisul, bring: Bring, paths: Paths, tmp_path: Path, sound: None
) -> None:
    program = player(tmp_path, "sleep 2.1", "cvlc")
    paths.config_file.write_text(paths.config_file.read_text() + f'player = "{program}"\n')
    ran = run("play", song_at(bring, whisul.link("a.mp3")).short_id)
    assert (ran.code, ran.out) == (0, "")
    assert "cvlc plays Rain on Neon on this machine" in ran.err
    file = Path((tmp_path / "heard").read_text().strip().rsplit(" -- ", 1)[1])
    assert file.read_bytes()[-4100:] == MP3[10:]
    assert file.is_relative_to(paths.cache_dir)


def test_ctrl_c_stops_the_player(bring: Bring, paths: Paths, tmp_path: Path, sound: None) -> None:
    write_config(paths, f'player = "{player(tmp_path, "exec sleep 60")} {{url}}"\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "whisul_tui", "play", song_at(bring, "https://cdn.example/a.mp3").short_id],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    for _ in range(1000):
        if (tmp_path / "heard").exists():
            break
        Event().wait(0.01)
    pid, url = (tmp_path / "heard").read_text().split()
    assert url == "https://cdn.example/a.mp3"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Stopped. To play it again: whisul-tui play " in err
    assert "Traceback" not in err
    assert _ends(int(pid))


def test_ctrl_c_while_the_player_is_being_started_leaves_none(
    run: Run, bring: Bring, paths: Paths, tmp_path: Path, sound: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(paths, f'player = "{player(tmp_path, "exec sleep 60")} {{url}}"\n')
    started: list[int] = []

    def interrupted(playing: Playing) -> Playing:
        started.append(playing._process.pid)
        os.kill(os.getpid(), signal.SIGINT)
        return registered(playing)

    monkeypatch.setattr(playing_module, "registered", interrupted)
    ran = run("play", song_at(bring, "https://cdn.example/a.mp3").short_id)
    assert ran.code == 130
    assert "Stopped." in ran.err
    assert _ends(started[0])


def _ends(pid: int) -> bool:
    """Whether a process ends, within seconds; one that nobody has reaped yet has ended too."""
    for _ in range(1000):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        Event().wait(0.01)
    return False


def test_a_player_that_gives_up(run: Run, bring: Bring, paths: Paths, tmp_path: Path, sound: None) -> None:
    write_config(paths, f'player = "{player(tmp_path, "exit 3")} {{url}}"\n')
    ran = run("play", song_at(bring, "https://cdn.example/a.mp3").short_id)
    assert ran.code == 1
    assert "gave up" in ran.err


def test_no_sound_device(run: Run, bring: Bring, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_config(paths, f'player = "{player(tmp_path, "exit 3")} {{url}}"\n')
    monkeypatch.setattr("whisul_tui.listening.facts.has_sound", lambda *_: False)
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    ran = run("play", song_at(bring, "https://cdn.example/a.mp3").short_id)
    assert ran.code == 1
    assert "over SSH. Open https://cdn.example/a.mp3 where you sit" in ran.err
    assert not (tmp_path / "heard").exists()


def test_no_player_and_a_wrong_one(
    run: Run, bring: Bring, paths: Paths, monkeypatch: pytest.MonkeyPatch, sound: None, tmp_path: Path
) -> None:
    job = song_at(bring, "https://cdn.example/a.mp3")
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = run("play", job.short_id)
    assert ran.code == 1
    assert "Install mpv" in ran.err
    write_config(paths, 'player = "no-such-player {url}"\n')
    assert run("play", job.short_id).code == 2


@pytest.mark.parametrize("url", ["-oevil=1", "file:///etc/passwd", "https://[/x"])
def test_a_link_that_must_not_be_opened(
    run: Run, bring: Bring, paths: Paths, tmp_path: Path, sound: None, url: str
) -> None:
    write_config(paths, f'player = "{player(tmp_path, "exit 3")} {{url}}"\n')
    ran = run("play", song_at(bring, url).short_id)
    assert ran.code == 1
    assert not (tmp_path / "heard").exists()


@pytest.mark.parametrize(("state", "code"), [(JobState.RUNNING, 2), (JobState.FAILED, 5), (JobState.EXPIRED, 4)])
def test_where_there_is_no_song(run: Run, bring: Bring, state: JobState, code: int) -> None:
    assert run("play", bring(state).short_id).code == code
