"""Stopping and going on: at a moment when the driver can, and a SIGCONT without a SIGTSTP never starts it twice."""

from __future__ import annotations

import asyncio
import signal
import sys
import termios
from contextlib import suppress
from types import FrameType, MethodType
from typing import Any

from textual.app import App
from textual.driver import Driver


def only_after_a_stop(driver: Driver) -> None:
    """From the driver's making until `on_going_on`: a SIGCONT that no SIGTSTP came before starts nothing twice.

    The keyboard protocol would be pushed a second time, and popped once at the end.
    """
    drivers_own = signal.getsignal(signal.SIGCONT)
    if not isinstance(drivers_own, MethodType) or drivers_own.__self__ is not driver:
        return

    def going_on(number: int, frame: FrameType | None) -> None:
        if getattr(driver, "_must_signal_resume", False):
            drivers_own(number, frame)

    signal.signal(signal.SIGCONT, going_on)


def on_going_on(app: App[Any]) -> None:
    """Puts this program's own care between SIGTSTP, SIGCONT and the driver; call it once the app runs.

    A SIGTSTP waits for the event loop: the driver's handler writes to the terminal, and would wait for ever for the
    lock of the frame that it interrupted. While an editor has the terminal there is nothing to write, nor a loop.

    The driver takes every SIGCONT for the end of its own suspension: it would save the raw line settings as those to go
    back to, and start a second reader of keys, which hangs at the end. After a SIGSTOP the shell has changed the line
    settings alone, so these are set again and all is drawn anew.
    """
    driver = app._driver
    drivers_own = signal.getsignal(signal.SIGCONT)
    drivers_stop = signal.getsignal(signal.SIGTSTP)
    if driver is None or not callable(drivers_own) or not callable(drivers_stop) or sys.__stdin__ is None:
        return
    loop = asyncio.get_running_loop()

    def stopping(number: int, frame: FrameType | None) -> None:
        if getattr(driver, "_auto_restart", False):
            loop.call_soon_threadsafe(drivers_stop, number, None)
        else:
            drivers_stop(number, frame)

    signal.signal(signal.SIGTSTP, stopping)
    handle = sys.__stdin__.fileno()
    with suppress(termios.error):
        raw = termios.tcgetattr(handle)

        def going_on(number: int, frame: FrameType | None) -> None:
            if getattr(driver, "_must_signal_resume", False):
                drivers_own(number, frame)
            elif getattr(driver, "_auto_restart", False):  # else an editor has the terminal
                with suppress(termios.error):
                    termios.tcsetattr(handle, termios.TCSANOW, raw)
                app.call_later(app.refresh, layout=True)

        signal.signal(signal.SIGCONT, going_on)
