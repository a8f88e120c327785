"""The parts that the studio's API serves with."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from whisul_tui.domain.secret import Secret
from whisul_tui.studio.asked import RequestLog
from whisul_tui.studio.bench import Bench
from whisul_tui.studio.book import Book
from whisul_tui.studio.door import Drop
from whisul_tui.studio.faults import Faults
from whisul_tui.studio.idle import Idle
from whisul_tui.studio.limiter import Limiter
from whisul_tui.studio.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Studio:
    """The parts that the API serves with. `clock` is seconds since 1970; `seeds` gives each job its seed."""

    key: Secret
    port: int
    book: Book
    bench: Bench
    shelf: Shelf
    limiter: Limiter
    faults: Faults
    requests: RequestLog
    idle: Idle
    drop: Drop
    clock: Callable[[], float]
    seeds: random.Random
    retry_after: bool = True
