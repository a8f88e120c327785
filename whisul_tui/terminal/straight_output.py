"""Frames go to the terminal at once where it takes them without waiting, and through Textual's thread where not.

That thread gets to them only when the event loop has nothing more to do: Python runs one thread at a time.
"""

from __future__ import annotations

import os
import select
import threading
from queue import Queue
from typing import IO

from textual.driver import Driver
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from whisul_tui.terminal.textual_release import KNOWN, release


class StraightWriter(WriterThread):
    """As WriterThread, but what the terminal takes at once is written at once; the order is that of the calls."""

    def __init__(self, file: IO[str]) -> None:
        super().__init__(file)
        self._left: Queue[bytes | None] = Queue(MAX_QUEUED_WRITES)
        self._encoding = getattr(file, "encoding", None) or "utf-8"
        self._straight = never_waiting(file.fileno())
        self._turn = threading.Lock()
        self._behind = 0  # texts that the thread has not written yet

    def write(self, text: str) -> None:
        """Writes as much as the terminal takes now; the thread does the rest."""
        rest = text.encode(self._encoding, "backslashreplace")  # as sys.stderr, which Textual writes to
        with self._turn:
            if not self._behind:
                rest = rest[self._taken(rest) :]
                if not rest:
                    return
            self._behind += 1
        self._left.put(rest)

    def _taken(self, text: bytes) -> int:
        """How many bytes the terminal has taken without waiting."""
        if self._straight is None:
            return 0
        try:
            return os.write(self._straight, text)
        except BlockingIOError:
            return 0
        except OSError:  # the terminal is gone, or will not be written to: the thread finds that out, as without this
            self._let_go()
            return 0

    def run(self) -> None:
        """Writes what was left over, one after the other, until `stop`."""
        handle = self._file.fileno()
        while (rest := self._left.get()) is not None:
            write_all(handle, rest)
            with self._turn:
                self._behind -= 1

    def stop(self) -> None:
        """Waits until all is written; from then on nothing is."""
        with self._turn:
            self._behind += 1  # for ever
            self._let_go()
        self._left.put(None)
        self.join()

    def _let_go(self) -> None:
        handle, self._straight = self._straight, None
        if handle is not None:
            os.close(handle)


def never_waiting(handle: int) -> int | None:
    """The same terminal opened once more, so that writing to it never waits; None where that cannot be had.

    To switch waiting off for the handle itself would do so for the shell, too, which shares it.
    """
    try:
        name = os.ttyname(handle)
        again = os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    if os.path.samestat(os.fstat(handle), os.fstat(again)):
        return again
    os.close(again)
    return None


def write_all(handle: int, text: bytes) -> None:
    """Writes all of it, however long that takes."""
    while text:
        try:
            text = text[os.write(handle, text) :]
        except BlockingIOError:  # somebody else has switched waiting off for a terminal that we share
            select.select([], [handle], [])


def write_straight(driver: Driver) -> None:
    """From the driver's making; nothing with a release of Textual that is not known, and on Windows."""
    try:
        from textual.drivers import linux_driver
    except ImportError:  # Windows
        return
    if release() in KNOWN and type(driver) is linux_driver.LinuxDriver:
        vars(linux_driver)["WriterThread"] = StraightWriter
