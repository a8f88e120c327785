from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.listening.songs import wav
from whisul_tui.listening.open_command import run_open_command
from whisul_tui.listening.players import Player, PlayerError, PlayerKind
from whisul_tui.listening.playing import Outcome, Playing, PlayingState, clean_environment, judged, launch, stop_all

LINK = "https://cdn.example/a.mp3?x=1&y=$(id);z"


def script(folder: Path, text: str, name: str = "player") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def custom(path: str) -> Player:
    return Player(PlayerKind.CUSTOM, "player", (path,))


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def wait_for(path: Path) -> str:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if path.exists() and (text := path.read_text()).endswith("\n"):
            return text
        threading.Event().wait(0.01)
    raise AssertionError(f"{path} was never written")


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    yield
    stop_all()


def test_a_player_starts_apart_from_the_terminal_and_without_our_settings(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    path = script(
        tmp_path,
        f"""fds=$(for n in 0 1 2; do readlink /proc/$$/fd/$n; done)
{{ printf '%s\\n' "$#" "$1"; env; echo "$fds"
ps -o sid= -p $$ | tr -d ' '; echo $$; }} > '{seen}.new'
exec mv '{seen}.new' '{seen}'""",
    )
    environ = {**os.environ, "WHISUL_API_KEY": "key-canary", "WHISUL_PROFILE": "p", "KEPT": "yes"}
    playing = launch(custom(path), LINK, environ=environ)
    assert playing.wait(10)
    lines = seen.read_text().splitlines()
    assert lines[:2] == ["1", LINK]
    assert lines[-5:-2] == ["/dev/null"] * 3
    assert lines[-2] == lines[-1], "it leads a session of its own"
    assert "KEPT=yes" in lines
    assert not any("WHISUL" in line or "canary" in line for line in lines)


def test_a_stopped_player_takes_its_whole_group_along_and_leaves_no_zombie(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    path = script(tmp_path, f"sleep 100 &\necho $$ $! > '{pids}'\nwait")
    playing = launch(custom(path), LINK)
    parent, child = map(int, wait_for(pids).split())
    assert playing.state() == Outcome(PlayingState.RUNNING)
    playing.stop()
    assert playing.state() == Outcome(PlayingState.ENDED)
    psutil.wait_procs([psutil.Process(child)] if psutil.pid_exists(child) else [], timeout=5)
    assert not psutil.pid_exists(parent)
    assert not alive(child)


def test_a_player_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    path = script(tmp_path, f"trap '' TERM\necho $$ > '{ready}'\nwhile :; do sleep 100 & wait; done")
    playing = launch(custom(path), LINK)
    pid = int(wait_for(ready))
    playing.stop(grace=0.1)
    assert playing.state().state is PlayingState.ENDED
    assert not psutil.pid_exists(pid)


def test_stop_all_kills_what_does_not_listen(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    path = script(tmp_path, f"trap '' TERM\necho $$ > '{ready}'\nwhile :; do sleep 100 & wait; done")
    playing = launch(custom(path), LINK)
    pid = int(wait_for(ready))
    stop_all(grace=0.1)
    assert playing.state().state is PlayingState.ENDED
    assert not psutil.pid_exists(pid)


def test_stop_all_ends_every_player_but_what_an_opener_opened(tmp_path: Path) -> None:
    path = script(tmp_path, "exec sleep 100")
    players = [launch(custom(path), LINK) for _ in range(3)]
    opener = launch(Player(PlayerKind.OPENER, "xdg-open", (path,)), LINK)
    stop_all()
    assert [playing.state().state for playing in players] == [PlayingState.ENDED] * 3
    assert opener.state().state is PlayingState.RUNNING
    opener.stop()


def test_the_end_is_told_once_with_its_reason(tmp_path: Path) -> None:
    told: list[Playing] = []
    playing = launch(custom(script(tmp_path, "exit 2")), LINK, on_end=told.append)
    assert playing.wait(10)
    playing._watcher.join(10)
    assert told == [playing]
    outcome = playing.state()
    assert outcome.state is PlayingState.FAILED
    assert "exit code 2" in outcome.reason
    playing.stop()
    assert playing.state() == outcome, "stopping what has ended changes nothing"


@pytest.mark.parametrize(
    ("code", "seconds", "stopped", "kind", "state", "words"),
    [
        (0, 180.0, False, PlayerKind.MPV, PlayingState.ENDED, ""),
        (0, 0.4, False, PlayerKind.FFPLAY, PlayingState.FAILED, "after 0.4 s without playing"),
        (0, 0.4, False, PlayerKind.CUSTOM, PlayingState.ENDED, "listen whether"),
        (0, 0.4, False, PlayerKind.OPENER, PlayingState.ENDED, ""),
        (3, 0.4, False, PlayerKind.OPENER, PlayingState.FAILED, "exit code 3"),
        (2, 90.0, False, PlayerKind.MPV, PlayingState.FAILED, "after 90.0 s"),
        (-11, 5.0, False, PlayerKind.MPV, PlayingState.FAILED, "signal 11"),
        (-15, 0.4, True, PlayerKind.MPV, PlayingState.ENDED, ""),
    ],
)
def test_an_exit_is_judged_by_code_and_time(
    code: int, seconds: float, stopped: bool, kind: PlayerKind, state: PlayingState, words: str
) -> None:
    outcome = judged("mpv", code, seconds, stopped, kind)
    assert outcome.state is state
    assert words in outcome.reason
    assert bool(outcome.reason) == bool(words)


def test_a_program_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlayerError, match="player could not be started: No such file"):
        launch(custom(str(tmp_path / "gone")), LINK)
    (tmp_path / "text").write_text("no program")
    with pytest.raises(PlayerError, match="Permission denied"):
        launch(custom(str(tmp_path / "text")), LINK)


def test_a_hundred_players_leave_no_child_behind(tmp_path: Path) -> None:
    path = script(tmp_path, "exit 0")
    for playing in [launch(custom(path), LINK) for _ in range(100)]:
        assert playing.wait(20)
    assert [child for child in psutil.Process().children() if child.status() == psutil.STATUS_ZOMBIE] == []


def test_the_open_command_gets_the_link_and_its_failure_is_told(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    told: list[Outcome] = []
    done = threading.Event()

    def on_end(playing: Playing) -> None:
        told.append(playing.state())
        done.set()

    path = script(tmp_path, f"printf '%s\\n' \"$@\" > '{seen}'\nexit 9", name="my open")
    run_open_command(f"'{path}' --new {{url}}", LINK, on_end=on_end)
    assert done.wait(10)
    assert seen.read_text() == f"--new\n{LINK}\n"
    assert [outcome.state for outcome in told] == [PlayingState.FAILED]
    assert told[0].reason == "my open gave up after 0.0 s (exit code 9)." or "exit code 9" in told[0].reason


def test_the_open_command_may_live_in_the_home(home: Path) -> None:
    script(home, "exit 0", name="opener")
    playing = run_open_command("~/opener", LINK)
    assert playing.wait(10)
    assert playing.state() == Outcome(PlayingState.ENDED)


def test_a_clean_environment_holds_nothing_of_ours() -> None:
    assert clean_environment({"WHISUL_API_KEY": "k", "WHISUL_": "x", "PATH": "/bin"}) == {"PATH": "/bin"}


@pytest.mark.parametrize("program", ["mpv", "ffplay"])
def test_a_real_player_plays_is_stopped_and_says_when_it_could_not(program: str, tmp_path: Path) -> None:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    environ = {**os.environ, "SDL_AUDIODRIVER": "dummy"}
    words = (path, "--ao=null") if program == "mpv" else (path,)
    player = Player(PlayerKind(program), program, words)
    song = tmp_path / "song.wav"
    song.write_bytes(wav(60))
    playing = launch(player, str(song), local_file=True, environ=environ)
    assert not playing.wait(0.7)
    playing.stop()
    assert playing.state() == Outcome(PlayingState.ENDED)
    failing = launch(player, "http://127.0.0.1:9/dead.mp3", environ=environ)
    assert failing.wait(20)
    assert failing.state().state is PlayingState.FAILED
    assert signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL
