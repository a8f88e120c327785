"""When the shared studio may end by itself."""

from __future__ import annotations

import time
from collections.abc import Callable


class Idle:
    """Measures how long nothing ran and nobody asked."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Over after `seconds` of quiet; 0 is never."""
        self._seconds = seconds
        self._clock = clock
        self._touched = clock()

    def touch(self) -> None:
        """Somebody asked, or something ran."""
        self._touched = self._clock()

    def is_over(self, *, busy: bool) -> bool:
        """Whether the quiet has lasted long enough; being busy breaks it."""
        if busy:
            self.touch()
        return self._seconds > 0 and self._clock() - self._touched >= self._seconds
