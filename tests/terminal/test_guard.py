"""What the guard writes last: it undoes whatever the program or Textual may have switched on."""

from __future__ import annotations

import re

import pyte

from tests.e2e.emulation import BORROWED_MODES, CURSOR, Emulation
from whisul_tui.terminal.guard import RESTORE


def test_no_mode_stays_on() -> None:
    terminal = Emulation(80, 24)
    switched_on = ";".join(str(mode) for mode in sorted(BORROWED_MODES - {9, 47, 1005, 1047, 2031}))
    terminal.feed(f"\x1b[?{switched_on}h\x1b[>1u\x1b[?25l".encode())
    assert terminal.borrowed
    terminal.feed(RESTORE.encode())
    assert (terminal.borrowed, terminal.kitty_pushed) == (set(), 0)
    assert CURSOR in terminal.modes


def test_the_whole_screen_scrolls_again() -> None:
    """A terminal killed between two bytes of a scroll must not be left with the margins of a table."""
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    stream.feed(b"\x1b[5;20r")
    assert screen.margins is not None
    stream.feed(re.sub(rb"\x1b\[[<>]\d*u", b"", RESTORE.encode()))  # pyte knows nothing of kitty's keys
    assert screen.margins in (None, (0, 23))


def test_it_comes_home_before_it_leaves_the_second_screen() -> None:
    """Taking the margins off moves the cursor; leaving the second screen puts it back where the shell had it."""
    assert RESTORE.index("\x1b[r") < RESTORE.index("\x1b[?1049l")
