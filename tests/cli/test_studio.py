"""`studio` as a server of its own, and `--local`: the verbs on real processes of the studio."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Bring, Run, write_config
from whisul_tui.domain import JobState, Song
from whisul_tui.paths import Paths
from whisul_tui.studio.running import ensure_studio, running_studio, stop_studio


@pytest.fixture
def studio() -> Iterator[dict[str, str]]:
    """`whisul-tui studio` in a process of its own; what it says to set, as an environment."""
    process = subprocess.Popen(
        [sys.executable, "-m", "whisul_tui", "studio", "--composer", "tests.studio.tiny:compose"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if line.strip() == "whisul-tui":
            break
    settings = dict(re.findall(r"export (\w+)=(.+)", told))
    file = re.search(r"cat (.+?)\)", settings["WHISUL_API_KEY"])
    assert file is not None
    settings["WHISUL_API_KEY"] = Path(file[1]).read_text()
    yield settings
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in err


def test_what_it_says_is_enough_to_use_it(
    studio: dict[str, str], run: Run, monkeypatch: pytest.MonkeyPatch, paths: Paths
) -> None:
    for name, value in studio.items():
        monkeypatch.setenv(name, value)
    write_config(paths, "poll_min_seconds = 0.1\npoll_max_seconds = 0.2\n")
    found = run("generate", "--wait", "--json", "late night lofi, 82 bpm").json
    assert found["state"] == "completed"
    assert found["song_url"].startswith(studio["WHISUL_BASE_URL"].removesuffix("/api"))
    assert run("wait", found["job_id"][:8]).code == 0
    assert run("doctor", "--json").code == 0


def test_a_seed_is_the_studio_s(
    studio: dict[str, str], run: Run, monkeypatch: pytest.MonkeyPatch, paths: Paths
) -> None:
    for name, value in studio.items():
        monkeypatch.setenv(name, value)
    write_config(paths, "poll_min_seconds = 0.1\npoll_max_seconds = 0.2\n")
    found = run("generate", "--wait", "--json", "--seed", "4711", "late night lofi").json
    assert (found["prompt"], found["title"]) == ("late night lofi, seed 4711", "Song 711 of late night lofi")


def test_local_needs_no_account_and_leaves_the_studio_running(run: Run, paths: Paths) -> None:
    try:
        ran = run("--local", "generate", "late night lofi")
        assert (ran.code, ran.err) == (0, "")
        assert running_studio(paths.state_dir) is not None
        assert run("show", ran.out.strip(), "--json").json["account"] == "local@studio"
        assert run("doctor", "--local", "--json").code == 0
    finally:
        stop_studio(paths.state_dir)


def test_songs_of_the_studio_are_served_again_when_it_has_ended(run: Run, bring: Bring, paths: Paths) -> None:
    try:
        port = ensure_studio(paths.state_dir, paths.data_dir).port
        stop_studio(paths.state_dir)
        song = Song(song_url=f"http://127.0.0.1:{port}/songs/gone.mp3")
        ran = run("download", bring(JobState.COMPLETED, song=song, profile="local").short_id)
        assert ran.code == 4
        found = running_studio(paths.state_dir)
        assert found is not None
        assert found.port == port
    finally:
        stop_studio(paths.state_dir)


def test_a_studio_that_cannot_be_started_says_why_and_keeps_the_prompt(run: Run, paths: Paths) -> None:
    paths.state_dir.parent.mkdir(parents=True, exist_ok=True)
    paths.state_dir.write_text("a file where the folder should be")
    ran = run("--local", "generate", "rain", "--patience", "0.2")
    assert (ran.code, ran.out) == (7, "")
    assert "studio" in ran.err
    assert str(paths.state_dir) in ran.err
    assert "whisul-tui --local wait" in ran.err
    assert run("doctor", "--local").code == 7
