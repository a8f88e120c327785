"""A monitor at work in virtual time: real store, fake Whisul, everything wired as the engine wires it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from tests.jobs.fake_whisul import FakeWhisul
from tests.jobs.virtual import VirtualClock
from whisul_tui.domain import Job, JobState
from whisul_tui.domain.gate import Gate
from whisul_tui.jobs.monitor import Monitor
from whisul_tui.jobs.outbox import Outbox
from whisul_tui.jobs.owners import this_process
from whisul_tui.jobs.passage import Passage, Terms
from whisul_tui.jobs.ports import Client
from whisul_tui.jobs.recovery import RecoveryJournal
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.storage import JobStore, Owner

ACCOUNT = "account-a"


@dataclass
class Working:
    """One process' monitor; `told` is what its subscribers heard, with the time."""

    store: JobStore
    clock: VirtualClock
    passage: Passage
    outbox: Outbox
    monitor: Monitor
    told: list[tuple[float, frozenset[int]]] = field(default_factory=list)

    def hold(self, prompt: str = "soft rain", delay: float = 0.0) -> int:
        """A prompt for the outbox, as the engine's command does it."""
        now = self.clock()
        number = self.store.hold(prompt, account=ACCOUNT, now=now, not_before=now + delay).number
        self.monitor.nudge()
        return number

    def running(self, job_id: str = "job-1", age: float = 0.0, due_in: float | None = None) -> int:
        """A job that another process has sent, `age` seconds ago."""
        now = self.clock()
        other = Owner("elsewhere", 1, 1.0)
        number = self.store.hold(job_id, account=ACCOUNT, now=now - age, not_before=now - age).number
        with self.store.turn() as turn:
            assert turn.claim_submission(number, other, now)
        assert self.store.leaving(number, other, now - age)
        assert self.store.accepted(number, job_id, now - age, now + (10.0 - age if due_in is None else due_in))
        self.monitor.nudge()
        return number

    def job(self, number: int) -> Job:
        """The job as the store has it."""
        found = self.store.get(number)
        assert found is not None
        return found

    def state(self, number: int) -> JobState:
        """Where a job stands."""
        return self.job(number).state

    def gate(self) -> Gate:
        """The account's gate as the store has it."""
        with self.store.turn() as turn:
            return turn.gate(ACCOUNT)


def build(
    store: JobStore,
    clock: VirtualClock,
    client: Callable[[], Client],
    *,
    rhythm: Rhythm | None = None,
    seed: int = 1,
    owner: Owner | None = None,
    max_in_flight: int | None = None,
) -> Working:
    """The parts of one process, wired; nothing runs yet."""
    terms = Terms(ACCOUNT, rhythm or Rhythm(), owner or this_process(), clock, Random(seed), max_in_flight)
    passage = Passage(store, terms, ACCOUNT)
    told: list[tuple[float, frozenset[int]]] = []

    def tell(numbers: frozenset[int]) -> None:
        told.append((clock(), numbers))

    outbox = Outbox(passage, RecoveryJournal(store.database.path.with_name("recovery.jsonl")), tell)
    monitor = Monitor(passage, outbox, client, monotonic=clock.monotonic, changed=tell)
    return Working(store, clock, passage, outbox, monitor, told)


@asynccontextmanager
async def at_work(working: Working, patience: float = 0.0) -> AsyncIterator[Working]:
    """Runs the monitor while the block lasts, and lets it finish."""
    task = asyncio.create_task(working.monitor.run(lambda: None))
    try:
        yield working
    finally:
        working.monitor.end()
        await task
        await working.monitor.finish(patience)


async def until(true: Callable[[], bool], seconds: float = 600.0) -> None:
    """Lets virtual time pass until something is true."""
    for _ in range(int(seconds / 0.05)):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come to pass")


def fake(clock: VirtualClock, **settings: object) -> tuple[FakeWhisul, Callable[[], Client]]:
    """A fake Whisul and what makes a client of it."""
    whisul = FakeWhisul(clock, **settings)  # type: ignore[arg-type]  # settings are the fields of FakeWhisul
    return whisul, lambda: whisul
