"""The guard of the terminal: whatever ends the program, the terminal is given back as it was found."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from whisul_tui.terminal.handed_over import waiting
from whisul_tui.terminal.restoring import RESTORE

RESTORE_SECONDS = 2.0
END_SECONDS = 6.0  # what still waits for an answer that was paid for has its time between the two
CLOSING_SECONDS = 12.0  # more than the engine's stop takes
_FLUSH_EVERY = 0.02
_FLUSH_TURNS = 50
ENDING = tuple(
    number for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if (number := getattr(signal, name, None)) is not None
)


@dataclass
class _Guarded:
    """What was found at the start, who is asked to leave, and whether the terminal was given back."""

    handle: int | None = None
    settings: list[Any] | None = None
    leave: Callable[[int], object] | None = None
    given_back: threading.Event = field(default_factory=threading.Event)


_now = _Guarded()


@contextmanager
def guarded() -> Iterator[None]:
    """Saves the terminal's line settings and puts them back at the end, whatever a stray SIGCONT did to them.

    SIGTERM, SIGHUP and SIGQUIT are caught from here on: before `on_ending_signals` they give the terminal back and end
    the process at once. What was ignored (nohup) stays ignored.
    """
    global _now
    _now = _Guarded()
    with suppress(termios.error, OSError, ValueError, AttributeError):
        _now.handle = sys.__stdin__.fileno()  # type: ignore[union-attr]  # suppressed
        painted = waiting()  # the first frame has changed them already
        _now.settings = painted.found if painted else termios.tcgetattr(_now.handle)
    before = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _arrived)
    try:
        yield
    finally:
        _put_back(termios.TCSANOW)
        _now.given_back.set()
        _let_go_of_what_is_gone()


def _let_go_of_what_is_gone() -> None:
    """A terminal that was closed takes no last words: they go nowhere, instead of ending the process with an error."""
    if _now.handle is None or _now.settings is None or os.isatty(_now.handle):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for handle in (1, 2):
        if not os.isatty(handle):
            os.dup2(nowhere, handle)
    os.close(nowhere)


def on_ending_signals(leave: Callable[[int], None]) -> None:
    """From now on SIGTERM, SIGHUP and SIGQUIT call `leave(128 + n)` on this event loop.

    Where the loop has not come to it in time, a watchdog gives the terminal back; what still waits for an answer that
    was paid for has some seconds more, then the process is ended by force.
    """
    loop = asyncio.get_running_loop()
    _now.leave = lambda code: loop.call_soon_threadsafe(leave, code)


def end_by_force_after(code: int, seconds: float = CLOSING_SECONDS) -> None:
    """Ends the process in so many seconds with this code, should it not have ended by itself: nobody waits for ever."""
    _later(seconds, lambda: os._exit(code))


def _arrived(number: int, _frame: FrameType | None) -> None:
    code = 128 + number
    if _now.leave is None:
        _restore()
        os._exit(code)
    _later(RESTORE_SECONDS, _restore)
    _later(END_SECONDS, lambda: os._exit(code))
    with suppress(RuntimeError):  # the loop is closed already: the program is leaving
        _now.leave(code)


def _later(seconds: float, act: Callable[[], None]) -> None:
    watchdog = threading.Timer(seconds, act)
    watchdog.daemon = True
    watchdog.start()


def _restore() -> None:
    """Gives the terminal back without the program's help, also where it is not read and a writer hangs in it."""
    if _now.given_back.is_set():
        return
    _now.given_back.set()
    with suppress(OSError):
        terminal = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)  # what the program still writes goes nowhere
        for _ in range(_FLUSH_TURNS):
            if select.select([], [terminal], [], 0)[1]:
                break
            with suppress(termios.error):
                termios.tcflush(terminal, termios.TCOFLUSH)
            threading.Event().wait(_FLUSH_EVERY)  # a writer that hangs in it fills it again, until it comes to its end
        last = threading.Thread(target=_write_last, args=(terminal,), daemon=True)  # nothing is flushed from here on
        last.start()
        last.join(_FLUSH_EVERY * _FLUSH_TURNS)
    _put_back(termios.TCSANOW)


def _write_last(terminal: int) -> None:
    with suppress(OSError):
        os.write(terminal, RESTORE.encode())


def _put_back(when: int) -> None:
    if _now.handle is not None and _now.settings is not None:
        with suppress(termios.error, OSError):
            termios.tcsetattr(_now.handle, when, _now.settings)
