"""A model of Whisul's limiter for simulations: hidden limit, blocks that retries prolong, failures, one outage."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from random import Random

EPOCH = 1_700_000_000.0  # virtual times are wall-clock times, as in the product


@dataclass(frozen=True)
class Limits:
    """What the service refuses. `limit` requests a minute (None: no limit) of the `kind` window (a fixed minute),
    bucket (of a quarter minute's worth) or sliding (refused attempts count too); a request while blocked keeps the
    block for `prolong` seconds. `p500` answers are 500, `hang` time out after 30 s; `outage` (from, to) answers 503."""

    limit: int | None = None
    kind: str = "window"
    prolong: float = 10.0
    retry_after: bool = False
    p500: float = 0.0
    hang: float = 0.0
    outage: tuple[float, float] = (0.0, 0.0)


class LimitedService:
    """Answers by its limits alone: `handle` at a time gives (status, Retry-After); status 0 is a request that hangs."""

    def __init__(self, limits: Limits, random: Random) -> None:
        self.limits, self.random = limits, random
        self.phase = random.uniform(0, 60)
        self.minute, self.count = -1, 0
        self.capacity = max(1.0, (limits.limit or 0) / 4)
        self.tokens, self.filled_at = self.capacity, 0.0
        self.log: deque[float] = deque()
        self.blocked_until = 0.0

    def latency(self) -> float:
        """Seconds from question to answer."""
        return min(self.random.lognormvariate(math.log(0.25), 0.4), 4.0)

    def handle(self, now: float) -> tuple[int, float | None]:
        """The answer to a request that arrives now."""
        limits = self.limits
        if limits.outage[0] <= now - EPOCH < limits.outage[1]:
            return 503, None
        if (blocked := self._blocked_for(now)) is not None:
            return 429, (math.ceil(blocked) if limits.retry_after else None)
        lot = self.random.random()
        if lot < limits.hang:
            return 0, None
        return (500 if lot < limits.hang + limits.p500 else 200), None

    def _blocked_for(self, now: float) -> float | None:
        if self.limits.limit is None:
            return None
        if self.limits.kind == "sliding":
            return self._slide(now, self.limits.limit)
        if now < self.blocked_until:
            return self._block(now, now + self.limits.prolong)
        if self.limits.kind == "window":
            minute = int((now + self.phase) // 60)
            self.count = self.count + 1 if minute == self.minute else 1
            self.minute = minute
            return self._block(now, (minute + 1) * 60 - self.phase) if self.count > self.limits.limit else None
        self.tokens = min(self.capacity, self.tokens + (now - self.filled_at) * self.limits.limit / 60)
        self.filled_at = now
        if self.tokens < 1:
            return self._block(now, now + 15)
        self.tokens -= 1
        return None

    def _slide(self, now: float, limit: int) -> float | None:
        while self.log and self.log[0] <= now - 60:
            self.log.popleft()
        over = len(self.log) >= limit
        self.log.append(now)
        return self._block(now, self.log[len(self.log) - limit] + 60) if over else None

    def _block(self, now: float, until: float) -> float:
        self.blocked_until = max(self.blocked_until, until)
        return self.blocked_until - now
