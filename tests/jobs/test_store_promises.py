"""The same promises, kept by the product whole but for HTTP: real SQLite, real claims, several processes' monitors."""

from __future__ import annotations

import pytest

from tests.jobs.conftest import OpenStore
from tests.jobs.judge import Judge
from tests.jobs.limited_service import Limits
from tests.jobs.simulation import Scenario
from tests.jobs.store_run import StoreRun
from tests.jobs.virtual import VirtualClock, run_virtually

WEATHER = {
    "calm": Scenario(jobs=20),
    "calm, three processes": Scenario(jobs=20, processes=3),
    "limited": Scenario(jobs=20, limits=Limits(60, p500=0.02)),
    "limited, three processes": Scenario(jobs=20, limits=Limits(30, retry_after=True), processes=3),
    "sliding, hanging": Scenario(jobs=20, limits=Limits(60, "sliding", hang=0.02)),
    "outage": Scenario(jobs=20, limits=Limits(p500=0.05, outage=(100.0, 400.0)), processes=2),
}


@pytest.mark.parametrize("scenario", WEATHER.values(), ids=list(WEATHER))
def test_promises_on_a_real_store(open_store: OpenStore, scenario: Scenario) -> None:
    async def main(clock: VirtualClock) -> StoreRun:
        return await StoreRun(scenario, clock, seed=3).play(open_store)

    run = run_virtually(main)
    assert Judge(run).verdict() == set()
    posts = [event.job for event in run.trace if event.what == "send" and event.pick == "submission"]
    refused = [e.job for e in run.trace if e.what == "answer" and e.pick == "submission" and e.status == 429]
    assert len(posts) == scenario.jobs + len(refused)  # each prompt once, and once more after each refusal
