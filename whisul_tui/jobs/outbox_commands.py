"""What users tell the outbox by the engine: prompts in, within the budget, and back; pauses, order, other words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from whisul_tui.domain.budget import Budget
from whisul_tui.domain.job import Job
from whisul_tui.domain.prompt import check_prompt
from whisul_tui.jobs.passage import Terms
from whisul_tui.jobs.ports import Store
from whisul_tui.storage.entering import Entry, TakenBack

T = TypeVar("T")


class OutboxCommands:
    """The part of the engine that is about prompts which have not left; every method may be called from any thread.

    `undo_seconds` and `budget` may be set anew at any time. A submission over the budget raises OverBudget by its
    future, and nothing of it is in the outbox; `over_budget` is the user's word that it may pass.
    """

    undo_seconds: float
    budget: Budget
    _store: Store
    _terms: Terms

    def _command(self, work: Callable[[], T], touched: Callable[[T], tuple[int, ...]]) -> Future[T]:
        raise NotImplementedError

    def submit(
        self, prompt: str, *, parent: int | None = None, delay: float | None = None, over_budget: bool = False
    ) -> Future[Job]:
        """Puts a prompt in the outbox; it leaves after `delay` seconds (the undo delay by default)."""
        return self._command(
            lambda: self._hold([Entry(prompt, parent)], delay, over_budget)[0], lambda job: (job.number,)
        )

    def submit_all(
        self,
        entries: Sequence[Entry],
        *,
        template: str | None = None,
        at_once: int | None = None,
        delay: float | None = None,
        over_budget: bool = False,
    ) -> Future[list[Job]]:
        """Puts all of them in the outbox, or none; as one family where `template` is given, see `Entering.hold_all`."""
        chosen = tuple(entries)
        return self._command(lambda: self._hold(chosen, delay, over_budget, template, at_once), _numbers)

    def take_back(self, number: int) -> Future[Job | None]:
        """Takes a held job out of the outbox; None when it is leaving already."""
        return self._command(lambda: self._store.take_back(number), lambda job: () if job is None else (job.number,))

    def take_back_last(self) -> Future[TakenBack | None]:
        """Takes the newest held job back, with the held ones of its family; None when there is none, or it leaves."""
        return self._command(
            lambda: self._store.take_back_last(self._terms.account), lambda taken: _numbers(taken.jobs if taken else ())
        )

    def release(self, number: int) -> Future[bool]:
        """Lets a held job leave now: the undo delay is skipped, and a pause is over."""
        return self._command(lambda: self._store.release(number), lambda _: (number,))

    def pause(self, numbers: Sequence[int]) -> Future[list[int]]:
        """Held jobs stay until they are resumed, by whichever program; gives those that were held and not paused."""
        chosen = tuple(numbers)
        return self._command(lambda: self._store.pause(chosen, self._terms.clock()), tuple)

    def resume(self, numbers: Sequence[int]) -> Future[list[int]]:
        """Paused jobs may leave, after the undo delay; gives those that were paused."""
        chosen = tuple(numbers)

        def resume() -> list[int]:
            now = self._terms.clock()
            return self._store.resume(chosen, now, now + self.undo_seconds)

        return self._command(resume, tuple)

    def move(self, number: int, steps: int) -> Future[bool]:
        """A held job leaves earlier (-1) or later (1) than its neighbour; False where it has none."""
        return self._command(lambda: self._store.move(number, steps, self._terms.account), lambda _: (number,))

    def reword(self, number: int, prompt: str) -> Future[bool]:
        """Gives a held job another prompt; it leaves after the undo delay. False: it is leaving, or has left."""

        def reword() -> bool:
            now = self._terms.clock()
            return self._store.reword(number, check_prompt(prompt), now, now + self.undo_seconds)

        return self._command(reword, lambda _: (number,))

    def _hold(
        self,
        entries: Sequence[Entry],
        delay: float | None,
        over_budget: bool,
        template: str | None = None,
        at_once: int | None = None,
    ) -> list[Job]:
        now = self._terms.clock()
        checked = [Entry(check_prompt(entry.prompt), entry.parent, entry.family, entry.paused) for entry in entries]
        return self._store.hold_all(
            checked,
            account=self._terms.account,
            now=now,
            not_before=now + (self.undo_seconds if delay is None else delay),
            template=template,
            at_once=at_once,
            budget=None if over_budget else self.budget,
        )


def _numbers(jobs: Sequence[Job]) -> tuple[int, ...]:
    return tuple(job.number for job in jobs)
