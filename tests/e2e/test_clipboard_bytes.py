"""What of a copied link reaches the outermost terminal: outside, in tmux as it comes and as users set it, in screen."""

from __future__ import annotations

import base64
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.acting import until
from tests.e2e.places import Place
from tests.e2e.terminal import Terminal

TMUX, SCREEN = shutil.which("tmux"), shutil.which("screen")
LINK = "https://cdn.whisul.com/audio/7f3a91c2.mp3"
COPY = (
    "import os,sys;from whisul_tui.listening.clipboard import copy;"
    "result=copy(sys.argv[1],write=lambda data:os.write(1,data));print('RUNG',result.rung.value);"
    "import time;time.sleep(20)"
)
OSC52 = re.compile(rb"\x1b\]52;[a-z]*;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)")


@pytest.fixture
def sockets() -> Iterator[str]:
    """A short path for tmux' and screen's sockets."""
    with tempfile.TemporaryDirectory(prefix="wc-", dir="/tmp") as folder:
        Path(folder, "screen").mkdir(mode=0o700)
        yield folder


def reached(place: Place, words: list[str], rung: str, **variables: str) -> list[str]:
    """The texts that the outer terminal was told to put into its clipboard."""
    with Terminal(words, place.environment(**variables), cwd=place.folder) as terminal:
        terminal.wait_for(f"RUNG {rung}")
        found: list[bytes] = []

        def came() -> bool:
            found[:] = OSC52.findall(bytes(terminal.raw))
            return bool(found)

        until(came, 10, "the sequence in the outer terminal")
    return [base64.b64decode(data).decode() for data in found]


def program() -> list[str]:
    return [sys.executable, "-c", COPY, LINK]


def test_outside_of_everything(place: Place) -> None:
    assert reached(place, program(), "OSC 52") == [LINK]


@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
@pytest.mark.parametrize(
    "settings", ["", "set -s set-clipboard on", "set -g allow-passthrough on"], ids=["as it comes", "on", "passthrough"]
)
def test_in_tmux(place: Place, sockets: str, settings: str) -> None:
    """A raw OSC 52 would not arrive in a tmux as it comes; what is handed to it by its own command does."""
    config = place.folder / "tmux.conf"
    config.write_text(settings + "\n")
    words = [str(TMUX), "-L", "c", "-f", str(config), "new-session", shlex.join(program())]
    try:
        assert reached(place, words, "tmux", TMUX_TMPDIR=sockets) == [LINK]
    finally:
        subprocess.run(
            [str(TMUX), "-L", "c", "kill-server"],
            env=place.environment(TMUX_TMPDIR=sockets),
            capture_output=True,
            check=False,
        )


@pytest.mark.skipif(SCREEN is None, reason="screen is not installed")
def test_in_screen(place: Place, sockets: str) -> None:
    """Wrapped, and in one piece for a link of a usual length."""
    words = [str(SCREEN), "-c", "/dev/null", "-S", "c", *program()]
    assert reached(place, words, "OSC 52 through screen", SCREENDIR=f"{sockets}/screen") == [LINK]
