"""Claims and gates: what one decision may take, on a clock that the test moves."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from tests.storage.conftest import ACCOUNT, OWNER, START, Bring, HandClock, found
from whisul_tui.domain import JobState
from whisul_tui.domain.gate import Gate
from whisul_tui.domain.times import from_epoch
from whisul_tui.storage import Database, Due, JobStore, Owner
from whisul_tui.storage.claims import CLAIM_SECONDS, LEASE_SECONDS

OTHER = Owner("there", 7, 1.0)
FLOOR = 5.0


def _overdue(store: JobStore, now: float, young: float = 45.0) -> Due | None:
    with store.turn() as turn:
        return turn.most_overdue(ACCOUNT, now, young)


def _claim(store: JobStore, number: int, now: float) -> bool:
    with store.turn() as turn:
        return turn.claim_poll(number, now, FLOOR)


def test_nothing_is_due_before_its_time(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)  # due at START + 10
    assert _overdue(store, START + 9.9) is None
    assert not _claim(store, number, START + 9.9)
    due = _overdue(store, START + 10)
    assert due == Due(number, f"job-{number:04d}", -35.0, START, None, None)
    assert _claim(store, number, START + 10)


def test_a_claim_is_taken_once_and_again_after_the_lease(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    assert _claim(store, number, START + 10)
    assert not _claim(store, number, START + 10)
    assert _overdue(store, START + 19.9) is None
    with store.turn() as turn:
        assert turn.next_due(ACCOUNT) == START + 10 + LEASE_SECONDS
    assert _claim(store, number, START + 10 + LEASE_SECONDS), "the claimant died: the ceiling is kept"


def test_the_floor_holds_even_for_a_job_that_is_due(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    assert _claim(store, number, START + 10)
    assert store.still_running(number, START + 11, due_at=START + 11)
    assert not _claim(store, number, START + 14.9)
    assert _claim(store, number, START + 15)


def test_asking_now_respects_the_floor(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    assert store.ask_now(number, START + 1, FLOOR)
    assert found(store, number).due_at == from_epoch(START + 1)
    assert _claim(store, number, START + 1)
    assert store.ask_now(number, START + 2, FLOOR)
    assert found(store, number).due_at == from_epoch(START + 6)
    assert not _claim(store, number, START + 5.9)
    assert _claim(store, number, START + 6)


def test_the_longest_unobserved_job_comes_first(store: JobStore, bring: Bring, clock: HandClock) -> None:
    first = bring(JobState.RUNNING)
    clock.now += 30
    second = bring(JobState.RUNNING)
    now = START + 100
    assert _overdue(store, now) == Due(first, f"job-{first:04d}", 55.0, START, None, None)
    store.still_running(first, START + 90, due_at=START + 95)
    due = _overdue(store, now)
    assert due is not None
    assert (due.number, due.unseen) == (second, 25.0)
    with store.turn() as turn:
        assert turn.most_overdue("another account", now, 45) is None
        assert turn.next_due("another account") is None


def test_a_failed_poll_is_due_when_told(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    assert _claim(store, number, START + 10)
    assert store.poll_failed(number, START + 12, START + 30)
    assert _overdue(store, START + 29) is None
    assert _overdue(store, START + 30) is not None
    assert found(store, number).polled_at is None, "no answer, so not seen"


@pytest.mark.parametrize("back", [3600.0, 86_400.0 * 365, 60.0])
def test_a_clock_set_back_costs_one_short_wait(store: JobStore, bring: Bring, clock: HandClock, back: float) -> None:
    asked, fresh = bring(JobState.RUNNING), bring(JobState.RUNNING)
    assert _claim(store, asked, START + 10)
    now = START + 11 - back
    assert _overdue(store, now) is None
    assert not _claim(store, asked, now + 4.9), "the floor begins anew: the job may have been asked a moment ago"
    due = _overdue(store, now + 5)
    assert due is not None
    assert {due.number, asked, fresh} == {asked, fresh}
    assert _claim(store, asked, now + 5)
    assert _claim(store, fresh, now + 5)


def test_a_far_due_time_without_a_clock_set_back_is_left_alone(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    assert store.poll_failed(number, START, START + 600)
    for waited in (1, 100, 599):
        assert _overdue(store, START + waited) is None
    assert _overdue(store, START + 600) is not None


def test_held_jobs_leave_in_order_when_they_may(store: JobStore, clock: HandClock) -> None:
    late = store.hold("late", account=ACCOUNT, now=START, not_before=START + 9).number
    soon = store.hold("soon", account=ACCOUNT, now=START, not_before=START + 3).number
    with store.turn() as turn:
        assert turn.next_held(ACCOUNT) == START + 3
        assert turn.ready_submission(ACCOUNT, START + 2, OWNER) is None
        assert turn.waiting_submissions(ACCOUNT, START + 2) == 0
        assert turn.ready_submission(ACCOUNT, START + 3, OWNER) == soon
        assert turn.ready_submission(ACCOUNT, START + 9, OWNER) == late
        assert turn.waiting_submissions(ACCOUNT, START + 9) == 2
        assert not turn.claim_submission(late, OWNER, START + 8)


def test_a_claimed_submission_is_free_again_when_its_claim_ran_out(store: JobStore, bring: Bring) -> None:
    number = bring()
    with store.turn() as turn:
        assert turn.claim_submission(number, OWNER, START)
        assert not turn.claim_submission(number, OTHER, START + CLAIM_SECONDS)
        assert turn.ready_submission(ACCOUNT, START + CLAIM_SECONDS, OWNER) is None
        assert turn.waiting_submissions(ACCOUNT, START + CLAIM_SECONDS) == 0
        assert turn.next_held(ACCOUNT) == START + CLAIM_SECONDS
        after = START + CLAIM_SECONDS + 0.1
        assert turn.ready_submission(ACCOUNT, after, OTHER) == number
        assert turn.claim_submission(number, OTHER, after)
    assert not store.leaving(number, OWNER, after), "the first claimant wakes up too late"
    assert store.leaving(number, OTHER, after)


def test_a_clock_set_back_keeps_the_rest_of_a_held_jobs_wait(store: JobStore) -> None:
    number = store.hold("soon", account=ACCOUNT, now=START, not_before=START + 3).number
    now = START - 3600
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, now, OWNER) is None
        assert turn.ready_submission(ACCOUNT, now + 3, OWNER) == number
        assert turn.claim_submission(number, OWNER, now + 3)


def test_in_flight_counts_what_is_sent_and_what_runs(store: JobStore, bring: Bring) -> None:
    for state in JobState:
        bring(state)
    forgotten = bring(JobState.RUNNING)
    store.forget([forgotten], START)
    with store.turn() as turn:
        assert turn.in_flight(ACCOUNT) == 3, "two running, one of them hidden, and one sending"
        assert turn.in_flight("another") == 0


def test_a_forgotten_running_job_is_still_followed(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    assert store.forget([number], START) == [number]
    due = _overdue(store, START + 10)
    assert due is not None
    assert due.number == number


def test_a_turn_that_fails_leaves_nothing(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)

    def decide() -> None:
        with store.turn() as turn:
            assert turn.claim_poll(number, START + 10, FLOOR)
            turn.save_gate(ACCOUNT, Gate(until=9.0))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        decide()
    with store.turn() as turn:
        assert turn.gate(ACCOUNT) == Gate()
        assert turn.claim_poll(number, START + 10, FLOOR)


def test_a_turn_knows_when_it_began(store: JobStore, clock: HandClock) -> None:
    clock.now = START + 77
    with store.turn() as turn:
        assert turn.now == START + 77


def test_a_gate_comes_back_as_it_was(path: Path, database: Database) -> None:
    pick = random.Random(3)
    gate = Gate(
        *(START + pick.random(), 3, True, START, 2, START - 1, 0.75, False, START, START + 1, START, 9, START),
        ((1_800_000_000, 2), (1_800_000_007, 1)),
        "limited",
        True,
    )
    with JobStore(database).turn() as turn:
        turn.save_gate(ACCOUNT, gate)
        turn.save_gate("other", gate._replace(rate=None, accepts=()))
    with Database.open(path) as again, JobStore(again).turn() as turn:
        assert turn.gate(ACCOUNT) == gate
        assert turn.gate("other") == gate._replace(rate=None, accepts=())
        assert turn.gate("none") == Gate()
        with pytest.raises(ValueError, match="JSON"):
            turn.save_gate(ACCOUNT, gate._replace(until=float("inf")))


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("", Gate()),
        ("[]", Gate()),
        ('{"accepts": 7}', Gate()),
        ('{"until": 5.0, "of_a_later_version": 1}', Gate(until=5.0)),
    ],
)
def test_an_unreadable_gate_is_an_open_one(database: Database, text: str, gate: Gate) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO gates VALUES (?, ?)", (ACCOUNT, text))
    with JobStore(database).turn() as turn:
        assert turn.gate(ACCOUNT) == gate


def test_deciding_looks_at_open_jobs_alone(store: JobStore) -> None:
    """SQLite's own plan of every statement of a turn: no walk over the history."""
    statements: list[str] = []
    store.database.read().set_trace_callback(statements.append)
    with store.turn() as turn:
        turn.most_overdue(ACCOUNT, START, 45)
        turn.ready_submission(ACCOUNT, START, OWNER)
        turn.waiting_submissions(ACCOUNT, START)
        turn.in_flight(ACCOUNT)
        turn.next_due(ACCOUNT)
        turn.next_held(ACCOUNT)
        turn.claim_poll(1, START, FLOOR)
        turn.claim_submission(1, OWNER, START)
    store.orphaned(lambda _: True, START)
    store.database.read().set_trace_callback(None)
    looked_at = [sql for sql in statements if "jobs" in sql and not sql.startswith("--")]
    assert len(looked_at) >= 10
    for sql in looked_at:
        plan = [row["detail"] for row in store.database.query(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step == "SCAN jobs"], (sql, plan)


def test_a_plain_reader_sees_no_half_turn(path: Path, store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    reader = sqlite3.connect(path)
    try:
        with store.turn() as turn:
            assert turn.claim_poll(number, START + 10, FLOOR)
            assert reader.execute("SELECT asked_at FROM jobs").fetchone() == (None,)
        assert reader.execute("SELECT asked_at FROM jobs").fetchone() == (START + 10,)
    finally:
        reader.close()
