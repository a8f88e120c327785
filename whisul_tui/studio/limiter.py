"""The studio's rate limit: a fixed window, as a service has it that wants to be backed away from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_LIMIT = re.compile(r"([0-9]{1,6})/([0-9]{1,6}(?:\.[0-9]{1,3})?)\Z")
_PROLONG = 10.0  # seconds that a retry while blocked adds at least, as findings/polling.md models it


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `requests` in a window of `seconds`."""

    requests: int
    seconds: float

    @classmethod
    def parse(cls, text: str) -> Limit:
        """Reads `N/SECONDS`; raises ValueError with a sentence."""
        match = _LIMIT.match(text)
        if match is None or int(match[1]) < 1 or float(match[2]) <= 0:
            raise ValueError(f"a limit is N/SECONDS, for example 20/60, not {text!r}")
        return cls(int(match[1]), float(match[2]))


class Limiter:
    """Counts requests in fixed windows; one over the limit blocks until the window ends, a retry prolongs that."""

    def __init__(self, limit: Limit | None, clock: Callable[[], float]) -> None:
        """`clock` gives seconds of any origin; no limit lets everything through."""
        self._limit = limit
        self._clock = clock
        self._window_ends = 0.0
        self._count = 0
        self._blocked_until = 0.0

    def refuse(self) -> float | None:
        """Counts one request: None when it may pass, else the seconds until a request could pass again."""
        if self._limit is None:
            return None
        now = self._clock()
        if now < self._blocked_until:
            self._blocked_until = max(self._blocked_until, now + min(_PROLONG, self._limit.seconds))
            return self._blocked_until - now
        if now >= self._window_ends:
            self._window_ends = now + self._limit.seconds
            self._count = 0
        self._count += 1
        if self._count <= self._limit.requests:
            return None
        self._blocked_until = self._window_ends
        return self._blocked_until - now
