"""The product whole but for HTTP, in virtual time: monitors over one real SQLite store, against a `LimitedService`.

The trace has the form of the pure simulation's, and the same judge reads it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from tests.jobs.conftest import OpenStore
from tests.jobs.limited_service import LimitedService
from tests.jobs.simulation import Event, Scenario, SimJob
from tests.jobs.virtual import VirtualClock
from tests.jobs.working import Working, build
from whisul_tui.api.client import Accepted, JobReport
from whisul_tui.api.errors import Limited, Unavailable
from whisul_tui.domain import JobState
from whisul_tui.jobs.pacing import Pick


@dataclass
class StoreRun:
    """A run as the judge wants it; `unconfirmed` jobs are those whose submission met a failure."""

    scenario: Scenario
    clock: VirtualClock
    seed: int
    trace: list[Event] = field(default_factory=list)
    jobs: list[SimJob] = field(default_factory=list)
    ended_at: float = 0.0

    def __post_init__(self) -> None:
        lot = Random(f"{self.seed} jobs")
        self.jobs = [SimJob(lot.lognormvariate(4.6, 0.25)) for _ in range(self.scenario.jobs)]
        self.wanted = [lot.uniform(0, self.scenario.spread) if n % 2 else 0.0 for n in range(self.scenario.jobs)]
        self.service = LimitedService(self.scenario.limits, Random(f"{self.seed} service"))

    async def play(self, open_store: OpenStore) -> StoreRun:
        """All processes until every job has ended, or the horizon."""
        processes = [self._process(open_store, number) for number in range(self.scenario.processes)]
        tasks = [asyncio.create_task(process.monitor.run(lambda: None)) for process in processes]
        wanting = asyncio.create_task(self._want(processes))
        for _ in range(int(self.scenario.horizon / 5)):
            if wanting.done() and all(job.noticed or job.unconfirmed for job in self.jobs):
                break
            await asyncio.sleep(5)
        self.ended_at = self.clock()
        for process in processes:
            process.monitor.end()
        await asyncio.gather(wanting, *tasks)
        for process in processes:
            await process.monitor.finish(5.0)
        return self

    def _process(self, open_store: OpenStore, number: int) -> Working:
        client = _Client(self, number)
        return build(open_store(self.clock), self.clock, lambda: client, seed=100 * self.seed + number)

    async def _want(self, processes: list[Working]) -> None:
        start = self.clock()
        for job, wanted in sorted(enumerate(self.wanted), key=lambda item: item[1]):
            await asyncio.sleep(max(0.0, start + wanted - self.clock()))
            processes[job % len(processes)].hold(str(job))

    async def exchange(self, process: int, job: int, pick: Pick) -> bool:
        """A request and its answer; True when a poll finds the job done. Raises as the client does."""
        sent_at, latency = self.clock(), self.service.latency()
        self.trace.append(Event("send", sent_at, process, job, pick))
        await asyncio.sleep(latency / 2)
        status, retry_after = self.service.handle(self.clock())
        it = self.jobs[job]
        done = it.accepted is not None and self.clock() >= it.accepted + it.duration
        await asyncio.sleep(latency / 2 if status else 30.0)
        self.trace.append(Event("answer", self.clock(), process, job, pick, status, retry_after, sent_at))
        if status == 429:
            raise Limited(retry_after)
        if status != 200:
            it.unconfirmed |= pick is Pick.SUBMISSION
            raise Unavailable(sent=True, status=status or None, reason="" if status else "it took too long")
        it.worst_silence = max(it.worst_silence, self.clock() - it.answered if it.answered else 0.0)
        it.answered = self.clock()
        return done


@dataclass
class _Client:
    """The client port of one process."""

    run: StoreRun
    process: int

    async def submit(
        self,
        prompt: str,
        *,
        client_id: str,
        on_leaving: Callable[[], Awaitable[None]] | None = None,
        on_refused: Callable[[], None] | None = None,
    ) -> Accepted:
        assert on_leaving is not None
        await on_leaving()
        try:
            await self.run.exchange(self.process, int(prompt), Pick.SUBMISSION)
        except Limited:
            if on_refused is not None:
                on_refused()
            raise
        self.run.jobs[int(prompt)].accepted = self.run.clock()
        return Accepted(f"job-{prompt}")

    async def job(self, job_id: str) -> JobReport:
        number = int(job_id.removeprefix("job-"))
        if not await self.run.exchange(self.process, number, Pick.POLL):
            return JobReport(JobState.RUNNING)
        self.run.jobs[number].noticed = self.run.clock()
        return JobReport(JobState.COMPLETED)

    async def aclose(self) -> None:
        """Nothing is open."""
