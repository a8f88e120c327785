"""The account's gate as this process passes it: every answer is entered in it before anything further is decided."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from whisul_tui.api.errors import (
    BadReply,
    ConfigurationProblem,
    KeyRefused,
    Limited,
    NotFound,
    Rejected,
    Unavailable,
    WhisulError,
)
from whisul_tui.domain.gate import Gate
from whisul_tui.jobs.gate_rules import Answer, Answered, answered, probe_withdrawn
from whisul_tui.jobs.ports import Clock, Store, Turn
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.storage import Owner, StoreError

_log = logging.getLogger(__name__)


class Terms(NamedTuple):
    """For whom and how this process works: whose jobs, by which rhythm, as which owner; at most `max_in_flight` jobs at
    Whisul at a time, if the user set it. `clock` is the wall clock."""

    account: str
    rhythm: Rhythm
    owner: Owner
    clock: Clock
    random: Random
    max_in_flight: int | None = None


@dataclass
class Opened:
    """A turn with the gate as it stands; what is put in `gate` is saved at the end."""

    turn: Turn
    gate: Gate


class _Entry(NamedTuple):
    """What came of a request (None: it did not leave), when, and what the store is to learn of it."""

    answer: Answer | None
    at: float
    probe: bool
    write: Callable[[], object] | None


@dataclass
class Passage:
    """Gathers answers and enters them, with what they mean for the job, in the next turn: at once or not at all.

    So an answer that the store could not take yet is not lost, and nothing leaves before it counted. `key` names the
    gate in the store; `trouble` is what the last failure said of itself, `running` how many jobs Whisul had at the last
    look.
    """

    store: Store
    terms: Terms
    key: str
    trouble: str = ""
    running: int = 0
    _entries: list[_Entry] = field(default_factory=list)

    def enter(self, answer: Answer | None, *, probe: bool = False, write: Callable[[], object] | None = None) -> None:
        """Keeps an answer for the next turn; `write` is the step of the job that goes with it."""
        self._entries.append(_Entry(answer, self.terms.clock(), probe, write))
        if answer is not None and answer.kind is Answered.SERVED:
            self.trouble = ""

    def enter_error(
        self, error: Exception, sent_at: float, *, probe: bool, write: Callable[[], object] | None = None
    ) -> None:
        """As `enter`, for a request that failed."""
        answer = answer_of(error, sent_at)
        self.enter(answer, probe=probe, write=write)
        if answer.kind is not Answered.SERVED:
            self.trouble = error.sentence if isinstance(error, WhisulError) else ""

    @contextmanager
    def turn(self, *, durable: bool = False) -> Iterator[Opened]:
        """A turn of the store in which all answers so far are entered; raises StoreError, and then keeps them.

        Only a `durable` one waits for the disk. What a power cut takes from the others is asked for again, and they
        hold the store for a seventh of the time: a process that is stopped inside a turn stops all others with it.
        """
        with self.store.turn(durable=durable) as turn:
            before = turn.gate(self.key)
            opened = Opened(turn, before)
            entries = list(self._entries)
            for entry in entries:
                opened.gate = self._entered(opened.gate, entry)
            _count(turn, self.terms.account, entries)
            yield opened
            if opened.gate != before:
                turn.save_gate(self.key, opened.gate)
        del self._entries[: len(entries)]

    def _entered(self, gate: Gate, entry: _Entry) -> Gate:
        if entry.write is not None:
            try:
                entry.write()
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - one impossible value of one job must not hold all others up
                _log.error("a report could not be stored: %s", type(error).__name__)
        if entry.answer is not None:
            return answered(gate, entry.answer, self.terms.rhythm, entry.at, self.terms.random)
        return probe_withdrawn(gate) if entry.probe else gate


def _count(turn: Turn, account: str, entries: list[_Entry]) -> None:
    """What was answered, in the transaction in which it is learnt: for the dashboard, at no cost of its own."""
    kinds = [entry.answer.kind for entry in entries if entry.answer is not None]
    answered_ = [kind for kind in kinds if kind is not Answered.UNREACHED]
    if answered_:
        turn.count_requests(account, len(answered_), answered_.count(Answered.LIMITED))


def answer_of(error: Exception, sent_at: float) -> Answer:
    """What a failed call means for the gate; what nobody foresaw counts as a failure."""
    match error:
        case Limited():
            return Answer(Answered.LIMITED, sent_at, error.retry_after)
        case KeyRefused():
            return Answer(Answered.KEY_REFUSED, sent_at)
        case Rejected() | NotFound():
            return Answer(Answered.SERVED, sent_at)
        case ConfigurationProblem():
            return Answer(Answered.UNREACHED, sent_at)
        case Unavailable() | BadReply():
            return Answer(Answered.FAILED if error.sent else Answered.UNREACHED, sent_at)
        case _:
            return Answer(Answered.FAILED, sent_at)
