"""`listen`: asks once whom it may play from, says how to connect, and ends in order."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Run, write_config
from tests.listening.fake_player import short_folder
from whisul_tui.paths import Paths

LISTEN = [sys.executable, "-m", "whisul_tui", "listen"]


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime folder whose path is short enough for a socket."""
    with short_folder() as name:
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        yield Path(name)


@pytest.fixture
def player(paths: Paths, tmp_path: Path) -> None:
    program = tmp_path / "mpv"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    write_config(paths, f'player = "{program}"\n')


@contextmanager
def listening(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A listener that has said how to connect, and its ssh line."""
    with subprocess.Popen(
        [*LISTEN, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGINT)


def rest(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What the listener has said after its first line, once it has ended; `communicate` would skip what is buffered."""
    assert process.stdout is not None
    assert process.stderr is not None
    process.wait(20)
    return process.stdout.read(), process.stderr.read()


@pytest.mark.usefixtures("player")
def test_without_a_terminal_hosts_must_be_named_the_first_time(run: Run, paths: Paths) -> None:
    ran = run("listen")
    assert ran.code == 2
    assert "confirm the hosts on a terminal, or name one: whisul-tui listen --allow HOST" in ran.err
    assert not (paths.config_file.parent / "listener-hosts").exists()


def test_what_is_no_host_is_wrong_usage(run: Run) -> None:
    ran = run("listen", "--allow", "https://evil/")
    assert ran.code == 2
    assert "is no host" in ran.err


def test_no_player_is_told_before_anything_else(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = run("listen")
    assert ran.code == 1
    assert "Install mpv" in ran.err


@pytest.mark.usefixtures("player")
def test_says_the_ssh_line_and_ends_in_order(paths: Paths, runtime: Path) -> None:
    socket = runtime / "whisul-tui" / "listen.sock"
    with listening("--allow", "songs.example:8443") as (process, line):
        assert line == f"ssh -R /tmp/whisul-tui-%r.sock:{socket} SERVER"
        assert socket.is_socket()
        assert socket.parent.stat().st_mode & 0o777 == 0o700
        other = subprocess.run(LISTEN, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        assert other.returncode == 1
        assert "Another listener is at" in other.stderr
        process.send_signal(signal.SIGTERM)
        out, err = rest(process)
        assert process.returncode == 0
    assert "RemoteForward /tmp/whisul-tui-%r.sock" in out
    assert "Plays from: cdn.whisul.com, songs.example:8443" in err
    assert not socket.exists()
    assert (paths.config_file.parent / "listener-hosts").read_text().splitlines()[1:] == [
        "cdn.whisul.com",
        "songs.example:8443",
    ]
    with listening("--there", "/run/me/l.sock") as (_, line):
        assert line == f"ssh -R /run/me/l.sock:{socket} SERVER", "confirmed once is enough"


@pytest.mark.usefixtures("player")
def test_doctor_tells_where_the_sound_is(
    run: Run, paths: Paths, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = runtime / "whisul-tui" / "listen.sock"
    with paths.config_file.open("a") as config:
        config.write(f'listener_socket = "{socket}"\n')
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")
    layer = run("doctor", "--json").json["layers"][-1]
    assert (layer["layer"], layer["verdict"]) == ("listener", "note")
    assert "No listener was found" in layer["told"]
    with listening("--allow", "songs.example"):
        layer = run("doctor", "--json").json["layers"][-1]
    assert layer["verdict"] == "ok"
    assert "plays what you hear; it answers in" in layer["told"]


@pytest.mark.usefixtures("player", "runtime")
@pytest.mark.parametrize(("answer", "agreed"), [(b"\n", True), (b"y\n", True), (b"n\n", False), (b"\x04", False)])
def test_asks_once_on_the_terminal(paths: Paths, answer: bytes, agreed: bool) -> None:
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(LISTEN, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert b"cdn.whisul.com" in process.stderr.readline()
            os.write(ours, answer)
            if agreed:
                assert process.stdout.readline().startswith(b"ssh -R ")
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
            assert process.returncode == (0 if agreed else 2)
    finally:
        os.close(ours)
        os.close(theirs)
    assert (paths.config_file.parent / "listener-hosts").exists() == agreed
