"""Work beside the loop is done, also where nobody waits for it any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from whisul_tui.workers import threads
from whisul_tui.workers.threads import aside


class Slow(threading.Thread):
    """A thread that the machine has no turn for yet."""

    begun: list[Callable[[], None]]

    def start(self) -> None:
        self.begun.append(self.run)


async def test_work_whose_waiter_went_before_it_began_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    Slow.begun = []
    monkeypatch.setattr(threads.threading, "Thread", Slow)
    done: list[str] = []
    for work in (lambda: done.append("well"), lambda: done.append("badly") or 1 / 0):
        waiter = asyncio.create_task(aside(work, "work"))
        await asyncio.sleep(0)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
        Slow.begun.pop()()
    assert done == ["well", "badly"]


async def test_what_it_gives_and_raises_is_the_waiters() -> None:
    assert await aside(lambda: threading.current_thread().name, "work") == "work"
    with pytest.raises(ZeroDivisionError):
        await aside(lambda: 1 / 0, "work")
