"""How late a finished job is noticed, by jobs and hidden limit: python -m tests.benchmarks.polling_table.

The product's own scheduling in virtual time, the limit unknown at the start and learnt earlier. With `--simulator FILE`
the simulator of the policy's study runs in the same command and its policies stand beside: a, b a fixed 5 and 10 s
without a break; c the documented loop, each job for itself; d one queue and gate; e d and a learnt rate; f e and learnt
durations; r the chosen policy; g knows the limit; z knows every end too. Its jobs come in three batches and 3 % of them
fail at once, ours come in one batch and a stream; server, durations, failures and prolonged blocks are the same.
"""

from __future__ import annotations

import argparse
import math
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from statistics import fmean

from tests.benchmarks.pacing_hours import Result, run
from tests.jobs.limited_service import Limits
from tests.jobs.simulation import Scenario

POLICIES = "abcdefrgz"
RUNS = {1: 60, 5: 40, 20: 20, 100: 8, 1000: 2}
LIMITS = (10, 30, 60, 120, None)
# window N=20 L=60 r    8.5 ±0.9 ... lost% <5s
_LINE = re.compile(r"window N=(\d+) L=(\S+) (\w)\s+(\S+) ±.*?([\d.]+)\s+[\d.]+$")


def scenario(jobs: int, limit: int | None, *, known: bool) -> Scenario:
    """The study's cell for the product's scheduling; no job may wait longer than asking all once takes."""
    horizon = 3600.0 if jobs <= 20 else 21_600.0
    silence = max(300.0, 60.0 * jobs / (limit or math.inf))
    return Scenario(jobs=jobs, limits=Limits(limit, p500=0.02), known=known, horizon=horizon, silence=silence)


def ours(pool: ProcessPoolExecutor, cells: list[Scenario]) -> list[tuple[float, float, int]]:
    """Seconds until an end is noticed and 429s a run, means over runs; and how many rules were broken."""
    work = [(cell, seed) for cell in cells for seed in range(RUNS[cell.jobs])]
    results = iter(list(pool.map(run, work)))
    told = []
    for cell in cells:
        group: list[Result] = [next(results) for _ in range(RUNS[cell.jobs])]
        late = [moment for result in group for moment in result.late]
        broken = frozenset().union(*(result.breaches for result in group))
        told.append((fmean(late), fmean(result.refused for result in group), len(broken)))
    return told


def theirs(simulator: str, jobs: list[int]) -> dict[tuple[int, float, str], str]:
    """The study's figures by jobs, limit and policy: seconds, or never where most jobs go unnoticed."""
    found = {}
    for number in jobs:
        limits = ",".join(str(limit or "inf") for limit in LIMITS)
        words = [sys.executable, simulator, "grid", "-p", POLICIES, "-n", str(number), "-l", limits]
        words += ["-r", str(RUNS[number])]
        for line in subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines():
            if match := _LINE.match(line):
                late = "never" if float(match[5]) > 50 else f"{float(match[4]):.1f}"
                found[int(match[1]), float(match[2]), match[3]] = late
    return found


def main() -> int:
    """Prints the table; 1 where a rule of the product was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", default="1,5,20,100,1000")
    parser.add_argument("--simulator", metavar="FILE", help="the study's simulator (needs numpy)")
    options = parser.parse_args()
    numbers = [int(number) for number in options.jobs.split(",")]
    beside = theirs(options.simulator, numbers) if options.simulator else {}
    head = "".join(f"{policy:>8}" for policy in POLICIES) if beside else ""
    print(f"{'jobs':>6}{'limit':>7}{'unknown':>9}{'429s':>7}{'learnt':>9}{'429s':>7}{head}", flush=True)
    broken = 0
    with ProcessPoolExecutor() as pool:
        for number in numbers:
            cells = [scenario(number, limit, known=known) for limit in LIMITS for known in (False, True)]
            told = ours(pool, cells)
            broken += sum(count for *_, count in told)
            for index, limit in enumerate(LIMITS):
                figures = "".join(f"{late:9.1f}{refused:7.1f}" for late, refused, _ in told[2 * index : 2 * index + 2])
                cell = (number, float(limit or "inf"))
                line = "".join(f"{beside.get((*cell, policy), '-'):>8}" for policy in POLICIES) if beside else ""
                print(f"{number:>6}{limit or 'none':>7}{figures}{line}", flush=True)
    print(f"rules broken: {broken}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
