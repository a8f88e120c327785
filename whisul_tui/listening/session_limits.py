"""What one connection to the listener may cost: how fast, how wrong, how much unread."""

from __future__ import annotations

import time
from collections.abc import Callable

HELLO_SECONDS = 5.0
IDLE_SECONDS = 60.0  # the other side says something every few seconds
UNREAD_BYTES = 262_144
CONNECTIONS = 4


class Limits:
    """`per_second` commands on the average, `burst` at once, fewer than `strikes` lines that cannot be understood."""

    def __init__(
        self,
        *,
        per_second: float = 50.0,
        burst: float = 100.0,
        strikes: int = 10,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._burst = self._left = burst
        self._clock = clock
        self._looked = clock()
        self._strikes_left = strikes

    def may_command(self) -> bool:
        """Counts a command; False where there were too many."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._looked) * self._per_second)
        self._looked = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def may_err(self) -> bool:
        """Counts a line that was no message; False where there were too many."""
        self._strikes_left -= 1
        return self._strikes_left > 0
