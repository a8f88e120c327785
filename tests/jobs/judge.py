"""The promises of polling, judged on a trace by a model of its own: nothing here uses the product's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.jobs.limited_service import EPOCH
from tests.jobs.simulation import Event, Scenario, SimJob
from whisul_tui.jobs.pacing import Pick

WAITS = (5.0, 10.0, 20.0, 40.0, 60.0)
FLOOR, CEILING, LEASE = 5.0, 10.0, 35.0
EPS = 1e-6


class Run(Protocol):
    """What is judged: a scenario and what came of it."""

    scenario: Scenario
    trace: list[Event]
    ended_at: float

    @property
    def jobs(self) -> Sequence[SimJob]: ...


@dataclass
class Judge:
    """Reads a trace event by event and notes each breach as a sentence that begins with the promise's number."""

    simulation: Run
    breaches: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.closed, self.refusals, self.errors = 0.0, 0, 0
        self.earliest = self.latest = 0.0  # between them the gate must open
        self.half = False
        self.probe: Event | None = None
        self.last_poll: dict[int, float] = {}
        self.not_before: dict[int, float] = {}
        self.flying: dict[int, int] = {}
        self.row: dict[int, int] = {}
        self.refused = 0

    def verdict(self) -> set[str]:
        """All breaches of a finished run."""
        for event in self.simulation.trace:
            (self._sent if event.what == "send" else self._answered)(event)
        self._at_the_end()
        return self.breaches

    def _must(self, held: bool, breach: str) -> None:
        if not held:
            self.breaches.add(breach)

    @property
    def _calm(self) -> bool:
        sc = self.simulation.scenario
        limits = sc.limits
        return limits.limit is None and not limits.p500 and not limits.hang and limits.outage[1] == 0

    def _sent(self, event: Event) -> None:
        self.flying[event.process] = self.flying.get(event.process, 0) + 1
        if event.pick is Pick.POLL:
            last = self.last_poll.get(event.job)
            if last is not None:
                self._must(event.at - last >= FLOOR - EPS, "P1 two polls of one job less than 5 s apart")
                if self._calm:
                    self._must(event.at - last <= CEILING + 1.1, "P2 over 10 s between two polls, and nothing limits")
            self.last_poll[event.job] = event.at
            self._must(event.at >= self.not_before.get(event.job, 0) - EPS, "P5 asked again within 10 s of a failure")
        self._must(event.at >= self.earliest - EPS, "P3 a request left while the gate was closed")
        if self.half:
            alive = self.probe is not None and event.at < self.probe.at + LEASE - EPS
            self._must(not alive, "P4 a second request left before the probe was answered")
            self.probe = event
        row = self.row.get(event.process, 0) + 1 if event.pick is Pick.POLL and event.waiting else 0
        self.row[event.process] = row
        if not self.simulation.scenario.downs:  # a process that is killed forgets both, and the trace does not tell
            self._must(self.flying[event.process] <= 4, "P6 over 4 in flight in a process")
            self._must(row <= 2, "P10 three polls in a row passed a waiting submission")

    def _answered(self, event: Event) -> None:
        self.flying[event.process] = self.flying.get(event.process, 0) - 1
        late = event.sent_at < self.closed
        if event.status == 429:
            self.refused += 1
            if not late:
                self.refusals = min(self.refusals + 1, 5)
                self._close(event.at)
                self.errors = 0
            wait = max(WAITS[max(self.refusals, 1) - 1], event.retry_after or 0.0)
            self.earliest = max(self.earliest, event.at + wait)
            self.latest = max(self.latest, event.at + 1.1 * wait)
            self._must(self._opens_in_time(event), "P3 a wait outside of [w, 1.1 w]")
        elif event.status != 200:
            self.errors += 1
            if self.last_poll.get(event.job, 0.0) <= event.sent_at:  # else it was overtaken while its process stood
                self.not_before[event.job] = event.at + 10
            if not late and (self.half or self.errors >= 3):
                self._close(event.at)
                self.earliest = max(self.earliest, event.at + 10)
                self.latest = max(self.latest, event.at + 30)
                self._must(self._opens_in_time(event), "P7 an outage's wait not 10 to 30 s")
        elif not late:
            self.half, self.probe, self.refusals, self.errors = False, None, 0, 0

    def _opens_in_time(self, event: Event) -> bool:
        return event.until is None or self.earliest - EPS <= event.until <= self.latest + EPS

    def _close(self, now: float) -> None:
        self.closed, self.half, self.probe = now, True, None

    def _at_the_end(self) -> None:
        simulation, scenario = self.simulation, self.simulation.scenario
        start, end = scenario.limits.outage
        tries = sum(e.what == "send" and EPOCH + start + 40 <= e.at < EPOCH + end for e in simulation.trace)
        self._must(tries <= (end - start) / 10, "P7 over one request per 10 s in an outage")
        self._must(all(job.noticed or job.unconfirmed for job in simulation.jobs), "P8 a job was never noticed")
        span = simulation.ended_at - EPOCH
        self._must(
            self.refused <= (6 if scenario.known else 25) + span / 120, "P9 too many 429s: the limit is not learnt"
        )
        silence = max((job.worst_silence for job in simulation.jobs), default=0.0)
        slack = end - start + sum(b - a for _, a, b, _ in scenario.downs)
        self._must(silence <= scenario.silence + slack, "P10 a job starved: it went unanswered for too long")
