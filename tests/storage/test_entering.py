"""Into the outbox: families whole, within the budget whoever else submits, and taken back together."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.storage.conftest import ACCOUNT, OWNER, START, Bring, HandClock, found
from whisul_tui.domain import JobState
from whisul_tui.domain.budget import Budget, OverBudget, Spent, day_and_month
from whisul_tui.domain.expansion import MOST_SONGS, expand
from whisul_tui.storage import Database, JobStore
from whisul_tui.storage.claims import CLAIM_SECONDS
from whisul_tui.storage.entering import Entry

FOUR = "{lofi|jazz}, {rain|sun}"


def _enter(store: JobStore, text: str = FOUR, *, at_once: int | None = None, budget: Budget | None = None) -> list[int]:
    prompts = expand(text)
    entries = [Entry(prompt) for prompt in prompts]
    template = text if len(prompts) > 1 else None
    jobs = store.hold_all(
        entries, account=ACCOUNT, now=START, not_before=START, template=template, at_once=at_once, budget=budget
    )
    return [job.number for job in jobs]


def _send(store: JobStore, now: float = START) -> int | None:
    with store.turn() as turn:
        number = turn.ready_submission(ACCOUNT, now, OWNER)
        if number is not None:
            assert turn.claim_submission(number, OWNER, now)
    if number is not None:
        assert store.leaving(number, OWNER, now)
    return number


def test_a_family_comes_in_whole_and_in_order(store: JobStore) -> None:
    numbers = _enter(store)
    jobs = [found(store, number) for number in numbers]
    assert [job.prompt for job in jobs] == list(expand(FOUR))
    assert len({job.family for job in jobs}) == 1
    assert jobs[0].family is not None
    other = _enter(store, "harp")
    assert found(store, other[0]).family is None


def test_a_family_is_taken_back_whole_with_its_text(store: JobStore) -> None:
    _enter(store, "harp")
    numbers = _enter(store)
    taken = store.take_back_last(ACCOUNT)
    assert taken is not None
    assert [job.number for job in taken.jobs] == numbers
    assert taken.text == FOUR
    taken = store.take_back_last(ACCOUNT)
    assert taken is not None
    assert taken.text == "harp"
    assert store.take_back_last(ACCOUNT) is None


def test_what_has_left_is_not_in_the_text_that_comes_back(store: JobStore) -> None:
    _enter(store)
    sent = [_send(store), _send(store)]
    taken = store.take_back_last(ACCOUNT)
    assert taken is not None
    assert expand(taken.text) == ("jazz, rain", "jazz, sun")
    assert all(found(store, number or 0).state is JobState.SENDING for number in sent)


def test_what_is_about_to_leave_is_not_taken_back(store: JobStore) -> None:
    number = _enter(store, r"a \{prompt\|of\} braces")[0]
    with store.turn() as turn:
        assert turn.claim_submission(number, OWNER, START)
    assert store.take_back_last(ACCOUNT) is None
    assert store.let_go(number, START, owner=OWNER)
    taken = store.take_back_last(ACCOUNT)
    assert taken is not None
    assert expand(taken.text) == ("a {prompt|of} braces",)


def test_a_claim_holds_to_its_end_and_not_against_a_clock_that_was_set_back(store: JobStore, clock: HandClock) -> None:
    number = _enter(store, "harp")[0]
    with store.turn() as turn:
        assert turn.claim_submission(number, OWNER, START)
    clock.now = START + CLAIM_SECONDS
    assert store.take_back(number) is None
    clock.now = START - CLAIM_SECONDS - 1
    taken = store.take_back(number)
    assert taken is not None
    assert taken.number == number


def test_the_last_one_is_the_accounts_own_and_still_held(store: JobStore, bring: Bring) -> None:
    number = _enter(store, "harp")[0]
    bring(JobState.COMPLETED)
    store.hold("another's", account="another account", now=START, not_before=START)
    taken = store.take_back_last(ACCOUNT)
    assert taken is not None
    assert [(job.number, job.parent, job.family) for job in taken.jobs] == [(number, None, None)]
    assert store.take_back_last(ACCOUNT) is None


def test_what_a_prompt_was_made_from_is_remembered_where_it_is_there(store: JobStore) -> None:
    first = _enter(store, "harp")[0]
    entries = [Entry("harp, louder", parent=first), Entry("harp, softer", parent=999), Entry("flute")]
    jobs = store.hold_all(entries, account=ACCOUNT, now=START, not_before=START)
    assert [job.parent for job in jobs] == [first, None, None]


@pytest.mark.parametrize(("songs", "is_text"), [(MOST_SONGS, True), (MOST_SONGS + 1, False)])
def test_a_batch_comes_back_as_a_text_that_makes_it_again(store: JobStore, songs: int, is_text: bool) -> None:
    entries = [Entry(f"song {number}") for number in range(songs)]
    store.hold_all(entries, account=ACCOUNT, now=START, not_before=START, template="")
    taken = store.take_back_last(ACCOUNT)
    assert taken is not None
    assert len(taken.jobs) == songs
    assert taken.text == ("{" + "|".join(entry.prompt for entry in entries) + "}" if is_text else "")


def test_only_so_many_of_a_batch_are_with_whisul_at_once(store: JobStore) -> None:
    batch = _enter(store, at_once=2)
    assert [_send(store), _send(store), _send(store)] == [batch[0], batch[1], None]
    other = _enter(store, "harp")
    assert _send(store) == other[0], "others do not wait for the batch"
    assert store.accepted(batch[0], "job-a", START, START + 10)
    assert _send(store) is None
    assert store.settled(batch[0], JobState.FAILED, START)
    assert [_send(store), _send(store)] == [batch[2], None]
    assert store.unconfirmed(batch[1], "lost", START)
    assert _send(store) == batch[3]


def test_a_claimed_one_counts_as_with_whisul_until_its_claim_has_run_out(store: JobStore) -> None:
    batch = _enter(store, at_once=1)
    with store.turn() as turn:
        assert turn.claim_submission(batch[0], OWNER, START)
        assert turn.ready_submission(ACCOUNT, START) is None
        assert turn.ready_submission(ACCOUNT, START + 61) == batch[0]


def test_the_budget_counts_what_left_and_what_waits(store: JobStore, bring: Bring) -> None:
    bring(JobState.COMPLETED)
    bring(JobState.UNCONFIRMED)
    bring(JobState.REJECTED)
    _enter(store, "harp")
    assert store.spent(ACCOUNT, START) == Spent(4, 4)
    assert store.spent("another account", START) == Spent(0, 0)
    with pytest.raises(OverBudget, match="4 of 7 today spent, and this is 4 submissions more"):
        _enter(store, budget=Budget(day=7))
    assert store.spent(ACCOUNT, START) == Spent(4, 4), "none of the family came in"
    with pytest.raises(OverBudget, match="4 of 6 this month"):
        _enter(store, budget=Budget(day=8, month=6))
    _enter(store, budget=Budget(day=8, month=8))
    with pytest.raises(OverBudget, match="8 of 8 today and 8 of 8 this month spent, and this is 1 submission more"):
        _enter(store, "one more", budget=Budget(day=8, month=8))


def test_a_day_and_a_month_are_those_of_the_users_calendar(
    store: JobStore, bring: Bring, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        clock.now = time.mktime((2027, 3, 31, 23, 59, 0, 0, 0, -1))
        bring(JobState.COMPLETED)
        assert store.spent(ACCOUNT, clock.now) == Spent(1, 1)
        clock.now += 120
        assert store.spent(ACCOUNT, clock.now) == Spent(0, 0)
        midnight = time.mktime((2027, 4, 1, 0, 0, 0, 0, 0, -1))
        clock.now = midnight
        bring(JobState.COMPLETED)
        assert store.spent(ACCOUNT, midnight) == Spent(1, 1), "the first moment is of the new day and month"
        clock.now = time.mktime((2027, 4, 4, 23, 30, 0, 0, 0, -1))  # summer time ended in the night before
        assert clock.now - day_and_month(clock.now)[0] == 24.5 * 3600
    finally:
        monkeypatch.undo()
        time.tzset()


def test_programs_that_submit_at_the_same_time_stay_within_the_budget(path: Path) -> None:
    Database.open(path).close()
    refused: list[str] = []
    gate = threading.Barrier(4)

    def submit(name: int) -> None:
        with Database.open(path) as database:
            store = JobStore(database)
            gate.wait()
            for n in range(5):
                try:
                    store.hold_all([Entry(f"song {name}-{n}")], account=ACCOUNT, now=START, not_before=START,
                                   budget=Budget(day=7))  # fmt: skip
                except OverBudget as error:
                    refused.append(str(error))

    threads = [threading.Thread(target=submit, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Database.open(path) as database:
        assert JobStore(database).spent(ACCOUNT, START) == Spent(7, 7)
    assert len(refused) == 13
