"""What leaves in a round: within one short turn of the store, decided by pacing and claimed there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from whisul_tui.jobs.gate_rules import probe_withdrawn
from whisul_tui.jobs.outbox import Outbox
from whisul_tui.jobs.pacing import Decision, Pace, Pick, Scene, decide
from whisul_tui.jobs.passage import Opened, Passage
from whisul_tui.jobs.status import EngineStatus, status_of
from whisul_tui.storage import Due


@dataclass
class Flight:
    """A request of this process between its claim and its end; `due` for a poll, None for a submission."""

    number: int
    due: Due | None
    probe: bool
    claimed_at: float
    renewed_at: float
    task: asyncio.Task[None] | None = None


@dataclass
class Plan:
    """What a turn decided: these leave once it is committed, and `until` (seconds since 1970) says when to look again
    (None: when something changes)."""

    departures: list[Flight] = field(default_factory=list)
    until: float | None = None
    status: EngineStatus = field(default_factory=EngineStatus)


class Dispatcher:
    """Knows what of this process' is in flight (by the job's number), and fills the free places."""

    def __init__(self, passage: Passage, outbox: Outbox) -> None:
        self._passage, self._outbox = passage, outbox
        self._store, self._terms = passage.store, passage.terms
        self._pace = Pace()
        self.flights: dict[int, Flight] = {}

    def plan(self, quiet: float = 0.0) -> Plan:
        """One transaction: enters the answers, decides and claims. `quiet`: so many seconds nothing may leave."""
        plan, poll_at = Plan(), None
        with self._passage.turn() as opened:
            now = opened.turn.now
            self._renew(now)
            self._passage.running = opened.turn.in_flight(self._terms.account)
            may_submit = True
            while quiet <= 0 and len(self.flights) + len(plan.departures) < self._terms.rhythm.in_flight:
                due = opened.turn.most_overdue(self._terms.account, now, self._terms.rhythm.young)
                number = self._ready(opened, plan.departures) if may_submit else None
                may_submit = number is not None  # what was not ready a moment ago is not now
                next_at = self._next_at(opened) if due is None and number is None else None
                scene = Scene(due.unseen if due else None, number is not None, next_at)
                decision = decide(opened.gate, scene, self._pace, self._terms.rhythm, now)
                opened.gate, self._pace, plan.until = decision.gate, decision.pace, decision.until
                if decision.pick is None:
                    poll_at = decision.until if due else None
                    break
                flight = self._claimed(opened, decision, due, number)
                if flight is not None:
                    plan.departures.append(flight)
            plan.until = self._soonest(now + quiet if quiet > 0 else plan.until, plan.departures)
            plan.status = self._status(opened, poll_at, bool(plan.departures))
        return plan

    def is_ours(self, flight: Flight) -> bool:
        """Whether a poll's claim still holds: it does not if this process stood still for longer than the lease."""
        return self._terms.clock() - flight.renewed_at <= self._terms.rhythm.lease

    def _ready(self, opened: Opened, departures: list[Flight]) -> int | None:
        """A submission that could leave, within the bounds on submissions in flight and on jobs at Whisul."""
        terms, turn = self._terms, opened.turn
        claimed = sum(flight.due is None for flight in departures)
        flying = claimed + sum(flight.due is None for flight in self.flights.values())
        if flying >= terms.rhythm.submissions_in_flight:
            return None
        there = self._passage.running + len(self._outbox.connecting) + claimed
        if terms.max_in_flight is not None and there >= terms.max_in_flight:
            return None
        number = turn.ready_submission(terms.account, turn.now, terms.owner)
        # A clock that was set makes our own claim look like one that ran out: what is on its way is not sent again.
        return None if number in self.flights else number

    def _next_at(self, opened: Opened) -> float | None:
        """When the next job falls due or leaves the undo delay; what waits for something else is no time to wake at."""
        turn, account = opened.turn, self._terms.account
        times = (turn.next_due(account), turn.next_held(account))
        return min((moment for moment in times if moment is not None and moment > turn.now), default=None)

    def _claimed(self, opened: Opened, decision: Decision, due: Due | None, number: int | None) -> Flight | None:
        turn, now = opened.turn, opened.turn.now
        if decision.pick is Pick.POLL and due is not None:
            floor = self._terms.rhythm.poll_min_seconds
            if turn.claim_poll(due.number, now, floor, lease=self._terms.rhythm.lease):
                return Flight(due.number, due, decision.probe, now, now)
            # Due before its floor is over: the user asked, or the clock was set. Nobody can be quicker inside a turn.
            self._store.poll_failed(due.number, now, min(due.asked_at or now, now) + floor)
        elif number is not None and turn.claim_submission(number, self._terms.owner, now):
            return Flight(number, None, decision.probe, now, now)
        if decision.probe:
            opened.gate = probe_withdrawn(opened.gate)
        return None

    def _renew(self, now: float) -> None:
        """A poll that takes long stays ours while we live."""
        for flight in self.flights.values():
            if flight.due is not None and now - flight.renewed_at >= self._terms.rhythm.lease / 2:
                self._store.poll_failed(flight.number, now, now + self._terms.rhythm.lease)
                flight.renewed_at = now

    def _soonest(self, until: float | None, departures: list[Flight]) -> float | None:
        polls = [flight for flight in (*self.flights.values(), *departures) if flight.due is not None]
        times = (until, *(flight.renewed_at + self._terms.rhythm.lease / 2 for flight in polls))
        return min((moment for moment in times if moment is not None), default=None)

    def _status(self, opened: Opened, poll_at: float | None, leaves: bool) -> EngineStatus:
        turn, account = opened.turn, self._terms.account
        next_due, next_held = turn.next_due(account), turn.next_held(account)
        flying = turn.now if leaves or self.flights else None
        next_at = min((moment for moment in (next_due, next_held, flying) if moment is not None), default=None)
        next_poll_at = None if next_due is None else max(poll_at or next_due, turn.now)
        return status_of(opened.gate, turn.now, next_poll_at, next_at, self._passage.trouble)
