"""What users tell the outbox, one step at a time: which jobs each is about, and when a prompt may leave after it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from random import Random
from typing import TypeVar

import pytest

from tests.jobs.conftest import OpenStore
from tests.jobs.working import ACCOUNT
from whisul_tui.domain import Job, JobState, PromptError
from whisul_tui.domain.budget import Budget, OverBudget
from whisul_tui.jobs.outbox_commands import OutboxCommands
from whisul_tui.jobs.passage import Terms
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.storage import JobStore, Owner
from whisul_tui.storage.entering import Entry

OWNER = Owner("here", 101, 1000.0)
T = TypeVar("T")


class Commands(OutboxCommands):
    """Does each step at once; `told` are the jobs that it was about."""

    def __init__(self, store: JobStore, clock: Callable[[], float]) -> None:
        self._store, self._terms = store, Terms(ACCOUNT, Rhythm(), OWNER, clock, Random(1))
        self.undo_seconds, self.budget = 3.0, Budget()
        self.told: list[tuple[int, ...]] = []

    def _command(self, work: Callable[[], T], touched: Callable[[T], tuple[int, ...]]) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(work())
            self.told.append(tuple(touched(future.result())))
        except Exception as error:  # noqa: BLE001 - it is the asker's, as with the engine
            future.set_exception(error)
        return future


class At:
    """A clock that is set."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def at() -> At:
    return At()


@pytest.fixture
def store(open_store: OpenStore, at: At) -> JobStore:
    return open_store(at)


@pytest.fixture
def commands(store: JobStore, at: At) -> Commands:
    return Commands(store, at)


def _claim(store: JobStore, number: int, now: float) -> None:
    with store.turn() as turn:
        assert turn.claim_submission(number, OWNER, now)


def _leaves(job: Job) -> float | None:
    return job.not_before.timestamp() if job.not_before else None


def _job(store: JobStore, number: int) -> Job:
    found = store.get(number)
    assert found is not None
    return found


def test_a_prompt_leaves_after_the_undo_delay_or_the_one_that_is_given(commands: Commands, at: At) -> None:
    first = commands.submit("  soft rain ").result()
    second = commands.submit("louder", parent=first.number, delay=0.0).result()
    assert (first.prompt, first.account, first.parent, _leaves(first)) == ("soft rain", ACCOUNT, None, at.now + 3.0)
    assert (second.parent, _leaves(second)) == (first.number, at.now)
    commands.undo_seconds = 8.0
    assert _leaves(commands.submit("later").result()) == at.now + 8.0
    assert commands.told == [(1,), (2,), (3,)]


def test_a_family_with_a_bound_of_its_own(commands: Commands, store: JobStore, at: At) -> None:
    entries = [Entry("one"), Entry(" two ", paused=True), Entry("three")]
    jobs = commands.submit_all(iter(entries), template="{one|two|three}", at_once=1, delay=0.0).result()  # type: ignore[arg-type]
    assert [job.prompt for job in jobs] == ["one", "two", "three"]
    assert len({job.family for job in jobs}) == 1
    assert [job.number for job in store.waiting(ACCOUNT) if job.paused] == [2]
    assert commands.told == [(1, 2, 3)]
    _claim(store, 1, at.now)
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, at.now, OWNER) is None, "one of them is with Whisul"
    plain = commands.submit_all([Entry("alone", family=jobs[0].family), Entry("own")]).result()
    assert [job.family for job in plain] == [jobs[0].family, None]
    assert _leaves(plain[0]) == at.now + 3.0


def test_the_budget_holds_unless_the_user_says_so(commands: Commands, store: JobStore) -> None:
    commands.budget = Budget(day=1)
    assert commands.submit("one").result()
    for refused in (commands.submit("two"), commands.submit_all([Entry("two")])):
        with pytest.raises(OverBudget):
            refused.result()
    assert store.counts()[JobState.HELD] == 1
    assert commands.submit("two", over_budget=True).result()
    assert commands.submit_all([Entry("three")], over_budget=True).result()


def test_a_prompt_that_is_none_comes_in_nowhere(commands: Commands, store: JobStore) -> None:
    with pytest.raises(PromptError):
        commands.submit_all([Entry("fine"), Entry(" \n")]).result()
    assert store.counts()[JobState.HELD] == 0
    held = commands.submit("fine").result()
    with pytest.raises(PromptError):
        commands.reword(held.number, " ").result()
    assert _job(store, held.number).prompt == "fine"


def test_taking_back_tells_which_jobs_are_gone(commands: Commands, store: JobStore, at: At) -> None:
    jobs = commands.submit_all([Entry(f"song {n}") for n in range(3)], template="song").result()
    alone = commands.submit("alone").result()
    commands.told.clear()
    taken = commands.take_back(alone.number).result()
    assert taken is not None
    assert taken.prompt == "alone"
    family = commands.take_back_last().result()
    assert family is not None
    assert [job.number for job in family.jobs] == [job.number for job in jobs]
    assert commands.take_back_last().result() is None
    leaving = commands.submit("leaving", delay=0.0).result()
    _claim(store, leaving.number, at.now)
    assert commands.take_back(leaving.number).result() is None
    assert commands.told == [(4,), (1, 2, 3), (), (leaving.number,), ()]


def test_pauses_and_when_they_end(commands: Commands, store: JobStore, at: At) -> None:
    one, two, three = (commands.submit(f"song {n}").result().number for n in range(3))
    commands.told.clear()
    assert commands.pause(iter([one, two])).result() == [one, two]  # type: ignore[arg-type]
    assert commands.pause([one, three]).result() == [three]
    at.now += 100.0
    assert commands.resume(iter([one, 99])).result() == [one]  # type: ignore[arg-type]
    assert _leaves(_job(store, one)) == at.now + 3.0
    assert commands.release(two).result()
    assert commands.told == [(one, two), (three,), (one,), (two,)]
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, at.now, OWNER) == two


def test_other_order_and_other_words(commands: Commands, store: JobStore, at: At) -> None:
    one, two = (commands.submit(f"song {n}").result().number for n in range(2))
    commands.told.clear()
    assert commands.move(two, -1).result() is True
    assert commands.move(two, -1).result() is False
    assert [job.number for job in store.waiting(ACCOUNT)] == [two, one]
    at.now += 100.0
    assert commands.reword(one, " polka ").result() is True
    assert (_job(store, one).prompt, _leaves(_job(store, one))) == ("polka", at.now + 3.0)
    _claim(store, two, at.now)
    assert commands.reword(two, "polka").result() is False
    assert commands.told == [(two,), (two,), (one,), (two,)]
