"""How far a download is, and whether it comes fast enough to be worth waiting for."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Piece(StrEnum):
    """What is being downloaded."""

    SONG = "song"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` bytes of `total` are on disk; `total` is None while the server has not said it."""

    piece: Piece
    done: int
    total: int | None


class Pace:
    """The deadline by progress: at least `rate` bytes a second in every stretch of `window` seconds."""

    def __init__(
        self, *, rate: float = 1000.0, window: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._needed = rate * window
        self._window = window
        self._grain = window / 60
        self._clock = clock
        self._began = clock()
        self._came: deque[tuple[float, int]] = deque()

    def came(self, count: int) -> None:
        """Notes that `count` bytes came now."""
        now = self._clock()
        if self._came and now - self._came[-1][0] < self._grain:
            at, before = self._came.pop()
            self._came.append((at, before + count))
        else:
            self._came.append((now, count))

    def seconds_left(self) -> float:
        """How long to wait for more bytes; nothing is left (0.0) once the last stretch brought too few."""
        now = self._clock()
        while self._came and self._came[0][0] <= now - self._window:
            self._came.popleft()
        deadline = self._began + self._window
        enough = 0.0
        for at, count in reversed(self._came):  # without further bytes, this is when too few are left in the window
            enough += count
            if enough >= self._needed:
                deadline = max(deadline, at + self._window)
                break
        return max(0.0, deadline - now)
