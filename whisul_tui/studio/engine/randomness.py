"""Seeded choices: a small splittable generator whose numbers are the same on every machine and Python version.

The score depends on neither numpy's stream policy nor Python's `random`; every stream is forked by name, so a choice
added in one place never shifts the choices of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15  # splitmix64's increment


class Stream:
    """A stream of choices named by its key; two streams with the same key give the same choices."""

    __slots__ = ("_key", "_state")

    def __init__(self, *key: object) -> None:
        self._key = key
        digest = hashlib.sha256("\x1f".join(map(str, key)).encode("utf-8", "surrogatepass")).digest()
        self._state = int.from_bytes(digest[:8], "little")

    def fork(self, *name: object) -> Stream:
        """An independent stream below this one; forking takes nothing from this stream."""
        return Stream(*self._key, *name)

    def bits(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + _GOLDEN) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def unit(self) -> float:
        """A number in [0, 1)."""
        return (self.bits() >> 11) / (1 << 53)

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.unit() < probability

    def bell(self, spread: float = 1.0) -> float:
        """A number around 0 with this standard deviation, never beyond 3.5 times it."""
        bits = self.bits()
        total = ((bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)) / 65535.0
        return spread * (total - 2.0) * 1.7320508

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely."""
        return choices[int(self.unit() * len(choices))]

    def weighted(self, choices: Sequence[tuple[T, float]]) -> T:
        """One of the choices by weight; weights are positive."""
        left = self.unit() * sum(weight for _, weight in choices)
        for choice, weight in choices:
            left -= weight
            if left < 0:
                return choice
        return choices[-1][0]

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        """The choices in another order."""
        order = list(choices)
        for last in range(len(order) - 1, 0, -1):
            other = self.whole(0, last)
            order[last], order[other] = order[other], order[last]
        return order
