"""Requests are counted where they are learnt of: each answer once, 429s among them."""

from __future__ import annotations

import asyncio

from tests.jobs.conftest import OpenStore
from tests.jobs.fake_whisul import COMPLETED
from tests.jobs.virtual import VirtualClock, run_virtually
from tests.jobs.working import ACCOUNT, at_work, build, fake, until
from whisul_tui.api.errors import Limited, NotFound
from whisul_tui.domain import JobState


def test_every_answer_is_counted_once(open_store: OpenStore) -> None:
    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.running()
            await asyncio.sleep(30)
            whisul.answers = [Limited(7.0), NotFound(), COMPLETED]
            await until(lambda: working.state(number) is JobState.COMPLETED)
            working.hold()
            await until(lambda: bool(whisul.posts()))
            await asyncio.sleep(2)
        rows = working.store.database.query(
            "SELECT kind, sum(requests) FROM requests WHERE account = ? GROUP BY 1", (ACCOUNT,)
        )
        counted = {row[0]: row[1] for row in rows}
        assert counted == {"all": len(whisul.polls()) + len(whisul.posts()), "limited": 1}

    run_virtually(main)
