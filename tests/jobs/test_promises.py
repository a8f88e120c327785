"""The promises of polling, over thousands of simulated job-hours in virtual time, judged by a model of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.jobs.judge import Judge
from tests.jobs.limited_service import Limits
from tests.jobs.simulation import Scenario, Simulation

HOUR = 3600.0


def breaches(scenario: Scenario, seed: int = 1) -> set[str]:
    return Judge(Simulation(scenario, seed).run()).verdict()


def test_ten_thousand_job_hours() -> None:
    """Long jobs, a thousand at a time, under each kind of limiter, learnt or not: no promise is broken."""
    hours = 0.0
    for kind in ("window", "bucket", "sliding"):
        for known in (False, True):
            limits = Limits(limit=60, kind=kind, p500=0.02, hang=0.005, retry_after=known)
            scenario = Scenario(
                jobs=1000, median=2 * HOUR, spread=HOUR, limits=limits, known=known, horizon=24 * HOUR, silence=2000
            )  # a thousand at 60 a minute: a round takes 1,000 s, and at half the pace twice that
            simulation = Simulation(scenario, seed=7).run()
            assert Judge(simulation).verdict() == set(), scenario
            hours += simulation.job_hours
    assert hours >= 10_000


def test_nothing_limits() -> None:
    """Twenty jobs for an hour and nothing in the way: between two polls of one never under 5 s, never over 10."""
    assert breaches(Scenario(jobs=20, median=HOUR)) == set()


@settings(max_examples=100, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
@given(
    jobs=st.sampled_from([1, 2, 5, 20, 60]),
    limit=st.sampled_from([None, 10, 20, 30, 60, 120]),
    kind=st.sampled_from(["window", "bucket", "sliding"]),
    prolong=st.sampled_from([0.0, 10.0, 30.0]),
    retry_after=st.booleans(),
    p500=st.sampled_from([0.0, 0.02, 0.1]),
    hang=st.sampled_from([0.0, 0.02]),
    outage=st.sampled_from([0.0, 300.0]),
    known=st.booleans(),
    processes=st.sampled_from([1, 3]),
    downs=st.lists(st.tuples(st.integers(1, 2), st.floats(10, 300), st.floats(1, 60), st.booleans()), max_size=3),
    seed=st.integers(0, 10_000),
)
def test_every_promise_in_any_weather(
    jobs: int,
    limit: int | None,
    kind: str,
    prolong: float,
    retry_after: bool,
    p500: float,
    hang: float,
    outage: float,
    known: bool,
    processes: int,
    downs: list[tuple[int, float, float, bool]],
    seed: int,
) -> None:
    """Any limiter, failures, an outage, up to three processes of which two are stopped or killed at times."""
    limits = Limits(limit, kind, prolong, retry_after, p500, hang, (100.0, 100.0 + outage))
    stops = tuple((p, a, a + d, k) for p, a, d, k in downs) if processes > 1 else ()
    scenario = Scenario(jobs=jobs, limits=limits, known=known, processes=processes, downs=stops)
    assert breaches(scenario, seed) == set()


def test_same_seed_same_trace() -> None:
    """P11: nothing but the seed decides."""
    scenario = Scenario(jobs=30, processes=3, limits=Limits(30, p500=0.05, hang=0.01))
    assert Simulation(scenario, 3).run().trace == Simulation(scenario, 3).run().trace
    assert Simulation(scenario, 3).run().trace != Simulation(scenario, 4).run().trace


@pytest.mark.parametrize(("known", "most_refusals"), [(True, 0), (False, 10)])
def test_a_limit_is_learnt(known: bool, most_refusals: int) -> None:
    """Twenty jobs at 60 a minute: no 429 where the pace was learnt earlier, few on the first run."""
    for seed in range(10):
        scenario = Scenario(jobs=20, limits=Limits(60), known=known)
        trace = Simulation(scenario, seed).run().trace
        assert sum(event.what == "answer" and event.status == 429 for event in trace) <= most_refusals


def test_processes_share_one_pace() -> None:
    """Three processes are as one: the same jobs, no further 429s, no job asked more often."""
    alone = Scenario(jobs=40, limits=Limits(60), known=True)
    for seed in range(5):
        one, three = (Simulation(scenario, seed).run() for scenario in (alone, replace(alone, processes=3)))
        assert len(three.trace) <= 1.15 * len(one.trace)
        assert three.ended_at - one.ended_at <= 60
