"""Every step of a job: what it changes, and that it changes nothing from any other state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.storage.conftest import ACCOUNT, OWNER, START, Bring, HandClock, found
from whisul_tui.domain import JobState, Song
from whisul_tui.domain.times import from_epoch
from whisul_tui.storage import JobStore, Owner, PromptHistory

OTHER = Owner("here", 202, 1000.0)
SONG = Song(
    "Rain on Neon", 82.0, 182.5, "https://cdn.example/a.mp3", "https://cdn.example/a.png", ("lofi", "rain, soft")
)
STARTED = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)


def test_a_held_job_is_whole(store: JobStore) -> None:
    job = store.hold("late night lofi\nno vocals", account=ACCOUNT, now=START, not_before=START + 3)
    assert job == found(store, job.number)
    assert (job.state, job.prompt, job.account) == (JobState.HELD, "late night lofi\nno vocals", ACCOUNT)
    assert job.created_at == job.changed_at == from_epoch(START)
    assert job.not_before == from_epoch(START + 3)
    assert len(job.client_id) == 32
    assert int(job.client_id, 16) >= 0
    assert (job.job_id, job.song, job.message, job.parent, job.starred) == (None, None, None, None, False)


def test_numbers_rise_and_are_never_used_again(store: JobStore, bring: Bring) -> None:
    first, second = bring(), bring()
    assert store.take_back(second)
    assert bring() > second > first


def test_the_whole_way_to_a_song(store: JobStore, bring: Bring, clock: HandClock) -> None:
    number = bring(JobState.RUNNING)
    clock.now += 20
    assert store.still_running(number, clock.now, due_at=clock.now + 5, started_at=STARTED, remote_status="mixing")
    running = found(store, number)
    assert (running.remote_status, running.started_at) == ("mixing", STARTED)
    assert (running.polled_at, running.due_at) == (from_epoch(clock.now), from_epoch(clock.now + 5))
    finished = STARTED + timedelta(seconds=91)
    assert store.settled(number, JobState.COMPLETED, clock.now + 5, song=SONG, finished_at=finished)
    done = found(store, number)
    assert done.song == SONG
    assert done.elapsed(finished) == 91
    assert (done.started_at, done.remote_status, done.due_at) == (STARTED, None, None)
    assert done.sent_at == done.accepted_at == from_epoch(START)


def test_a_failed_job_keeps_whisuls_words(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.FAILED, message="internal error")
    assert (found(store, number).message, found(store, number).song) == ("internal error", None)


@pytest.mark.parametrize("song", [Song(), Song(title="Only a title"), Song(tags=("one",)), SONG._replace(title=None)])
def test_a_song_with_absent_fields_comes_back_as_it_was(store: JobStore, bring: Bring, song: Song) -> None:
    assert found(store, bring(JobState.COMPLETED, song=song)).song == song


def test_an_expired_job_keeps_all_that_was_learnt(store: JobStore, bring: Bring, clock: HandClock) -> None:
    number = bring(JobState.COMPLETED, song=SONG, started_at=STARTED, finished_at=STARTED + timedelta(seconds=9))
    before = found(store, number)
    clock.now += 86_400
    assert store.expired(number, clock.now, "Whisul no longer knows it.")
    after = found(store, number)
    assert after == before._replace(
        state=JobState.EXPIRED,
        message="Whisul no longer knows it.",
        changed_at=datetime.fromtimestamp(clock.now, UTC),
        polled_at=from_epoch(clock.now),
    )


def test_settle_takes_no_other_state(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    with pytest.raises(ValueError, match="expired"):
        store.settled(number, JobState.EXPIRED, START)
    assert found(store, number).state is JobState.RUNNING


def test_a_bad_job_id_is_not_accepted(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.SENDING)
    with pytest.raises(ValueError, match="job id"):
        store.accepted(number, "../evil", START, START)
    assert not store.confirm(bring(JobState.UNCONFIRMED), "../evil", START)
    assert found(store, number).state is JobState.SENDING


def test_a_refused_job_waits_again(store: JobStore, bring: Bring, clock: HandClock) -> None:
    number = bring(JobState.SENDING)
    assert store.held_again(number, clock.now, clock.now + 20, owner=OWNER)
    job = found(store, number)
    assert (job.state, job.not_before, job.sent_at) == (JobState.HELD, from_epoch(clock.now + 20), None)
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, clock.now + 19, OTHER) is None
        assert turn.ready_submission(ACCOUNT, clock.now + 20, OTHER) == number


def test_a_claim_that_never_left_is_given_back(store: JobStore, bring: Bring, clock: HandClock) -> None:
    number = bring()
    with store.turn() as turn:
        assert turn.claim_submission(number, OWNER, clock.now)
    assert not store.held_again(number, clock.now, clock.now, owner=OTHER)
    assert store.held_again(number, clock.now, clock.now, owner=OWNER)
    with store.turn() as turn:
        assert turn.claim_submission(number, OTHER, clock.now)


def test_only_the_claimant_lets_a_job_leave(store: JobStore, bring: Bring, clock: HandClock) -> None:
    number = bring()
    assert not store.leaving(number, OWNER, clock.now)
    with store.turn() as turn:
        assert turn.claim_submission(number, OWNER, clock.now)
    assert not store.leaving(number, OTHER, clock.now)
    assert not store.leaving(number, OWNER._replace(started=OWNER.started + 1), clock.now)
    assert store.leaving(number, OWNER, clock.now)
    assert not store.leaving(number, OWNER, clock.now)


def test_a_late_answer_of_another_owner_changes_nothing(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.SENDING)
    assert not store.held_again(number, START, START, owner=OTHER)
    assert not store.unconfirmed(number, "lost", START, owner=OTHER)
    assert not store.rejected(number, "no", START, owner=OTHER)
    assert not store.accepted(number, "abc", START, START, owner=OTHER)
    assert found(store, number).state is JobState.SENDING


def test_a_late_202_still_saves_an_unconfirmed_job(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.UNCONFIRMED)
    assert store.accepted(number, "late-but-paid", START + 40, START + 50, owner=OWNER)
    job = found(store, number)
    assert (job.state, job.job_id, job.message) == (JobState.RUNNING, "late-but-paid", None)


def test_the_user_knows_the_id(store: JobStore, bring: Bring, clock: HandClock) -> None:
    number, other = bring(JobState.UNCONFIRMED), bring(JobState.RUNNING)
    clock.now += 60
    assert not store.confirm(number, found(store, other).job_id or "", clock.now)
    assert store.confirm(number, "known-to-me", clock.now)
    job = found(store, number)
    assert (job.state, job.job_id) == (JobState.RUNNING, "known-to-me")
    assert job.accepted_at == from_epoch(START), "its age counts from when it was sent"
    assert job.due_at == from_epoch(clock.now)


def test_taking_back_leaves_the_prompt_in_the_history(store: JobStore, bring: Bring) -> None:
    number = bring(prompt="a mistake")
    taken = store.take_back(number)
    assert taken is not None
    assert taken.prompt == "a mistake"
    assert store.get(number) is None
    assert sum(store.counts().values()) == 0
    (past,) = PromptHistory(store.database).recent()
    assert (past.prompt, past.state, past.songs) == ("a mistake", None, 0)


def test_a_claimed_job_is_not_taken_back_until_the_claim_ran_out(
    store: JobStore, bring: Bring, clock: HandClock
) -> None:
    number = bring()
    with store.turn() as turn:
        assert turn.claim_submission(number, OWNER, clock.now)
    assert store.take_back(number) is None
    clock.now += 61
    assert store.take_back(number) is not None


def test_release_skips_the_undo_delay(store: JobStore, clock: HandClock) -> None:
    number = store.hold("now", account=ACCOUNT, now=clock.now, not_before=clock.now + 3).number
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, clock.now, OWNER) is None
    assert store.release(number)
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, clock.now, OWNER) == number


def test_dead_processes_leave_unconfirmed_jobs_and_free_claims(store: JobStore, bring: Bring, clock: HandClock) -> None:
    sending = bring(JobState.SENDING)
    claimed, running = bring(), bring(JobState.RUNNING)
    with store.turn() as turn:
        assert turn.claim_submission(claimed, OWNER, clock.now)
    assert store.orphaned(lambda owner: owner == OWNER, clock.now) == []
    asked: list[Owner] = []

    def is_alive(owner: Owner) -> bool:
        asked.append(owner)
        return False

    assert store.orphaned(is_alive, clock.now) == [sending]
    assert set(asked) == {OWNER}
    assert found(store, sending).state is JobState.UNCONFIRMED
    assert "ended before the answer" in (found(store, sending).message or "")
    assert found(store, running).state is JobState.RUNNING
    with store.turn() as turn:
        assert turn.claim_submission(claimed, OTHER, clock.now)


def test_a_child_is_kept_when_its_parent_is_taken_back(store: JobStore, bring: Bring) -> None:
    parent = bring()
    child = store.hold("edited", account=ACCOUNT, now=START, not_before=START, parent=parent)
    assert child.parent == parent
    assert store.take_back(parent)
    assert found(store, child.number).parent is None
    assert store.hold("orphan", account=ACCOUNT, now=START, not_before=START, parent=parent).parent is None


Step = Callable[[JobStore, int], object]
_LEGAL: dict[str, tuple[Step, frozenset[JobState]]] = {
    "take_back": (lambda store, number: store.take_back(number), frozenset({JobState.HELD})),
    "release": (lambda store, number: store.release(number), frozenset({JobState.HELD})),
    "accepted": (
        lambda store, number: store.accepted(number, "abc", START, START),
        frozenset({JobState.SENDING, JobState.UNCONFIRMED}),
    ),
    "held_again": (lambda store, number: store.held_again(number, START, START), frozenset({JobState.SENDING})),
    "unconfirmed": (lambda store, number: store.unconfirmed(number, "?", START), frozenset({JobState.SENDING})),
    "rejected": (
        lambda store, number: store.rejected(number, "no", START),
        frozenset({JobState.SENDING, JobState.UNCONFIRMED}),
    ),
    "confirm": (lambda store, number: store.confirm(number, "abc", START), frozenset({JobState.UNCONFIRMED})),
    "still_running": (
        lambda store, number: store.still_running(number, START, due_at=START),
        frozenset({JobState.RUNNING}),
    ),
    "settled": (
        lambda store, number: store.settled(number, JobState.COMPLETED, START, song=SONG),
        frozenset({JobState.RUNNING}),
    ),
    "expired": (
        lambda store, number: store.expired(number, START, "404"),
        frozenset({JobState.RUNNING, JobState.COMPLETED, JobState.FAILED}),
    ),
    "poll_failed": (lambda store, number: store.poll_failed(number, START, START), frozenset({JobState.RUNNING})),
    "ask_now": (lambda store, number: store.ask_now(number, START, 5), frozenset({JobState.RUNNING})),
    "leaving": (lambda store, number: store.leaving(number, OWNER, START), frozenset()),
}


@pytest.mark.parametrize("name", _LEGAL)
def test_a_step_from_any_other_state_changes_nothing(store: JobStore, bring: Bring, name: str) -> None:
    step, legal = _LEGAL[name]
    with store.database.write():
        numbers = {state: bring(state) for state in JobState}
    for state, number in numbers.items():
        before = [tuple(row) for row in store.database.query("SELECT * FROM jobs")]
        if state in legal:
            continue
        assert not step(store, number), state
        assert [tuple(row) for row in store.database.query("SELECT * FROM jobs")] == before, state
    for state in legal:
        assert step(store, numbers[state]), state
        if name in ("accepted", "confirm"):
            store.database.read().execute("UPDATE jobs SET job_id = 'x' WHERE job_id = 'abc'")


@pytest.mark.parametrize("name", _LEGAL)
def test_a_step_of_no_job_changes_nothing(store: JobStore, name: str) -> None:
    assert not _LEGAL[name][0](store, 404)
    assert not store.star(404, True)


def test_lone_surrogates_and_nul_do_not_stop_a_write(store: JobStore, bring: Bring) -> None:
    job = store.hold("half \ud83d of\0 it", account=ACCOUNT, now=START, not_before=START)
    assert job.prompt == "half ? of it"
    number = bring(JobState.COMPLETED, song=Song(title="\udcff", tags=("\ud800",)), message="\udfff")
    assert found(store, number).song == Song(title="?", tags=("?",))
    assert store.same_prompt_since("half \ud83d of\0 it", ACCOUNT, START) == job


def test_marks(store: JobStore, bring: Bring) -> None:
    done, held, sending = bring(JobState.COMPLETED), bring(), bring(JobState.SENDING)
    assert store.star(done, True)
    assert found(store, done).starred
    assert store.star(done, False)
    assert not found(store, done).starred
    assert store.forget([done, held, sending, 404], START) == [done], "what is not seen must not be sent"
    assert store.forget([done], START) == []
    assert store.counts()[JobState.COMPLETED] == 0
    assert found(store, done).state is JobState.COMPLETED
    assert store.restore([done, held]) == [done]
    assert store.counts()[JobState.COMPLETED] == 1
