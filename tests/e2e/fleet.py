"""Several TUIs and a headless `wait` on one store, killed and stopped as they go: who asks, and who waits too long.

    python -m tests.e2e.fleet --seconds 120 --jobs 20 --tuis 3

The studio's own log is the judge: no job is asked twice within its floor, none waits longer than its ceiling (plus one
lease where the process that had claimed it was killed or stopped). Ends with 1 on a breach.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.acting import WRITE, until
from tests.e2e.partner import Partner, gaps
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause

LAG = 1.5  # seconds that waking up, connecting and a busy machine may add, as the server sees it


@dataclass
class Report:
    """What the log says. `gaps_calm` are those in which nobody was killed or stopped; all in seconds."""

    polls: int = 0
    early: list[float] = field(default_factory=list)
    worst_calm: float = 0.0
    worst: float = 0.0
    kills: int = 0
    stops: int = 0
    twice: list[str] = field(default_factory=list)
    wait_code: int = -1
    breaches: list[str] = field(default_factory=list)


@dataclass
class Fleet:
    """The TUIs at sea: some are stopped until a moment, all others run."""

    place: Place
    stack: ExitStack
    terminals: list[Terminal] = field(default_factory=list)
    stopped: dict[int, float] = field(default_factory=dict)
    disturbed: list[float] = field(default_factory=list)

    def launch(self) -> None:
        """One more TUI, on a store that has no jobs yet."""
        terminal = Terminal([*PROGRAM], self.place.environment(), cwd=self.place.folder)
        self.terminals.append(self.stack.enter_context(terminal))
        terminal.wait_for(WRITE, 40)

    def replace(self, index: int) -> None:
        """kill -9, and another one in its place."""
        self.disturbed.append(time.time())
        self.terminals[index].kill()
        self.terminals[index].close()
        self.stopped.pop(index, None)
        self.terminals[index] = self.stack.enter_context(
            Terminal([*PROGRAM], self.place.environment(), cwd=self.place.folder)
        )

    def stop(self, index: int, until_time: float) -> None:
        """SIGSTOP, in the middle of whatever it does."""
        self.disturbed.append(time.time())
        self.terminals[index].signal(signal.SIGSTOP)
        self.stopped[index] = until_time

    def go_on(self, *, all_of_them: bool = False) -> None:
        """SIGCONT for those whose time has come."""
        for index, moment in list(self.stopped.items()):
            if all_of_them or time.time() >= moment:
                self.disturbed.append(time.time())
                self.terminals[index].signal(signal.SIGCONT)
                del self.stopped[index]


def sail(folder: Path, *, seconds: float, jobs: int, tuis: int, floor: float, ceiling: float, seed: int = 0) -> Report:
    """Lets so many jobs run for so long under a fleet that is shot at, and judges by the studio's log."""
    dice = random.Random(seed)
    report = Report()
    with ExitStack() as stack:
        studio = stack.enter_context(Partner(folder / "studio", "--pace", str(seconds)))
        place = Place(folder / "place", dict(studio.variables))
        place.configure(f"poll_min_seconds = {floor}\npoll_max_seconds = {ceiling}\n")
        fleet = Fleet(place, stack)
        for _ in range(tuis):
            fleet.launch()
        prompts = "".join(f"ship {number} of the fleet\n" for number in range(jobs))
        sent = place.run("generate", "--file", "-", typed=prompts)
        assert sent.returncode == 0, sent.stderr
        waiting = place.start("wait", *sent.stdout.split())
        stack.callback(waiting.kill)
        end = max(request.time for request in studio.submissions()) + seconds - 2
        while time.time() < end:
            pause(dice.uniform(0.5, max(1.0, ceiling / 2)))
            _shoot(fleet, dice, report, ceiling)
            fleet.go_on()
        fleet.go_on(all_of_them=True)
        waiting.communicate(timeout=6 * ceiling + 30)
        report.wait_code = waiting.returncode
        until(lambda: set(place.states().values()) == {"completed"}, 10, "the end of all jobs")
        _judge(report, studio, fleet.disturbed, floor, ceiling)
    return report


def _shoot(fleet: Fleet, dice: random.Random, report: Report, ceiling: float) -> None:
    """One TUI is killed and replaced, or stopped for up to two ceilings, at least for as long as a claim is stale."""
    index = dice.randrange(len(fleet.terminals))
    if dice.random() < 0.5:
        fleet.replace(index)
        report.kills += 1
    elif index not in fleet.stopped:
        fleet.stop(index, time.time() + dice.uniform(2.5, max(4.0, 2 * ceiling)))
        report.stops += 1


def _judge(report: Report, studio: Partner, disturbed: Sequence[float], floor: float, ceiling: float) -> None:
    accepted = {request.job_id: request.time for request in studio.submissions() if request.job_id}
    polls = studio.polls()
    report.twice = studio.posted_twice()
    for job_id, began in accepted.items():
        asked = polls.get(job_id, [])
        report.polls += len(asked)
        report.early += [gap for gap in gaps(asked) if gap < floor]
        moments = [began, *asked]
        for before, gap in zip(moments, gaps(moments), strict=False):
            calm = not any(before - 0.5 < shot < before + gap for shot in disturbed)
            report.worst_calm = max(report.worst_calm, gap if calm else 0.0)
            report.worst = max(report.worst, gap)
    if report.early:
        report.breaches.append(
            f"{len(report.early)} polls came within the floor, the soonest after {min(report.early):.2f} s"
        )
    if report.worst_calm > ceiling + LAG:
        report.breaches.append(f"a job waited {report.worst_calm:.2f} s while nobody was shot at")
    if report.worst > 2 * ceiling + LAG:
        report.breaches.append(f"a job waited {report.worst:.2f} s, longer than its ceiling and a lease")
    if report.twice:
        report.breaches.append(f"sent twice: {report.twice}")
    if set(polls) != set(accepted):
        report.breaches.append("not every job was asked for")
    if report.wait_code != 0:
        report.breaches.append(f"wait ended with {report.wait_code}")


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.e2e.fleet", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the jobs run (default: 120)")
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--tuis", type=int, default=3)
    parser.add_argument("--floor", type=float, default=5.0, help="poll_min_seconds (default: 5, as at Whisul)")
    parser.add_argument("--ceiling", type=float, default=10.0, help="poll_max_seconds (default: 10)")
    parser.add_argument("--seed", type=int, default=None, help="of the shots (default: random, and printed)")
    found = parser.parse_args()
    seed = random.randrange(1 << 20) if found.seed is None else found.seed
    with tempfile.TemporaryDirectory(prefix="whisul-fleet-") as name:
        report = sail(
            Path(name),
            seconds=found.seconds,
            jobs=found.jobs,
            tuis=found.tuis,
            floor=found.floor,
            ceiling=found.ceiling,
            seed=seed,
        )
    soonest = f", the soonest after {min(report.early):.2f} s" if report.early else ""
    print(f"seed {seed}: {found.jobs} jobs for {found.seconds:g} s, {found.tuis} TUIs and a wait")
    print(f"killed {report.kills} times, stopped {report.stops} times")
    print(f"polls {report.polls}, within the floor of {found.floor:g} s: {len(report.early)}{soonest}")
    print(f"worst gap {report.worst:.2f} s; where nobody was shot at {report.worst_calm:.2f} s")
    print(f"allowed   {2 * found.ceiling + LAG:.2f} s; where nobody was shot at {found.ceiling + LAG:.2f} s")
    print(f"prompts sent twice {len(report.twice)}, wait ended with {report.wait_code}")
    print("\n".join(report.breaches) or "no breach")
    return 1 if report.breaches else 0


if __name__ == "__main__":
    sys.exit(main())
