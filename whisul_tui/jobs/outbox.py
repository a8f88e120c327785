"""The outbox: sends a held prompt once, and writes each step to the store before it is taken.

held -> (claimed) -> sending, written just before bytes leave -> running | rejected | unconfirmed | held again.
A prompt that may have left is never sent again by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from whisul_tui.api.errors import BadReply, KeyRefused, Limited, NotFound, Rejected, Unavailable, WhisulError
from whisul_tui.domain.clean import clean_line
from whisul_tui.domain.job import Job
from whisul_tui.jobs.gate_rules import Answer, Answered
from whisul_tui.jobs.passage import Passage
from whisul_tui.jobs.ports import Client
from whisul_tui.jobs.recovery import Accepted, RecoveryJournal
from whisul_tui.storage import StoreError

STALE_CLAIM = 5.0  # seconds: one that did not begin to leave by then is claimed anew, its process was stopped
CLOSED = "whisul-tui was closed after the prompt had left and before the answer came."
UNEXPECTED = "The prompt had left when something unexpected happened; see the log."
_log = logging.getLogger(__name__)


class WithdrawnError(Exception):
    """The prompt must not leave now: the gate closed, the claim was lost, or the program ends."""


class _Result(NamedTuple):
    """A step that the store has yet to take; `job_id` for an accepted one."""

    write: Callable[[], object]
    job_id: str | None = None


class Outbox:
    """Sends prompts that were claimed. What the store cannot take at once is kept and tried again until it does."""

    def __init__(
        self,
        passage: Passage,
        journal: RecoveryJournal,
        left: Callable[[frozenset[int]], None] = lambda _numbers: None,
    ) -> None:
        """`left` hears of each job that is *sending* now."""
        self._passage = passage
        self._store, self._terms = passage.store, passage.terms
        self._journal = journal
        self._results: dict[int, _Result] = {}
        self._journalled = False
        self._left = left
        self.connecting: set[int] = set()  # claimed, and not *sending* yet
        self.closing = False  # set when nothing more may leave

    @property
    def unsaved(self) -> tuple[str, ...]:
        """Ids of accepted jobs that are not in the store yet."""
        return tuple(result.job_id for result in self._results.values() if result.job_id)

    def recover(self) -> None:
        """Takes into the store what an earlier run could only write to the journal; raises StoreError."""
        try:
            left = self._journal.settle(self._recovered)
        except OSError as error:
            _log.error("%s cannot be read: %s", self._journal.path.name, error.strerror)
            return
        if left:
            _log.error("%d lines of %s fit no job of the store", left, self._journal.path.name)

    def write_results(self) -> None:
        """Tries again what the store could not take; raises StoreError if it still cannot."""
        trouble: StoreError | None = None
        for number, result in list(self._results.items()):
            try:
                result.write()
            except StoreError as error:
                trouble = error
            else:
                del self._results[number]
        if trouble is not None:
            raise trouble
        if self._journalled:
            self._journalled = False
            self.recover()

    async def send(self, client: Client, number: int, claimed_at: float, *, probe: bool) -> None:
        """One POST of a claimed job; cancelled after it has left, the job becomes unconfirmed."""
        job = self._store.get(number)
        if job is None or abs(self._terms.clock() - claimed_at) > STALE_CLAIM:
            self._withdraw(number, probe=probe)
            return
        left_at: float | None = None

        async def on_leaving() -> None:
            nonlocal left_at
            left_at = self._leave(number, probe=probe)

        def on_refused() -> None:
            with suppress(StoreError):  # then with the other results, a moment later
                self._refused(number)

        self.connecting.add(number)
        try:
            accepted = await client.submit(
                job.prompt, client_id=job.client_id, on_leaving=on_leaving, on_refused=on_refused
            )
        except (WithdrawnError, StoreError) as error:
            if isinstance(error, StoreError):
                self.not_sent(number, self._terms.clock())  # whether or not the step was stored: nothing has left
                self._passage.enter(None, probe=probe)
                raise
            self._withdraw(number, probe=probe)
        except Exception as error:  # noqa: BLE001 - whatever it is, the job's state must say whether it was sent
            self._failed(number, left_at, error, probe=probe)
        except BaseException:  # cancelled: the program ends
            if left_at is None:
                self._withdraw(number, probe=probe)
            else:
                self._unconfirmed(number, CLOSED)
                self._passage.enter(None, probe=probe)
            raise
        else:
            self._accepted(job, accepted.job_id)
            sent_at = self._terms.clock() if left_at is None else left_at
            self._passage.enter(Answer(Answered.SERVED, sent_at, pause=accepted.pause), probe=probe)
        finally:
            self.connecting.discard(number)

    def _leave(self, number: int, *, probe: bool) -> float:
        """The last look before bytes leave, in one transaction with the step to *sending*; gives the time."""
        terms = self._terms
        with self._passage.turn(durable=True) as opened:
            now, gate = opened.turn.now, opened.gate
            shut = gate.refused_key or now < gate.until or (gate.half and not probe)
            most = terms.max_in_flight
            full = most is not None and opened.turn.in_flight(terms.account) >= most
            leaves = not (self.closing or shut or full) and self._store.leaving(number, terms.owner, now)
        if not leaves:
            raise WithdrawnError
        self.connecting.discard(number)
        self._left(frozenset({number}))
        return now

    def _accepted(self, job: Job, job_id: str) -> None:
        now = self._terms.clock()
        due_at = self._terms.rhythm.first_poll(now)
        owner = self._terms.owner

        def write() -> None:
            if not self._store.accepted(job.number, job_id, now, due_at, owner=owner):
                self._disputed(job.number, job_id)

        try:
            write()
        except StoreError as error:
            _log.error("job %s was accepted and the store cannot take it yet: %s", job_id, error)
            self._results[job.number] = _Result(write, job_id)
            self._journalled = True
            try:
                self._journal.append(Accepted(job.client_id, job_id, now))
            except OSError as second:
                _log.error("nor can %s: %s", self._journal.path.name, second.strerror)

    def _failed(self, number: int, left_at: float | None, error: Exception, *, probe: bool) -> None:
        now, terms = self._terms.clock(), self._terms
        not_before: float | None = None
        match error:
            case Rejected() | NotFound():
                self._record(number, lambda: self._store.rejected(number, str(error), now, owner=terms.owner))
            case Limited() | KeyRefused():
                self._record(number, lambda: self._refused(number))
            case Unavailable(sent=True) | BadReply(sent=True):
                self._unconfirmed(number, error.sentence)
            case WhisulError():
                not_before = terms.rhythm.after_error(now, terms.random)
            case _:
                _log.error("a submission failed unexpectedly: %s", type(error).__name__, exc_info=error)
                if left_at is not None:
                    self._unconfirmed(number, UNEXPECTED)
                else:
                    not_before = terms.rhythm.after_error(now, terms.random)
        if not_before is not None:
            self.not_sent(number, not_before)
        self._passage.enter_error(error, now if left_at is None else left_at, probe=probe)

    def _refused(self, number: int) -> None:
        """Whisul did not take it: held again, at once, for a kill in between would leave a doubt that is none.

        The gate is closed a moment later: another process must not find the prompt ready meanwhile.
        """
        now = self._terms.clock()
        self._store.held_again(number, now, now + self._terms.rhythm.waits[0], owner=self._terms.owner)

    def _withdraw(self, number: int, *, probe: bool) -> None:
        now, owner = self._terms.clock(), self._terms.owner
        self._record(number, lambda: self._store.let_go(number, now, owner=owner))
        self._passage.enter(None, probe=probe)

    def not_sent(self, number: int, not_before: float) -> None:
        """A claimed prompt stays held; it may leave at `not_before`."""
        now, owner = self._terms.clock(), self._terms.owner
        self._record(number, lambda: self._store.held_again(number, now, not_before, owner=owner))

    def _unconfirmed(self, number: int, evidence: str) -> None:
        now, owner, words = self._terms.clock(), self._terms.owner, clean_line(evidence, 500)
        self._record(number, lambda: self._store.unconfirmed(number, words, now, owner=owner))

    def _record(self, number: int, write: Callable[[], object]) -> None:
        """Writes at the monitor's next step, before anything else leaves; until the store takes it."""
        self._results[number] = _Result(write)

    def _disputed(self, number: int, job_id: str) -> None:
        """Accepted, but the row is not ours to change: right if it has the id already, else worth a line of the log."""
        job = self._store.get(number)
        if job is None or job.job_id != job_id:
            _log.error("job %s was accepted for number %d, which is in another state", job_id, number)

    def _recovered(self, accepted: Accepted) -> bool:
        return self._store.recover(accepted.client_id, accepted.job_id, self._terms.clock())
