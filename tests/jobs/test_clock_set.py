"""The wall clock is set while a prompt connects: our own claim then looks like one that ran out, and is not."""

from __future__ import annotations

import asyncio

import pytest

from tests.jobs.conftest import OpenStore
from tests.jobs.virtual import VirtualClock, run_virtually
from tests.jobs.working import at_work, build, fake
from whisul_tui.domain import JobState


@pytest.mark.parametrize("seconds", [-86_400.0, 7_200.0])
def test_a_prompt_that_connects_while_the_clock_is_set_is_sent_once(open_store: OpenStore, seconds: float) -> None:
    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, connecting=0.5)
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.hold()
            await asyncio.sleep(0.2)
            clock.ahead += seconds
            working.monitor.nudge()
            await asyncio.sleep(120)
        assert len(whisul.posts()) == 1
        assert working.state(number) is JobState.RUNNING

    run_virtually(main)
