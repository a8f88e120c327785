"""The outbox as the user arranges it: order, pauses, other words; never against somebody who is about to send."""

from __future__ import annotations

import random

from tests.storage.conftest import ACCOUNT, OWNER, START, Bring, HandClock, found
from whisul_tui.domain import JobState
from whisul_tui.storage import Database, JobStore, Owner, View, Windows
from whisul_tui.storage.claims import CLAIM_SECONDS

OTHER = Owner("there", 7, 1.0)


def _claim(store: JobStore, number: int, owner: Owner = OWNER, now: float = START) -> bool:
    with store.turn() as turn:
        return turn.claim_submission(number, owner, now)


def _order(store: JobStore) -> list[int]:
    return [job.number for job in store.waiting(ACCOUNT)]


def _leave_all(store: JobStore) -> list[int]:
    left: list[int] = []
    while True:
        with store.turn() as turn:
            number = turn.ready_submission(ACCOUNT, START, OWNER)
            if number is None:
                return left
            assert turn.claim_submission(number, OWNER, START)
        assert store.leaving(number, OWNER, START)
        left.append(number)


def test_they_leave_in_the_order_they_were_moved_to(store: JobStore, bring: Bring) -> None:
    one, two, three = (bring(prompt=f"song {n}") for n in range(3))
    assert not store.move(one, -1, ACCOUNT)
    assert not store.move(three, 1, ACCOUNT)
    assert store.move(three, -1, ACCOUNT)
    assert store.move(three, -1, ACCOUNT)
    assert _order(store) == [three, one, two]
    late = bring(prompt="written later")
    assert _order(store) == [three, one, two, late]
    assert store.move(late, -1, ACCOUNT)
    assert _leave_all(store) == [three, one, late, two]
    assert not store.move(two, -1, ACCOUNT), "it has left"


def test_any_moves_keep_the_order_whole(store: JobStore, bring: Bring) -> None:
    chance = random.Random(5)
    wanted = [bring(prompt=f"song {n}") for n in range(7)]
    for _ in range(60):
        number, step = chance.choice(wanted), chance.choice([-1, 1, -3, 2])
        at = wanted.index(number)
        moved = store.move(number, step, ACCOUNT)
        assert moved is (0 <= at + step < len(wanted))
        if moved:
            wanted.insert(at + step, wanted.pop(at))
        assert _order(store) == wanted
    assert _leave_all(store) == wanted


def test_a_paused_one_is_neither_claimed_nor_let_leave(store: JobStore, bring: Bring) -> None:
    one, two = bring(prompt="one"), bring(prompt="two")
    assert _claim(store, one)
    assert store.pause([one, two, 999], START) == [one, two]
    assert store.pause([one], START) == []
    assert not store.leaving(one, OWNER, START), "claimed before the pause, and stopped all the same"
    assert store.let_go(one, START, owner=OWNER)
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, START + 1e6) is None
        assert turn.waiting_submissions(ACCOUNT, START + 1e6) == 0
        assert turn.next_held(ACCOUNT) is None
        assert not turn.claim_submission(one, OTHER, START)
    assert store.paused(ACCOUNT) == store.paused() == 2
    assert store.resume([two, one], START + 5, START + 8) == [two, one]
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, START + 7.9) is None
        assert turn.ready_submission(ACCOUNT, START + 8) == one
    assert store.paused() == 0


def test_one_that_is_resumed_leaves_the_others_paused(store: JobStore, bring: Bring) -> None:
    one, two = bring(prompt="one"), bring(prompt="two")
    store.pause([one, two], START)
    assert store.resume([one], START, START) == [one]
    assert [(job.number, job.paused) for job in store.waiting(ACCOUNT)] == [(one, False), (two, True)]


def test_a_pause_outlives_the_program(database: Database, bring: Bring) -> None:
    number = bring()
    JobStore(database).pause([number], START)
    with Database.open(database.path) as again:
        assert found(JobStore(again), number).paused


def test_send_now_ends_pause_and_undo_delay(store: JobStore, bring: Bring) -> None:
    number = bring()
    store.pause([number], START)
    assert store.release(number)
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, START) == number


def test_what_has_left_is_neither_paused_nor_resumed(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.SENDING)
    assert store.pause([number], START) == []
    assert store.held_again(number, START, START)
    assert store.pause([number], START) == [number]


def test_other_words_are_another_submission(store: JobStore, bring: Bring) -> None:
    number = bring(prompt="soft rain")
    before = found(store, number)
    assert store.reword(number, "loud thunder", START + 1, START + 4)
    after = found(store, number)
    assert (after.prompt, after.state) == ("loud thunder", JobState.HELD)
    assert after.client_id != before.client_id
    windows = Windows(store.database)
    assert windows.numbers(View(search="thunder"), 9) == [number]
    assert windows.numbers(View(search="rain"), 9) == []
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, START + 3.9) is None
        assert turn.ready_submission(ACCOUNT, START + 4) == number


def test_nobody_rewords_what_somebody_is_about_to_send(store: JobStore, bring: Bring, clock: HandClock) -> None:
    number = bring(prompt="soft rain")
    assert _claim(store, number)
    assert not store.reword(number, "loud thunder", START + 1, START + 1)
    assert found(store, number).prompt == "soft rain"
    assert not store.reword(number, "loud thunder", START + CLAIM_SECONDS, START)
    assert store.reword(number, "loud thunder", START + CLAIM_SECONDS + 1, START), "its claim ran out"
    assert not store.leaving(number, OWNER, START + CLAIM_SECONDS + 2), "the late claimant knows the old words"
    assert _claim(store, number, now=START + 1e4), "by a clock that was set back after it"
    assert store.reword(number, "thunder", START, START)
    sent = bring(JobState.SENDING)
    assert not store.reword(sent, "loud thunder", START + 1e6, START)
