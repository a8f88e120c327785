"""The one loop: lets leave what was decided and claimed, waits for whatever comes first, and outlives all trouble."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from whisul_tui.jobs.dispatch import Dispatcher, Flight
from whisul_tui.jobs.gate_rules import clock_jumped
from whisul_tui.jobs.outbox import Outbox
from whisul_tui.jobs.owners import Owners
from whisul_tui.jobs.passage import Passage
from whisul_tui.jobs.poller import Poller
from whisul_tui.jobs.ports import Client, Clock
from whisul_tui.jobs.status import EngineStatus, Phase
from whisul_tui.storage import StoreError

LOOK_SECONDS = 1.0  # between two looks for other processes' writes while anything is open
IDLE_LOOK_SECONDS = 2.0  # and while nothing is
ORPHAN_SECONDS = 15.0  # between two looks for what dead processes left
LEAST_REST = 0.002  # whatever a decision says, the loop breathes
CROWD_REST = 0.02  # the same where many jobs run: what lands and falls due meanwhile is one round
JUMP_SECONDS = 2.0  # the wall clock ran so far from the monotonic one: it was set, or the machine slept
FAILURE_PAUSE = 5.0
CLOSE_SECONDS = 0.5
_BACKOFF = (1.0, 2.0, 4.0, 8.0, 15.0)
_log = logging.getLogger(__name__)


class Monitor:
    """Runs on one event loop until it is told to end; only `nudge` may be called from elsewhere, through the loop.

    `changed` hears the numbers of jobs that this process may have changed (empty: another process wrote, or the status
    is another one). Nothing ends the loop but `end`: trouble with the store is told and tried again.
    """

    def __init__(
        self,
        passage: Passage,
        outbox: Outbox,
        client: Callable[[], Client],
        *,
        monotonic: Clock,
        changed: Callable[[frozenset[int]], None],
    ) -> None:
        self._passage, self._outbox = passage, outbox
        self._store, self._terms = passage.store, passage.terms
        self._poller = Poller(passage)
        self._dispatcher = Dispatcher(passage, outbox)
        self._make_client = client
        self._client: Client | None = None
        self._monotonic = monotonic
        self._changed = changed
        self._owners = Owners(passage.terms.owner, monotonic)
        self._nudge = asyncio.Event()
        self._ending = False
        self._landed: set[int] = set()  # flights that ended: told of when the store has learnt of them
        self._recovered = False
        self._orphans_at = 0.0  # monotonic, as the following ones
        self._quiet_until = 0.0
        self._troubles = 0
        self._version = -1
        self._looked = (passage.terms.clock(), monotonic())
        self.status = EngineStatus()

    def nudge(self) -> None:
        """There may be something to do."""
        self._nudge.set()

    def ask_now(self, number: int) -> bool:
        """Has a running job asked as soon as its floor allows, counted from the last answer, not from the question:
        the server must see it kept however long the earlier request took to connect."""
        if number in self._dispatcher.flights:
            return self._dispatcher.flights[number].due is not None
        now, rhythm = self._terms.clock(), self._terms.rhythm
        with self._store.turn():
            asked, job = self._store.ask_now(number, now, rhythm.refresh_floor), self._store.get(number)
            if asked and job is not None and job.polled_at and job.due_at:
                again = min(job.polled_at.timestamp(), now) + rhythm.poll_min_seconds
                self._store.poll_failed(number, now, max(again, job.due_at.timestamp()))
        return asked

    def end(self) -> None:
        """Nothing more leaves; `run` returns."""
        self._ending = self._outbox.closing = True
        self._nudge.set()

    async def run(self, commands: Callable[[], None]) -> None:
        """The loop; `commands` is called in each round and does what other threads asked for."""
        while not self._ending:
            self._nudge.clear()
            commands()
            await self._rest(self._round())

    async def finish(self, patience: float) -> None:
        """Lets submissions under way end for at most `patience` seconds, gives polls back and closes the client."""
        flights = list(self._dispatcher.flights.values())
        submissions = [flight.task for flight in flights if flight.task and flight.due is None]
        polls = [flight.task for flight in flights if flight.task and flight.due is not None]
        for task in polls:
            task.cancel()
        if submissions:
            await asyncio.wait(submissions, timeout=patience)
            for task in submissions:
                task.cancel()
        await asyncio.gather(*submissions, *polls, return_exceptions=True)
        try:
            self._outbox.write_results()
            with self._passage.turn():
                pass
        except StoreError as error:
            self.status = self._in_trouble(error)
        self._changed(frozenset(self._landed))
        if self._client is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self._client.aclose()

    # -- a round

    def _round(self) -> float | None:
        """Decides once; gives when the next round is due, in seconds since 1970 (None: when something changes)."""
        try:
            self._prepare()
            self._outbox.write_results()
            landed = frozenset(self._landed)
            self._watch_clock()
            plan = self._dispatcher.plan(self._quiet_until - self._monotonic())
            self._landed -= landed
        except StoreError as error:
            self._set_status(self._in_trouble(error), frozenset())
            self._troubles += 1
            return self._terms.clock() + _BACKOFF[min(self._troubles, len(_BACKOFF)) - 1]
        except Exception as error:  # noqa: BLE001 - the loop outlives a mistake of ours: jobs must go on
            _log.error("the monitor met something unexpected: %s", type(error).__name__, exc_info=error)
            return self._terms.clock() + FAILURE_PAUSE
        self._troubles = 0
        for flight in plan.departures:
            self._dispatcher.flights[flight.number] = flight
            flight.task = asyncio.create_task(self._fly(flight))
        self._set_status(plan.status, landed)
        return plan.until

    def _prepare(self) -> None:
        """Once: what an earlier run left; now and then: what processes that died left."""
        if not self._recovered:
            self._outbox.recover()
            self._recovered = True
        if self._monotonic() >= self._orphans_at:
            self._landed.update(self._store.orphaned(self._owners.is_alive, self._terms.clock()))
            self._orphans_at = self._monotonic() + ORPHAN_SECONDS
        if self._others_wrote():
            self._changed(frozenset())

    def _watch_clock(self) -> None:
        """A wall clock that was set must neither open the gate nor make jobs due within their floor.

        Set back, it makes the store begin the jobs' waits anew; set forward, nothing may leave for as long as a floor.
        """
        ahead = self._clock_ahead()
        self._looked = self._terms.clock(), self._monotonic()
        if ahead > JUMP_SECONDS:
            self._quiet_until = self._monotonic() + self._terms.rhythm.poll_min_seconds
        if abs(ahead) > JUMP_SECONDS:
            with self._passage.turn() as opened:
                opened.gate = clock_jumped(opened.gate, opened.turn.now, ahead)

    def _clock_ahead(self) -> float:
        """How much further the wall clock went than time, since the last round."""
        return (self._terms.clock() - self._looked[0]) - (self._monotonic() - self._looked[1])

    # -- flights

    async def _fly(self, flight: Flight) -> None:
        number, probe = flight.number, flight.probe
        try:
            if self._client is None:
                self._client = self._make_client()
            if flight.due is not None:
                ours = partial(self._dispatcher.is_ours, flight)
                await self._poller.ask(self._client, flight.due, flight.claimed_at, probe=probe, is_ours=ours)
            else:
                await self._outbox.send(self._client, number, flight.claimed_at, probe=probe)
        except StoreError as error:
            self._set_status(self._in_trouble(error), frozenset())
        except Exception as error:  # noqa: BLE001 - no client could be made, say; tried again as after any failure
            _log.error("a request could not be made: %s", type(error).__name__, exc_info=error)
            if flight.due is None:
                self._outbox.not_sent(number, self._terms.rhythm.after_error(self._terms.clock(), self._terms.random))
            self._passage.enter(None, probe=probe)
        finally:
            self._dispatcher.flights.pop(number, None)
            self._landed.add(number)
            self._nudge.set()

    # -- rest

    async def _rest(self, until: float | None) -> None:
        """Until it is time, somebody nudges, or another process wrote."""
        running = self._passage.running
        if (pause := self._terms.rhythm.burst_pause(running)) is not None:
            await self._gather(pause)
        elif self._terms.rhythm.is_crowd(running):
            await asyncio.sleep(CROWD_REST)
        is_open = bool(self._dispatcher.flights) or self.status.phase is not Phase.IDLE
        look = LOOK_SECONDS if is_open else IDLE_LOOK_SECONDS
        while True:
            left = look if until is None else min(look, max(until - self._terms.clock(), LEAST_REST))
            try:
                async with asyncio.timeout(left):
                    await self._nudge.wait()
                return
            except TimeoutError:
                if until is not None and self._terms.clock() >= until:
                    return
                if self._monotonic() >= self._orphans_at or abs(self._clock_ahead()) > JUMP_SECONDS:
                    return
                if self._others_wrote():
                    self._changed(frozenset())
                    return

    async def _gather(self, pause: float) -> None:
        """Round upon round until nothing is due, then a pause."""
        under_way = [flight.task for flight in self._dispatcher.flights.values() if flight.task is not None]
        if under_way:
            await asyncio.wait(under_way, timeout=CROWD_REST)
        else:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._nudge.wait()

    def _others_wrote(self) -> bool:
        try:
            version = self._store.database.data_version()
        except StoreError:
            return True  # the round meets the same trouble, and tells it
        before, self._version = self._version, version
        return version != before

    # -- status

    def _in_trouble(self, error: StoreError) -> EngineStatus:
        unsaved = self._outbox.unsaved
        message = str(error)
        if unsaved:
            message += f" Accepted and not stored yet, so note it down: {', '.join(unsaved)}."
        return EngineStatus(Phase.STORE_TROUBLE, message=message, unsaved=unsaved)

    def _set_status(self, status: EngineStatus, numbers: frozenset[int]) -> None:
        before, self.status = self.status, status
        told = (before.phase, before.until, before.message) != (status.phase, status.until, status.message)
        if numbers or told:
            self._changed(numbers)
