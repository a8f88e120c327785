"""In a real tmux the display layer shows what Textual's own output shows, also after tmux was left and come back to."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.benchmarks.tty_places import PROGRAM, place_of
from tests.terminal.emulated import Emulated

TMUX = shutil.which("tmux")
PATIENCE = 20.0  # seconds
Seen = list[tuple[str, str, str]]
pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not here")
KEYS = ("j", "j", "G", "k", "PageUp", "g", "w", "Down", "space", "f", "f", "1", "Escape", "3", "2", "?", "Escape", "Y",
        "Escape", ":", "Escape", "/", "n", "e", "Escape")  # fmt: skip


class Pane:
    """The program in a tmux server of its own."""

    def __init__(self, socket: Path, environment: dict[str, str], size: tuple[int, int], cwd: Path) -> None:
        self._words = [str(TMUX), "-S", str(socket), "-f", os.devnull]
        self._environment = environment
        self._size = size
        width, height = map(str, size)
        self.tmux("new-session", "-d", "-x", width, "-y", height, "-c", str(cwd), *PROGRAM)
        self.tmux("set-option", "-g", "status", "off")
        self.tmux("set-option", "-g", "focus-events", "on")
        self.tmux("resize-window", "-x", width, "-y", height)

    def tmux(self, *words: str) -> str:
        done = subprocess.run(
            [*self._words, *words], env=self._environment, capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout

    def shown(self) -> list[Seen]:
        """What can be seen of each cell, line by line, once the terminal is still."""
        until, before = time.monotonic() + PATIENCE, ""
        while time.monotonic() < until:
            now = self.tmux("capture-pane", "-p", "-e", "-N")
            if now == before and now.strip():
                emulated = Emulated(*self._size)
                emulated.reset_mode(7 << 5)
                for y, line in enumerate(now.split("\n")[: self._size[1]]):
                    emulated.feed(f"\x1b[{y + 1};1H{line}")
                return [_without_end(emulated.seen(y)) for y in range(self._size[1])]
            before = now
            time.sleep(0.25)
        raise TimeoutError(before)

    def until(self, text: str) -> None:
        until = time.monotonic() + PATIENCE
        while text not in self.tmux("capture-pane", "-p"):
            assert time.monotonic() < until, self.tmux("capture-pane", "-p")
            time.sleep(0.1)


@contextmanager
def pane(folder: Path, display: str, size: tuple[int, int]) -> Iterator[Pane]:
    """The program on a store of 300 settled jobs."""
    place = place_of(
        folder / f"home-{display}", 300, WHISUL_DISPLAY=display, TERM="screen-256color", COLORTERM="truecolor"
    )
    opened = Pane(folder / display, dict(place.environment()), size, place.folder)
    try:
        opened.until("completed")
        yield opened
    finally:
        opened.tmux("kill-server")


@pytest.mark.parametrize("size", [(120, 40)])
def test_tmux_shows_the_same_with_the_layer_and_without(tmp_path: Path, size: tuple[int, int]) -> None:
    """Screens, sheets, scrolling, marks, filter and search, key by key."""
    with pane(tmp_path, "stock", size) as stock, pane(tmp_path, "auto", size) as own:
        for key in KEYS:
            for one in (stock, own):
                one.tmux("send-keys", key)
            deadline = time.monotonic() + PATIENCE
            while differing := _differing(own.shown(), stock.shown()):
                assert time.monotonic() < deadline, (key, differing)


def _without_end(line: Seen) -> Seen:
    """The line without the blanks at its end: of erased ones tmux 3.3 shows the background, but does not capture it."""
    while line and line[-1][0] == " ":
        line.pop()
    return line


def _differing(ours: list[Seen], theirs: list[Seen]) -> list[tuple[int, list[object]]]:
    """The cells that differ, by line, of ours and of theirs."""
    return [
        (y, [pair for pair in zip_longest(mine, other) if pair[0] != pair[1]])
        for y, (mine, other) in enumerate(zip(ours, theirs, strict=True))
        if mine != other
    ]


def test_what_was_drawn_over_is_drawn_again_when_the_terminal_comes_back(tmp_path: Path) -> None:
    """Focus comes with tmux's attach; until then nobody sees it."""
    with pane(tmp_path, "auto", (100, 30)) as own:
        before = own.shown()
        tty = Path(own.tmux("display-message", "-p", "#{pane_tty}").strip())
        # what somebody else writes to the terminal, as `wall` does
        own.tmux("run-shell", f"printf '\\033[5;1Hsomebody else' > {tty}")
        own.until("somebody else")
        own.tmux("send-keys", "-l", "\x1b[I")  # as the terminal says that it is in front again
        own.tmux("send-keys", "3")
        own.until("Song")
        own.tmux("send-keys", "2")
        deadline = time.monotonic() + PATIENCE
        while own.shown() != before:
            assert time.monotonic() < deadline, own.shown()
