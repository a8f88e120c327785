"""The tests of the promises can fail: each wrong version of pacing is caught, and for the promise it breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.jobs.judge import Judge
from tests.jobs.mutants import MUTANTS, Mutant
from tests.jobs.simulation import Scenario, Simulation
from whisul_tui.jobs.rhythm import Rhythm


def verdict(scenario: Scenario, seeds: int = 2) -> set[str]:
    return {breach.split()[0] for seed in range(seeds) for breach in Judge(Simulation(scenario, seed).run()).verdict()}


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_mutant_is_caught(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right version passes the same scenario, so it is the mistake that is seen."""
    assert verdict(mutant.scenario) == set()
    monkeypatch.setattr(mutant.target, mutant.replacement)
    assert mutant.breaks in verdict(mutant.scenario)


@pytest.mark.parametrize(
    ("rhythm", "breaks"),
    [
        (Rhythm(poll_min_seconds=4.9), "P1"),
        (Rhythm(poll_max_seconds=13.0), "P2"),
        (Rhythm(jitter=0.5), "P3"),
        (Rhythm(in_flight=6), "P6"),
        (Rhythm(probe_seconds=0.1), "P4"),
    ],
    ids=["floor", "ceiling", "jitter", "in-flight", "lease"],
)
def test_a_wrong_constant_is_caught(rhythm: Rhythm, breaks: str) -> None:
    limited = next(mutant.scenario for mutant in MUTANTS if mutant.breaks == "P4")
    calm = next(mutant.scenario for mutant in MUTANTS if mutant.breaks == "P1")
    weathers = (replace(limited, rhythm=rhythm), replace(calm, rhythm=rhythm), replace(calm, jobs=80, rhythm=rhythm))
    assert any(breaks in verdict(scenario) for scenario in weathers)
