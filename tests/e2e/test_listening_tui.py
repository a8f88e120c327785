"""The whole way: the TUI in tmux on a server, ssh, and mpv on the user's machine, which tells what it really does."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import psutil
import pytest

from tests.e2e.acting import until
from tests.e2e.over_ssh import Laptop, Sshd, laptop, needs_ssh, places, wait_for_socket
from tests.e2e.places import PROGRAM, Place
from tests.e2e.tmux import TMUX, Tmux
from tests.listening.fake_player import short_folder

pytestmark = [needs_ssh, pytest.mark.skipif(TMUX is None, reason="tmux is not installed")]
NAME = socket.gethostname()


@pytest.fixture(scope="module")
def home() -> Iterator[Place]:
    """A server's home with one song of the studio, in which nobody sits."""
    with short_folder() as folder:
        place = Place(Path(folder), {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"})
        try:
            made = place.run("--local", "generate", "--wait", "short soft rain")
            assert made.returncode == 0, made.stderr
            yield place
        finally:
            place.leave()


@pytest.fixture
def server(home: Place, there: str) -> Place:
    """The same, and the listener's socket is looked for where ssh puts it."""
    home.configure(f'listener_socket = "{places(there)[0]}"\n')
    return home


def look(here: Laptop, name: str) -> object:
    """A property as the laptop's mpv tells it."""
    return asyncio.run(here.look(name))


def seconds(shown: str) -> int:
    """The place in the song that the bar shows."""
    found = re.search(r"(\d+):(\d\d)  [━─]", shown)
    return -1 if found is None else int(found[1]) * 60 + int(found[2])


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_o_is_heard_on_the_laptop_and_every_key_reaches_it(
    sshd: Sshd, there: str, server: Place, size: tuple[int, int]
) -> None:
    with laptop(there) as here, ExitStack() as stack:
        ssh = stack.enter_context(sshd.connected(here.line))
        wait_for_socket(places(there)[0], ssh)
        window = stack.enter_context(
            Tmux([*PROGRAM, "--local"], server.environment(), columns=size[0], rows=size[1], cwd=server.folder)
        )
        window.wait_for("completed")
        window.press("enter", "o")
        window.wait_for(f"▶ Playing on {NAME}.")
        assert str(look(here, "path")).startswith("http://127.0.0.1:"), "the studio's song, through the tunnel"
        window.press(" ")
        window.wait_for(f"‖ Paused on {NAME}.")
        assert look(here, "pause") is True
        at = float(str(look(here, "time-pos")))
        window.press(">")
        until(lambda: float(str(look(here, "time-pos"))) > at + 8, 10, "the laptop's mpv goes forward")
        window.wait_for(lambda: abs(seconds(window.text()) - at - 10) <= 2)
        window.press("<")
        until(lambda: float(str(look(here, "time-pos"))) < at + 3, 10, "and back")
        window.press("-", "-")
        until(lambda: look(here, "volume") == 90, 10, "it is softer")
        window.wait_for("vol 90%")
        window.press(" ")
        window.wait_for(f"▶ Playing on {NAME}.")
        _broken_and_back(sshd, here, places(there)[0], window, ssh, stack)
        window.press("ctrl+q")
        assert window.wait() == 0
        until(lambda: look(here, "idle-active") is True, 10, "the song has ended with the program")


def _broken_and_back(
    sshd: Sshd, here: Laptop, place: Path, window: Tmux, ssh: subprocess.Popen[str], stack: ExitStack
) -> None:
    window.press(" ")
    window.wait_for(f"‖ Paused on {NAME}.")
    before = monotonic()
    ssh.kill()
    window.wait_for(f"! The connection to {NAME} is broken")
    assert monotonic() - before < 5
    until(lambda: not place.exists(), 10, "what sshd left behind is cleared away")
    again = stack.enter_context(sshd.connected(here.line))
    wait_for_socket(place, again)
    window.wait_for(f"‖ Paused on {NAME}.")
    window.press(" ")
    window.wait_for(f"▶ Playing on {NAME}.")
    assert look(here, "pause") is False


def test_p_plays_on_the_host_with_an_mpv_that_ends_with_the_program(there: str, server: Place) -> None:
    """Also where the program is killed: no player is left behind."""
    server.configure('player = "mpv --ao=null"\n')
    environment = server.environment(PULSE_SERVER="unix:/nowhere")  # what tells of a sound device

    def players() -> list[psutil.Process]:
        return [p for p in psutil.process_iter(["cmdline"]) if str(server.folder) in " ".join(p.info["cmdline"] or ())
                and "mpv" in (p.info["cmdline"] or [""])[0]]  # fmt: skip

    for end in ("quit", "kill"):
        with Tmux([*PROGRAM, "--local"], environment, columns=80, rows=24, cwd=server.folder) as window:
            window.wait_for("completed")
            window.press("enter", "p")
            window.wait_for("▶ Playing on this host.")
            assert len(players()) == 1
            window.press(" ")
            window.wait_for("‖ Paused on this host.")
            if end == "quit":
                window.press("ctrl+q")
                assert window.wait() == 0
            else:
                pid = next(p.pid for p in players()[0].parents() if "whisul_tui" in " ".join(p.cmdline()))
                psutil.Process(pid).kill()
            until(lambda: not players(), 5, f"mpv is gone after {end}")
