"""Paints the first frame, keeps what is typed meanwhile, and gives the terminal back where nobody takes it over."""

from __future__ import annotations

import os
import signal
import sqlite3
import termios
from collections.abc import Sequence

from whisul_tui.first_frame.look import Look, read
from whisul_tui.first_frame.rows import Row, line, newest
from whisul_tui.terminal.handed_over import Painted, drawn, hand_over, take_over, waiting
from whisul_tui.terminal.restoring import RESTORE

_IN, _OUT = 0, 2  # the handles that Textual reads and writes
_ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_LAST_WORDS = 1.0  # seconds that a terminal which nobody reads has for them


def show(words: Sequence[str]) -> bool:
    """Paints where all is as it was at the last session's start; whether it did."""
    if not all(os.isatty(handle) for handle in (0, 1, 2)):
        return False
    try:
        size = os.get_terminal_size(_OUT)
        look = read(words, (size.columns, size.lines), os.environ)
        rows = newest(look) if look is not None else []
        if look is None or not rows:
            return False
        painted = paint(look, rows, (size.columns, size.lines), termios.tcgetattr(_IN))
    except (OSError, ValueError, LookupError, ArithmeticError, sqlite3.Error, termios.error):
        return False  # anything unusual: the program starts as without this room, and says what is wrong
    hand_over(painted)
    for number in _ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _ended)
    _keep_keys(painted.found)
    _write(encoded(painted))
    _answer_keys(look, rows, painted)
    return True


def give_back() -> None:
    """The terminal as it was found, where nobody has taken the frame over."""
    painted = take_over()
    if painted is not None:
        try:
            termios.tcsetattr(_IN, termios.TCSANOW, painted.found)  # type: ignore[arg-type]
            _write(RESTORE)
        except (termios.error, OSError):
            return  # it is gone


def paint(look: Look, rows: Sequence[Row], size: tuple[int, int], found: list[object]) -> Painted:
    """The pieces of the whole screen; the cursor is on the first row."""
    pieces = list(look.chrome)
    for number, row in enumerate(rows[: look.height]):
        blank, *rest = line(look, number, row, "row" if number else "cursor")
        pieces += rest if blank[3] == look.base else [blank, *rest]
    return Painted(*size, look.base, pieces, found)


def encoded(painted: Painted) -> str:
    """The screen as bytes."""
    return f"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[0;{painted.base}m\x1b[2J{drawn(painted.pieces)}"


def _answer_keys(look: Look, rows: Sequence[Row], painted: Painted) -> None:
    """From now on the cursor can be moved; where that cannot be, keys wait for the program."""
    from whisul_tui.first_frame.moving import Moving

    try:
        moving = Moving(look, rows, painted, (_IN, _OUT))
        moving.start()
    except (OSError, RuntimeError):
        return
    painted.end = moving.end


def _keep_keys(found: list[object]) -> None:
    """Keys are neither shown nor eaten until they are read: the line settings that Textual will set anyway."""
    raw = termios.tcgetattr(_IN)
    raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    raw[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    raw[6][termios.VMIN] = 1
    termios.tcsetattr(_IN, termios.TCSANOW, raw)


def _write(text: str) -> None:
    left = text.encode()
    while left:
        left = left[os.write(_OUT, left) :]


def _ended(number: int, _frame: object) -> None:
    if waiting() is not None:
        try:
            termios.tcflush(_OUT, termios.TCOFLUSH)
        except (termios.error, OSError):
            os._exit(128 + number)  # it is gone
        signal.signal(signal.SIGALRM, lambda *_: os._exit(128 + number))
        signal.setitimer(signal.ITIMER_REAL, _LAST_WORDS)
        give_back()
    os._exit(128 + number)
