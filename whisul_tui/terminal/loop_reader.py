"""Keys are read by the event loop where they come; Textual has a thread for it, which hands each over to the loop.

That thread wakes up ten times a second, to see whether all is over or Esc was a key.
"""

from __future__ import annotations

import asyncio
import os
import threading
from codecs import getincrementaldecoder
from collections.abc import Iterable
from contextvars import Context
from types import MethodType
from typing import Any

from textual import constants
from textual.driver import Driver
from textual.message import Message

from whisul_tui.terminal.answers import AnsweredParser
from whisul_tui.terminal.textual_release import KNOWN, release

_AT_ONCE = 4096  # bytes
_HUNG_UP = 129  # the exit code, as after the SIGHUP that did not come or is ignored


class LoopReader:
    """Stands for the thread that reads a driver's keys: does so from `start` until `join`, on the loop of both."""

    def __init__(self, driver: Driver, handle: int) -> None:
        self._driver, self._handle = driver, handle
        self._parser = AnsweredParser()
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._loop = asyncio.get_running_loop()
        self._later: asyncio.Handle | None = None

    def start(self) -> None:
        """What was typed before comes first; raises OSError where the loop cannot wait for this handle."""
        self._driver.send_message = self._driver._app.post_message  # type: ignore[method-assign,assignment]
        nobodys = Context()  # whoever starts this has no part in what a key does later
        nobodys.run(self._loop.add_reader, self._handle, self._read)
        self._later = self._loop.call_soon(self._time_has_passed, context=nobodys)

    def join(self) -> None:
        """Reads no more."""
        self._loop.remove_reader(self._handle)
        if self._later is not None:
            self._later.cancel()

    def _read(self) -> None:
        try:
            data = os.read(self._handle, _AT_ONCE)
        except BlockingIOError:
            return
        except OSError:  # Linux says EIO where the terminal is gone
            data = b""
        if data:
            self._take(self._parser.feed(self._decode(data)))
        else:
            self.join()
            self._driver._app.exit(_HUNG_UP)

    def _time_has_passed(self) -> None:
        self._take(self._parser.tick())

    def _take(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._driver.process_message(message)
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._parser.is_waiting:
            self._later = self._loop.call_later(constants.ESCAPE_DELAY, self._time_has_passed)


def read_in_loop(driver: Driver) -> None:
    """From the driver's making; nothing with a release of Textual that is not known, and on Windows."""
    try:
        from textual.drivers import linux_driver
    except ImportError:  # Windows
        return
    if release() in KNOWN and type(driver) is linux_driver.LinuxDriver:
        vars(linux_driver)["Thread"] = _reader


def _reader(target: Any, name: str) -> LoopReader | threading.Thread:
    """In the place of `Thread`, whose arguments it takes; the driver starts and joins no other."""
    driver = target.__self__ if isinstance(target, MethodType) else None
    if isinstance(driver, Driver) and os.isatty(handle := getattr(driver, "fileno", -1)):
        return LoopReader(driver, handle)
    return threading.Thread(target=target, name=name)
