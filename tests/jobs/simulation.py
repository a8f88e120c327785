"""A simulation in virtual time that sends nothing but what the product's own pacing decides.

Some processes share one account's gate and its jobs (a book in memory stands for the store) and talk to a
`LimitedService`. The trace is judged by `judge`, which knows the promises and not the code.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.jobs.limited_service import EPOCH, LimitedService, Limits
from whisul_tui.domain.gate import Gate
from whisul_tui.jobs import gate_rules, pacing
from whisul_tui.jobs.gate_rules import Answer, Answered
from whisul_tui.jobs.rhythm import Rhythm

DOCUMENTED = Rhythm()
NO_LIMITS = Limits()
KINDS = {200: Answered.SERVED, 429: Answered.LIMITED}


@dataclass(frozen=True)
class Scenario:
    """`jobs` prompts are wanted over `spread` seconds and run `median` seconds (log-normal); `downs` are
    (process, from, to, killed): stopped for that time, or killed then and started anew. No job may go unanswered for
    more than `silence` seconds (and the outage, and the downs)."""

    jobs: int = 20
    spread: float = 200.0
    median: float = 100.0
    limits: Limits = NO_LIMITS
    processes: int = 1
    known: bool = False
    downs: tuple[tuple[int, float, float, bool], ...] = ()
    horizon: float = 6 * 3600.0
    rhythm: Rhythm = DOCUMENTED
    silence: float = 300.0


@dataclass
class SimJob:
    """One job's times, None while they have not come."""

    duration: float
    accepted: float | None = None
    asked: float = 0.0
    seen: float = 0.0
    due: float | None = None
    noticed: float | None = None
    unconfirmed: bool = False
    answered: float = 0.0
    worst_silence: float = 0.0


@dataclass(frozen=True)
class Event:
    """A line of the trace: `what` is send or answer; `until` is the product's gate after an answer,
    where it is known."""

    what: str
    at: float
    process: int
    job: int
    pick: pacing.Pick
    status: int = 200
    retry_after: float | None = None
    sent_at: float = 0.0
    until: float | None = None
    waiting: bool = False


@dataclass
class Process:
    """What one process keeps in memory; `life` changes when it is killed, so that answers to its former self fall."""

    number: int
    pace: pacing.Pace = field(default_factory=pacing.Pace)
    flying: int = 0
    submissions: int = 0
    wake_at: float = math.inf
    life: int = 0


@dataclass
class Simulation:
    """Runs a scenario; afterwards `trace`, `jobs` and `ended_at` tell what happened."""

    scenario: Scenario
    seed: int
    trace: list[Event] = field(default_factory=list)
    ended_at: float = 0.0

    def __post_init__(self) -> None:
        sc = self.scenario
        self.random = Random(f"{self.seed} client")
        lot = Random(f"{self.seed} jobs")
        self.service = LimitedService(sc.limits, Random(f"{self.seed} service"))
        self.jobs = [SimJob(lot.lognormvariate(math.log(sc.median), 0.25)) for _ in range(sc.jobs)]
        self.now, self.order, self.events = EPOCH, 0, []  # type: ignore[var-annotated]
        self.processes = [Process(number) for number in range(sc.processes)]
        self.held: deque[int] = deque()
        self.due: list[tuple[float, int]] = []  # (due, job): jobs not due yet; stale entries are skipped
        self.ready: list[tuple[float, int]] = []  # (observed until, job): due jobs, the longest unobserved first
        self.left = sc.jobs
        self.gate = Gate()
        if sc.known and sc.limits.limit:
            self.gate = Gate(rate=0.9 * sc.limits.limit / 60, tentative=False, learnt_at=EPOCH)
        for job in range(sc.jobs):
            self.at(EPOCH + (lot.uniform(0, sc.spread) if job % 2 else 0.0), self._want, job)
        for process, start, end, killed in sc.downs:
            if killed:
                self.at(EPOCH + start, self._kill, process)
            self.at(EPOCH + end, self._pump, self.processes[process])

    @property
    def job_hours(self) -> float:
        """Hours that jobs ran at the service and were watched."""
        return sum((job.noticed or self.ended_at) - job.accepted for job in self.jobs if job.accepted) / 3600

    def at(self, when: float, action: Callable[..., None], *args: object) -> None:
        self.order += 1
        heapq.heappush(self.events, (when, self.order, action, args))

    def run(self) -> Simulation:
        """Until every job is noticed, or the horizon."""
        end = EPOCH + self.scenario.horizon
        while self.events and self.left and self.events[0][0] <= end:
            self.now, _, action, args = heapq.heappop(self.events)
            action(*args)
        self.ended_at = self.now if not self.left else end
        return self

    # -- the book: what the store does in the product

    def _plan(self, job: int, due: float) -> None:
        self.jobs[job].due = due
        heapq.heappush(self.due, (due, job))

    def _observed(self, job: int) -> float:
        it = self.jobs[job]
        assert it.accepted is not None
        return max(it.seen, it.accepted + self.scenario.rhythm.young)

    def _most_overdue(self) -> int | None:
        while self.due and self.due[0][0] <= self.now:
            due, job = heapq.heappop(self.due)
            if self.jobs[job].due == due and self.jobs[job].noticed is None:
                heapq.heappush(self.ready, (self._observed(job), job))
        while self.ready:
            observed, job = self.ready[0]
            it = self.jobs[job]
            if it.noticed is None and it.due is not None and it.due <= self.now and self._observed(job) == observed:
                return job
            heapq.heappop(self.ready)
        return None

    def _next_due(self) -> float | None:
        while self.due and self.jobs[self.due[0][1]].due != self.due[0][0]:
            heapq.heappop(self.due)
        return self.due[0][0] if self.due else None

    # -- processes

    def _down(self, process: int) -> tuple[float, float, float, bool] | None:
        downs = (d for d in self.scenario.downs if d[0] == process)
        return next((d for d in downs if EPOCH + d[1] <= self.now < EPOCH + d[2]), None)

    def _kill(self, process: int) -> None:
        old = self.processes[process]
        self.processes[process] = Process(process, life=old.life + 1)

    def _want(self, job: int) -> None:
        self.held.append(job)
        self._pump_all()

    def _pump_all(self) -> None:
        for process in self.processes:
            self._pump(process)

    def _wake(self, process: Process) -> None:
        if process.wake_at <= self.now:
            process.wake_at = math.inf
            self._pump(process)

    def _sleep(self, process: Process, until: float | None) -> None:
        if self.scenario.processes > 1:  # in the product: a look at data_version every second
            until = min(until or math.inf, self.now + 1)
        if until is not None and until < process.wake_at:
            process.wake_at = max(until, self.now + 0.001)
            self.at(process.wake_at, self._wake, process)

    def _pump(self, process: Process) -> None:
        rhythm = self.scenario.rhythm
        if self._down(process.number):
            return
        while process.flying < rhythm.in_flight:
            job = self._most_overdue()
            scene = pacing.Scene(
                None if job is None else self.now - self._observed(job),
                bool(self.held) and process.submissions < rhythm.submissions_in_flight,
                self._next_due(),
            )
            decision = pacing.decide(self.gate, scene, process.pace, rhythm, self.now)
            self.gate, process.pace = decision.gate, decision.pace
            if decision.pick is None:
                self._sleep(process, decision.until)
                return
            waiting = scene.submission
            if decision.pick is pacing.Pick.SUBMISSION:
                job = self.held.popleft()
            assert job is not None
            self._send(process, job, decision.pick, waiting=waiting)

    def _send(self, process: Process, job: int, pick: pacing.Pick, *, waiting: bool) -> None:
        it, latency = self.jobs[job], self.service.latency()
        process.flying += 1
        if pick is pacing.Pick.POLL:
            it.asked = self.now
            self._plan(job, self.now + self.scenario.rhythm.poll_max_seconds)  # the lease
        else:
            process.submissions += 1
        self.trace.append(Event("send", self.now, process.number, job, pick, waiting=waiting))
        self.at(self.now + latency / 2, self._arrive, process, process.life, job, pick, self.now, latency / 2)

    def _arrive(self, process: Process, life: int, job: int, pick: pacing.Pick, sent: float, back: float) -> None:
        status, retry_after = self.service.handle(self.now)
        if status == 0:
            back = 30.0
            for renewal in range(1, 6):
                self.at(sent + 5.0 * renewal, self._renew, process, life, job, sent)
        it = self.jobs[job]
        done = it.accepted is not None and self.now >= it.accepted + it.duration
        self.at(self.now + back, self._answer, process, life, job, pick, status, retry_after, sent, done)

    def _renew(self, process: Process, life: int, job: int, sent: float) -> None:
        it = self.jobs[job]
        mine = it.asked == sent and it.noticed is None and it.accepted is not None
        if mine and life == self.processes[process.number].life and not self._down(process.number):
            self._plan(job, self.now + self.scenario.rhythm.poll_max_seconds)

    def _answer(
        self,
        process: Process,
        life: int,
        job: int,
        pick: pacing.Pick,
        status: int,
        retry_after: float | None,
        sent: float,
        done: bool,
    ) -> None:
        if life != self.processes[process.number].life:
            if pick is pacing.Pick.SUBMISSION:  # its process is dead: the next start calls it unconfirmed
                self._give_up(job)
            return
        if down := self._down(process.number):  # the answer lies in the socket until the process goes on
            self.at(EPOCH + down[2], self._answer, process, life, job, pick, status, retry_after, sent, done)
            return
        process.flying -= 1
        process.submissions -= pick is pacing.Pick.SUBMISSION
        answer = Answer(KINDS.get(status, Answered.FAILED), sent, retry_after)
        self.gate = gate_rules.answered(self.gate, answer, self.scenario.rhythm, self.now, self.random)
        self.trace.append(
            Event("answer", self.now, process.number, job, pick, status, retry_after, sent, self.gate.until)
        )
        if pick is pacing.Pick.SUBMISSION:
            self._submitted(job, status)
        elif self.jobs[job].noticed is None and (done or self.jobs[job].asked == sent):  # else others asked meanwhile
            self._polled(job, status, sent, done=done)
        self._pump_all()

    def _submitted(self, job: int, status: int) -> None:
        if status == 200:
            it = self.jobs[job]
            it.accepted = it.seen = it.answered = self.now
            self._plan(job, self.scenario.rhythm.first_poll(self.now))
        elif status == 429:
            self.held.append(job)
        else:
            self._give_up(job)

    def _give_up(self, job: int) -> None:
        self.jobs[job].unconfirmed = True
        self.left -= 1

    def _polled(self, job: int, status: int, sent: float, *, done: bool) -> None:
        it, rhythm = self.jobs[job], self.scenario.rhythm
        assert it.accepted is not None
        if status == 200:
            it.worst_silence = max(it.worst_silence, self.now - it.answered)
            it.seen = it.answered = self.now
            if done:
                it.noticed, it.due = self.now, None
                self.left -= 1
            else:
                self._plan(job, rhythm.next_poll(it.accepted, sent, self.now))
        elif status == 429:
            self._plan(job, rhythm.after_refusal(sent, self.now))
        else:
            self._plan(job, rhythm.after_error(self.now, self.random))
