"""Polling over far more simulated job-hours than the suite has time for: python -m tests.benchmarks.pacing_hours.

Prints a table of weathers with what came of each (429s, how late a finished job is noticed, breaches of the promises),
then the targets that the policy was chosen by, then which mutants are caught. Exit code 1 on any breach, missed target
or mutant that got away.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import fmean, quantiles
from unittest.mock import patch

from tests.jobs.judge import Judge
from tests.jobs.limited_service import Limits
from tests.jobs.mutants import MUTANTS
from tests.jobs.simulation import Scenario, Simulation

HOUR = 3600.0


@dataclass(frozen=True)
class Result:
    """What came of one run; `late` are seconds from a job's end to its being noticed."""

    hours: float
    requests: int
    refused: int
    late: list[float]
    breaches: frozenset[str]


def run(work: tuple[Scenario, int]) -> Result:
    """One scenario with one seed."""
    scenario, seed = work
    simulation = Simulation(scenario, seed).run()
    late = [job.noticed - job.accepted - job.duration for job in simulation.jobs if job.noticed and job.accepted]
    sent = sum(event.what == "send" for event in simulation.trace)
    refused = sum(event.what == "answer" and event.status == 429 for event in simulation.trace)
    return Result(simulation.job_hours, sent, refused, late, frozenset(Judge(simulation).verdict()))


def weathers() -> dict[str, Scenario]:
    """Long jobs under every limiter; and a mixture of all that may come together."""
    table = {}
    for kind, known, processes in itertools.product(("window", "bucket", "sliding"), (False, True), (1, 3)):
        limits = Limits(60, kind, p500=0.02, hang=0.005, retry_after=known, outage=(7200.0, 7500.0))
        name = (
            f"1000 long jobs, {kind}, {'learnt' if known else 'unknown'}, {processes} process{'es' * (processes > 1)}"
        )
        table[name] = Scenario(
            jobs=1000, median=3 * HOUR, spread=HOUR, limits=limits, known=known, processes=processes,
            horizon=48 * HOUR, silence=2500.0,
        )  # fmt: skip
    downs = tuple((1, 100.0 * n, 100.0 * n + 40, n % 2 == 0) for n in range(1, 30))
    for limit, p500 in itertools.product((None, 30, 120), (0.0, 0.1)):
        name = f"40 jobs, limit {limit}, {p500:.0%} 500s, one process killed and stopped"
        table[name] = Scenario(
            jobs=40, median=HOUR, limits=Limits(limit, p500=p500), processes=3, downs=downs, horizon=12 * HOUR
        )
    return table


TARGETS: tuple[tuple[str, Scenario, float, float, float], ...] = (
    # name, scenario, mean and 95th percentile of lateness in seconds, 429s a run: findings of the policy's study
    ("20 jobs, no limit", Scenario(jobs=20), 3.2, 6.0, 0),
    ("20 jobs, 60/min learnt", Scenario(jobs=20, limits=Limits(60, p500=0.02), known=True), 7.0, 20.0, 0.5),
    ("20 jobs, 60/min unknown", Scenario(jobs=20, limits=Limits(60, p500=0.02)), 11.0, 60.0, 10),
    ("100 jobs, 60/min learnt", Scenario(jobs=100, limits=Limits(60, p500=0.02), known=True), 36.0, 120.0, 2),
    ("1000 jobs, 60/min learnt", Scenario(jobs=1000, limits=Limits(60, p500=0.02), known=True), 42.0, 95.0, 6),
    ("1000 jobs, 60/min unknown", Scenario(jobs=1000, limits=Limits(60, p500=0.02)), 60.0, 150.0, 20),
    ("20 jobs, 60/min learnt, 3 processes", Scenario(jobs=20, limits=Limits(60, p500=0.02), known=True, processes=3),
     7.0, 20.0, 0.5),
)  # fmt: skip


def table(pool: ProcessPoolExecutor, runs: int) -> bool:
    """The weathers; whether no promise was broken."""
    print(f"{'weather':58}{'job-hours':>10}{'requests':>10}{'429s':>7}{'late':>8}{'p95':>8}  breaches")
    rows = weathers()
    results = pool.map(run, [(scenario, seed) for scenario in rows.values() for seed in range(runs)])
    total, whole = 0.0, True
    for name, group in zip(rows, _grouped(results, runs), strict=True):
        total += sum(result.hours for result in group)
        broken = frozenset().union(*(result.breaches for result in group))
        whole &= not broken
        print(_line(name, group) + f"  {'; '.join(sorted(broken)) or 'none'}", flush=True)
    print(f"{total:,.0f} job-hours in all")
    return whole and total >= 10_000


def targets(pool: ProcessPoolExecutor) -> bool:
    """The figures that developers should reach; means over 20 seeds."""
    print(f"\n{'target':58}{'job-hours':>10}{'requests':>10}{'429s':>7}{'late':>8}{'p95':>8}")
    results = pool.map(run, [(scenario, seed) for _, scenario, *_ in TARGETS for seed in range(20)])
    whole = True
    for (name, _, mean, p95, refused), group in zip(TARGETS, _grouped(results, 20), strict=True):
        late = [moment for result in group for moment in result.late]
        met = fmean(late) <= mean and quantiles(late, n=20)[-1] <= p95
        met &= fmean(result.refused for result in group) <= refused
        whole &= met
        print(
            _line(name, group) + f"  {'met' if met else 'MISSED'} (≤ {mean:g} s, p95 ≤ {p95:g} s, 429s ≤ {refused:g})"
        )
    return whole


def mutants() -> bool:
    """Each wrong version of pacing must break a promise."""
    print()
    whole = True
    for mutant in MUTANTS:
        with patch(mutant.target, mutant.replacement):
            broken = run((mutant.scenario, 1)).breaches | run((mutant.scenario, 2)).breaches
        whole &= bool(broken)
        print(f"mutant: {mutant.name:50} {'caught: ' + sorted(broken)[0] if broken else 'GOT AWAY'}")
    return whole


def _grouped(results: object, size: int) -> list[list[Result]]:
    every = list(results)  # type: ignore[call-overload]  # an iterator of results
    return [every[start : start + size] for start in range(0, len(every), size)]


def _line(name: str, group: list[Result]) -> str:
    late = [moment for result in group for moment in result.late]
    return (
        f"{name:58}{sum(r.hours for r in group):10,.0f}{sum(r.requests for r in group):10,}"
        f"{fmean(r.refused for r in group):7.1f}{fmean(late):7.1f}s{quantiles(late, n=20)[-1]:7.1f}s"
    )


def main() -> int:
    """Everything; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2, help="seeds a weather")
    options = parser.parse_args()
    start = time.monotonic()
    with ProcessPoolExecutor() as pool:
        whole = [table(pool, options.runs), targets(pool), mutants()]
    print(f"\n{'all kept' if all(whole) else 'NOT KEPT'}, in {time.monotonic() - start:.0f} s")
    return 0 if all(whole) else 1


if __name__ == "__main__":
    sys.exit(main())
