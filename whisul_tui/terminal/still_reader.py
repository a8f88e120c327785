"""The thread that reads keys sleeps while none come; Textual's wakes ten times a second to see whether all is over."""

from __future__ import annotations

import os
import selectors
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

from textual import constants
from textual.driver import Driver

from whisul_tui.terminal.textual_release import KNOWN, release

_AWAKE = 1.0 + constants.ESCAPE_DELAY  # seconds after the last key, in which its parser may still wait for more


class Ending(threading.Event):
    """The driver's `exit_event`, which also ends the sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.heard, self._told = os.pipe()
        os.set_blocking(self.heard, False)
        os.set_blocking(self._told, False)

    def set(self) -> None:
        super().set()
        os.write(self._told, b".")

    def close(self) -> None:
        """Nobody waits for it any more."""
        os.close(self.heard)
        os.close(self._told)


class StillSelector(selectors.SelectSelector):
    """As SelectSelector, but once no key has come for a while it waits for the next one, or for the end."""

    def __init__(self, ending: Ending, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._ending, self._clock = ending, clock
        self._awake_until = clock() + _AWAKE
        self.register(ending.heard, selectors.EVENT_READ)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What can be read."""
        is_still = self._clock() >= self._awake_until and not self._ending.is_set()
        found = super().select(None if is_still else timeout)
        theirs = [(key, mask) for key, mask in found if key.fd != self._ending.heard]
        if len(theirs) < len(found):
            os.read(self._ending.heard, 64)
        if found:
            self._awake_until = self._clock() + _AWAKE
        return theirs


def sleep_between_keys(driver: Driver) -> None:
    """From the driver's making; nothing with a release of Textual that is not known, and on Windows."""
    try:
        from textual.drivers import linux_driver
    except ImportError:  # Windows
        return
    if release() not in KNOWN or type(driver) is not linux_driver.LinuxDriver:
        return
    ending = driver.exit_event = Ending()
    # All that this module of Textual uses of it:
    used = SimpleNamespace(EVENT_READ=selectors.EVENT_READ, SelectSelector=lambda: StillSelector(ending))
    vars(linux_driver)["selectors"] = used
