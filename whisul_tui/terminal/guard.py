"""The guard of the terminal: whatever ends the program, the terminal is given back as it was found."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import Any

RESTORE_SECONDS = 2.0
END_SECONDS = 6.0
ENDING = tuple(
    number for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if (number := getattr(signal, name, None)) is not None
)
# What Textual switches on: mouse, paste, focus, kitty keys, in-band resize, synchronized output, cursor, screen.
RESTORE = (
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[<u"
    "\x1b[?2026l\x1b[?25h\x1b[?1049l\x1b[0m"
)

_given_back = threading.Event()


@contextmanager
def guarded() -> Iterator[None]:
    """Saves the terminal's line settings and puts them back at the end, whatever a stray SIGCONT did to them."""
    _given_back.clear()
    saved: tuple[int, list[Any]] | None = None
    with suppress(termios.error, OSError, ValueError, AttributeError):
        saved = sys.__stdin__.fileno(), termios.tcgetattr(sys.__stdin__.fileno())  # type: ignore[union-attr]  # suppressed
    try:
        yield
    finally:
        if saved is not None:
            with suppress(termios.error, OSError):
                termios.tcsetattr(saved[0], termios.TCSANOW, saved[1])
        _given_back.set()


def on_ending_signals(leave: Callable[[int], None]) -> None:
    """From now on SIGTERM, SIGHUP and SIGQUIT call `leave(128 + n)` on this event loop.

    Where the loop has not come to it in time, a watchdog gives the terminal back as far as it takes bytes; what still
    waits for an answer that was paid for has some seconds more, then the process is ended by force.
    """
    loop = asyncio.get_running_loop()

    def arrived(number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(leave, 128 + number)
        for seconds, act in ((RESTORE_SECONDS, _restore), (END_SECONDS, partial(os._exit, 128 + number))):
            watchdog = threading.Timer(seconds, act)
            watchdog.daemon = True
            watchdog.start()

    for number in ENDING:
        signal.signal(number, arrived)


def _restore() -> None:
    if not _given_back.is_set():
        with suppress(OSError, ValueError):
            os.write(2, RESTORE.encode())
