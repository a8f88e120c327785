"""Asks Whisul for one running job and says what the store is to learn of the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from whisul_tui.api.errors import KeyRefused, Limited, NotFound, WhisulError
from whisul_tui.domain.job import JobState
from whisul_tui.jobs.gate_rules import Answer, Answered
from whisul_tui.jobs.passage import Passage
from whisul_tui.jobs.ports import Client, Report
from whisul_tui.jobs.rhythm import NOT_FOUND_AGE, NOT_FOUND_TRIES
from whisul_tui.storage import Due

_log = logging.getLogger(__name__)


class Poller:
    """Polls jobs that were claimed; every outcome goes through the passage. Never raises for what a server does."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._store, self._terms = passage.store, passage.terms
        self._not_found: dict[int, int] = {}

    async def ask(
        self, client: Client, due: Due, claimed_at: float, *, probe: bool, is_ours: Callable[[], bool] = lambda: True
    ) -> None:
        """One GET; cancelled, it gives the claim back. `is_ours` says whether the claim still is when the answer comes:
        a process that was stopped leaves the job's next time to whoever asked meanwhile, and tells but of its end."""
        sent_at = self._terms.clock()
        if abs(sent_at - claimed_at) > self._terms.rhythm.stale_claim:
            again = claimed_at + self._terms.rhythm.poll_min_seconds
            self._passage.enter(None, probe=probe, write=self._later(due.number, again) if is_ours() else None)
            return
        try:
            report = await client.job(due.job_id)
        except Exception as error:  # noqa: BLE001 - a call that fails in a way nobody foresaw is asked again, too
            self._failed(due, sent_at, error, probe=probe, ours=is_ours())
        except BaseException:  # cancelled: we are being closed, whoever is left may ask when the floor is kept
            # The request may have arrived a moment ago, however long ago it was begun.
            again = self._terms.clock() + self._terms.rhythm.poll_min_seconds
            self._passage.enter(None, probe=probe, write=self._later(due.number, again))
            raise
        else:
            self._not_found.pop(due.number, None)
            answer = Answer(Answered.SERVED, sent_at, pause=report.pause)
            self._passage.enter(answer, probe=probe, write=self._learnt(due, sent_at, report, ours=is_ours()))

    def _learnt(self, due: Due, sent_at: float, report: Report, *, ours: bool) -> Callable[[], object] | None:
        now = self._terms.clock()
        if report.state is JobState.RUNNING:
            if not ours:
                return None
            accepted_at, running = _accepted_at(due, sent_at), self._passage.running
            due_at = self._terms.rhythm.next_poll(accepted_at, sent_at, now, running)
            return lambda: self._store.still_running(
                due.number, now, due_at=due_at, started_at=report.started_at, remote_status=report.remote_status
            )
        return lambda: self._store.settled(
            due.number,
            report.state,
            now,
            song=report.song,
            message=report.message,
            started_at=report.started_at,
            finished_at=report.finished_at,
        )

    def _failed(self, due: Due, sent_at: float, error: Exception, *, probe: bool, ours: bool) -> None:
        now, rhythm = self._terms.clock(), self._terms.rhythm
        match error:
            case Limited() | KeyRefused():
                write = self._later(due.number, rhythm.after_refusal(sent_at, now))
            case NotFound():
                write = self._unknown(due, sent_at, now, error)
            case WhisulError():
                write = self._later(due.number, rhythm.after_error(now, self._terms.random))
            case _:
                _log.error("asking for a job failed unexpectedly: %s", type(error).__name__, exc_info=error)
                write = self._later(due.number, rhythm.after_error(now, self._terms.random))
        self._passage.enter_error(error, sent_at, probe=probe, write=write if ours else None)

    def _unknown(self, due: Due, sent_at: float, now: float, error: NotFound) -> Callable[[], object]:
        """404: the end, unless the job is so young that not all of Whisul may know it yet."""
        tries = self._not_found.get(due.number, 0)
        if now - _accepted_at(due, sent_at) < NOT_FOUND_AGE and tries < NOT_FOUND_TRIES:
            self._not_found[due.number] = tries + 1
            return self._later(due.number, now + self._terms.rhythm.poll_min_seconds)
        self._not_found.pop(due.number, None)
        return lambda: self._store.expired(due.number, now, error.sentence)

    def _later(self, number: int, due_at: float) -> Callable[[], object]:
        now = self._terms.clock()
        return lambda: self._store.poll_failed(number, now, due_at)


def _accepted_at(due: Due, sent_at: float) -> float:
    return sent_at if due.accepted_at is None else due.accepted_at
