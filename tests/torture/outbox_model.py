"""A model of submissions: any order of prompts, answers, crashes, restarts, clock jumps and a second process.

    python -m tests.torture.outbox_model [--runs 5000] [--steps 50]

Real store, real outbox and monitor, virtual time, a fake Whisul that knows what it took. A crash closes the store under
the process and drops its tasks, so that nothing of it is written any more.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.jobs.virtual import VirtualClock, VirtualLoop
from tests.jobs.working import ACCOUNT, Working, build
from whisul_tui.api.client import Accepted, JobReport
from whisul_tui.api.errors import BadReply, Limited, Rejected, Unavailable
from whisul_tui.domain import JobState
from whisul_tui.storage import Database, JobStore, Owner, View, Windows

FLOOR = 5.0
SHARED = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # a sync costs nothing there
ANSWERS: dict[str, Callable[[], Exception]] = {
    "accepted": lambda: Exception("no error"),
    "limited": lambda: Limited(None),
    "limited for long": lambda: Limited(30.0),
    "not reached": lambda: Unavailable(sent=False, reason="the connection was refused"),
    "lost": lambda: Unavailable(sent=True, reason="the answer broke off"),
    "500": lambda: Unavailable(sent=True, status=500),
    "nonsense": lambda: BadReply("it is no JSON object"),
    "rejected": lambda: Rejected("no polka"),
    "surprise": lambda: RuntimeError("nobody foresaw this"),
    "hangs": lambda: Unavailable(sent=True, reason="it took too long"),
}
TAKEN = {"accepted", "lost", "500", "nonsense", "surprise", "hangs"}  # Whisul may have it, whatever came back
runs = 0


@dataclass
class Whisul:
    """A service that takes 0.1 s, and notes which prompts it took: all that left, unless its answer says otherwise."""

    monotonic: Callable[[], float]
    kinds: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    polled: list[tuple[str, float]] = field(default_factory=list)

    async def submit(
        self,
        prompt: str,
        *,
        client_id: str,
        on_leaving: Callable[[], Awaitable[None]] | None = None,
        on_refused: Callable[[], None] | None = None,
    ) -> Accepted:
        kind, answer = self._next()
        await asyncio.sleep(0.05)
        if kind == "not reached":
            raise answer
        assert on_leaving is not None
        await on_leaving()
        if kind in TAKEN:
            self.taken.append(prompt)
        try:
            await self._answers(kind, answer)
        except Limited:
            if on_refused is not None:
                on_refused()
            raise
        return Accepted(f"job-{client_id}")

    async def job(self, job_id: str) -> JobReport:
        kind, answer = self._next()
        self.polled.append((job_id, self.monotonic()))
        await self._answers(kind, answer)
        return JobReport(JobState.RUNNING)

    async def aclose(self) -> None:
        """Nothing to close."""

    def _next(self) -> tuple[str, Exception]:
        kind = self.kinds.pop(0) if self.kinds else "accepted"
        return kind, ANSWERS[kind]()

    async def _answers(self, kind: str, answer: Exception) -> None:
        await asyncio.sleep(30.0 if kind == "hangs" else 0.1)
        if kind != "accepted":
            raise answer


@dataclass
class _Process:
    """A program at work on the store."""

    database: Database
    working: Working
    task: asyncio.Task[None]


class _Owners:
    """Who lives, told by the model instead of the machine."""

    def __init__(self, living: set[Owner]) -> None:
        self._living = living

    def is_alive(self, owner: Owner) -> bool:
        return owner in self._living


class OutboxModel(RuleBasedStateMachine):
    """At most two processes at a time; every prompt is another one, so that the server can tell them apart."""

    @initialize()
    def begin(self) -> None:
        global runs
        runs += 1
        logging.disable(logging.CRITICAL)
        self.folder = Path(tempfile.mkdtemp(prefix="whisul-model-", dir=SHARED))
        self.loop = VirtualLoop()
        self.clock = VirtualClock(self.loop)
        self.whisul = Whisul(self.clock.monotonic)
        self.living: set[Owner] = set()
        self.processes: list[_Process] = []
        self.held: set[str] = set()
        self.reworded: set[str] = set()
        self.jumps: list[float] = []
        self.pids = self.submitted = 0
        self._start()

    def _start(self) -> None:
        self.pids += 1
        owner = Owner("model", self.pids, float(self.pids))
        self.living.add(owner)

        async def start() -> _Process:
            database = Database.open(self.folder / "jobs.db", clock=self.clock)
            working = build(JobStore(database), self.clock, lambda: self.whisul, seed=self.pids, owner=owner)
            working.monitor._owners = _Owners(self.living)  # type: ignore[assignment]
            return _Process(database, working, asyncio.ensure_future(working.monitor.run(lambda: None)))

        self.processes.append(self.loop.run_until_complete(start()))

    def _pass(self, seconds: float) -> None:
        self.loop.run_until_complete(asyncio.sleep(seconds))

    def _store(self) -> JobStore:
        return self.processes[0].working.store

    @precondition(lambda self: self.processes)
    @rule(delay=st.sampled_from([0.0, 0.0, 3.0]))
    def submit(self, delay: float) -> None:
        """The user presses Enter."""
        self.submitted += 1
        prompt = f"prompt {self.submitted}"
        self.processes[-1].working.hold(prompt, delay)
        self.held.add(prompt)

    @rule(kind=st.sampled_from(sorted(ANSWERS)))
    def next_answer(self, kind: str) -> None:
        """What comes back of the next request, whichever that is."""
        self.whisul.kinds.append(kind)

    @rule(seconds=st.sampled_from([0.01, 0.06, 0.11, 0.5, 2.0, 6.0, 12.0, 40.0]))
    def time_passes(self, seconds: float) -> None:
        """Also to the middle of a request, which takes 0.1 s."""
        self._pass(seconds)

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, 1))
    def crash(self, which: int) -> None:
        """kill -9: nothing more is written, and what was in memory is gone."""
        process = self.processes.pop(which % len(self.processes))
        self.living.discard(process.working.passage.terms.owner)
        process.database.close()

        async def drop() -> None:
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                if task is process.task or _belongs(task, process):
                    task.cancel()
            await asyncio.gather(process.task, return_exceptions=True)

        self.loop.run_until_complete(drop())

    @precondition(lambda self: len(self.processes) < 2)
    @rule()
    def start(self) -> None:
        """A start, or a second terminal."""
        self._start()

    @rule(seconds=st.sampled_from([-86_400.0, -30.0, 30.0, 7_200.0]))
    def clock_jumps(self, seconds: float) -> None:
        """Somebody sets the clock."""
        self.clock.ahead += seconds
        self.jumps.append(self.clock.monotonic())

    @precondition(lambda self: self.processes)
    @rule()
    def take_back(self) -> None:
        """The user takes the newest held prompt back, if it is not leaving."""
        rows = Windows(self.processes[0].database).rows(View(state=JobState.HELD), 0, 1)
        if rows and self._store().take_back(rows[0].number) is not None:
            self.held.discard(rows[0].prompt)

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, 5))
    def pause(self, which: int) -> None:
        """The user pauses a held prompt: from now on nothing of it may leave, in no process."""
        if (number := self._waiting(which)) is not None:
            self._store().pause([number], self.clock())

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, 5))
    def resume(self, which: int) -> None:
        """The user lets a prompt go on."""
        if (number := self._waiting(which)) is not None:
            self._store().resume([number], self.clock(), self.clock())
            self.processes[-1].working.monitor.nudge()

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, 5), steps=st.sampled_from([-1, 1]))
    def move(self, which: int, steps: int) -> None:
        """The user changes the order."""
        if (number := self._waiting(which)) is not None:
            before = [job.number for job in self._store().waiting(ACCOUNT)]
            moved = self._store().move(number, steps, ACCOUNT)
            after = [job.number for job in self._store().waiting(ACCOUNT)]
            assert sorted(before) == sorted(after)
            assert moved is (before != after)

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, 5))
    def reword(self, which: int) -> None:
        """The user edits a prompt, unless it is about to leave: then what leaves is what stood there."""
        if (number := self._waiting(which)) is not None:
            before = self._store().get(number)
            assert before is not None
            self.submitted += 1
            prompt = f"prompt {self.submitted}"
            if self._store().reword(number, prompt, self.clock(), self.clock()):
                self.held.discard(before.prompt)
                self.reworded.add(before.prompt)
                self.held.add(prompt)

    def _waiting(self, which: int) -> int | None:
        jobs = self._store().waiting(ACCOUNT)
        return jobs[which % len(jobs)].number if jobs else None

    @invariant()
    def nothing_paused_leaves(self) -> None:
        if not getattr(self, "processes", None):
            return
        paused = {job.prompt for job in self._store().waiting(ACCOUNT) if job.paused}
        assert not paused & set(self.whisul.taken), "it left while it was paused"
        for job in Windows(self.processes[0].database).rows(View(), 0, 1000):
            assert not job.paused or job.state is JobState.HELD, f"{job.prompt} is paused and {job.state}"

    @invariant()
    def nothing_reworded_leaves(self) -> None:
        taken = getattr(self, "whisul", Whisul(time.monotonic)).taken
        assert not getattr(self, "reworded", set()) & set(taken), "other words were sent than stood there"

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        taken = getattr(self, "whisul", None)
        assert taken is None or len(taken.taken) == len(set(taken.taken)), f"sent twice: {taken.taken}"

    @invariant()
    def nothing_is_lost(self) -> None:
        if not getattr(self, "processes", None):
            return
        jobs = {job.prompt: job for job in Windows(self.processes[0].database).rows(View(), 0, 1000)}
        assert self.held <= set(jobs), f"gone: {self.held - set(jobs)}"
        for prompt in self.whisul.taken:
            job = jobs[prompt]
            known = job.job_id == f"job-{job.client_id}" or job.state in (JobState.SENDING, JobState.UNCONFIRMED)
            assert known, f"{prompt} was taken, and is {job.state}"

    @invariant()
    def nothing_is_asked_twice_within_its_floor(self) -> None:
        last: dict[str, float] = {}
        for job_id, at in getattr(self, "whisul", Whisul(time.monotonic)).polled:
            before = last.get(job_id, -1e9)
            assert at - before >= FLOOR - 1e-6 or any(before <= jump <= at for jump in self.jumps), (job_id, before, at)
            last[job_id] = at

    def teardown(self) -> None:
        if not hasattr(self, "loop"):
            return
        try:
            if not self.processes:
                self._start()  # the next start finds all that was taken
                self._pass(20.0)
            self.nothing_is_lost()
            self.nothing_is_sent_twice()
            self._store().database.check()
        finally:
            while self.processes:
                self.crash(0)
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self._pass(0.01)
            self.loop.close()
            shutil.rmtree(self.folder)
            logging.disable(logging.NOTSET)


def _belongs(task: asyncio.Task[Any], process: _Process) -> bool:
    """Whether a task is one of this process' requests."""
    return any(flight.task is task for flight in process.working.monitor._dispatcher.flights.values())


def check(examples: int, steps: int, *, shrink: bool = True) -> None:
    """So many runs of at most so many steps; raises AssertionError with the shortest run that breaks a promise."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        seed(examples)(OutboxModel),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=5000)
    parser.add_argument("--steps", type=int, default=50)
    args = parser.parse_args()
    began = time.monotonic()
    check(args.runs, args.steps, shrink=False)
    print(f"{runs} runs of up to {args.steps} steps in {time.monotonic() - began:.0f} s, no promise broken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
