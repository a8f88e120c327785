"""The engine's news on their way to the screens: at once while they are few, together when they come in crowds."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from textual.app import App
from textual.message import Message

AT_ONCE = 10  # looks in a row
A_SECOND = 1.0  # looks, where a thousand jobs run and each poll of one is news


class NewsCame(Message):
    """There are news to be taken, posted from the engine's thread."""


class News:
    """Gathers numbers of jobs until they are told, on the app's loop; none is lost.

    `clock`: monotonic seconds; `later`: calls something on the app's loop after so many of them.
    """

    def __init__(
        self,
        app: App[int],
        tell: Callable[[frozenset[int]], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], object] | None = None,
    ) -> None:
        self._app = app
        self._tell = tell
        self._clock = clock
        self._later = later or self._after
        self._lock = threading.Lock()
        self._numbers: set[int] = set()
        self._is_coming = False
        self._left, self._since = float(AT_ONCE), clock()

    def came(self, numbers: frozenset[int]) -> None:
        """These jobs may have changed; from any thread."""
        with self._lock:
            self._numbers |= numbers
            if self._is_coming:
                return
            self._is_coming = True
        if not self._app.post_message(NewsCame()):  # the app is at its end
            self._is_coming = False

    def take(self) -> None:
        """Tells what has been gathered, now or as soon as it may; on the app's loop."""
        now = self._clock()
        self._left, self._since = min(AT_ONCE, self._left + (now - self._since) * A_SECOND), now
        if self._left >= 1:
            self._tell_now()
        else:
            self._later((1 - self._left) / A_SECOND, self._tell_now)

    def stop(self) -> None:
        """Nothing is told any more."""
        self._tell = lambda _: None

    def _after(self, seconds: float, callback: Callable[[], None]) -> None:
        """A timer of Textual's never rings where its first look at the clock comes after its end, as in a full loop."""
        asyncio.get_running_loop().call_later(seconds, self._app.call_later, callback)

    def _tell_now(self) -> None:
        self._left -= 1
        with self._lock:
            numbers, self._numbers, self._is_coming = frozenset(self._numbers), set(), False
        self._tell(numbers)
