"""Finding single jobs, past prompts and drafts; counts and usual durations."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta

import pytest

from tests.storage.conftest import ACCOUNT, START, Bring, HandClock, found
from whisul_tui.domain import JobState
from whisul_tui.domain.times import from_epoch
from whisul_tui.storage import Database, Drafts, JobAmbiguous, JobNotFound, JobStore, PastPrompt, PromptHistory, lookups

_STARTED = datetime(2026, 11, 22, tzinfo=UTC)


def _accept(store: JobStore, bring: Bring, job_id: str) -> int:
    number = bring(JobState.SENDING)
    assert store.accepted(number, job_id, START, START)
    return number


def test_a_job_is_found_by_its_id_or_a_beginning_of_it(store: JobStore, bring: Bring) -> None:
    one, two = _accept(store, bring, "7f3a91c2-aa"), _accept(store, bring, "7f3b0000-bb")
    assert store.find("7f3a91c2-aa").number == one
    assert store.find("7f3b").number == two
    with pytest.raises(JobAmbiguous, match=r"'7f3'.*7f3b0000-bb, 7f3a91c2-aa"):
        store.find("7f3")
    for absent in ("7f3c", "", "7F3A", "7f3a91c2-aaa", "%", "_f3a", "7f3a91c2%", "x" * 500, "7f3a\n", "\ud800", "'"):
        with pytest.raises(JobNotFound, match=r"There is no job"):
            store.find(absent)


def test_what_is_open_is_told_by_number_and_state(store: JobStore, bring: Bring) -> None:
    expected = {bring(state): state for state in (JobState.HELD, JobState.SENDING, JobState.RUNNING, JobState.RUNNING)}
    for state in (JobState.COMPLETED, JobState.FAILED, JobState.UNCONFIRMED):
        bring(state)
    store.forget([hidden := bring(JobState.RUNNING)], START)
    assert store.open_states() == expected
    assert hidden not in store.open_states()
    plan = store.database.query(f"EXPLAIN QUERY PLAN {lookups._OPEN_STATES}")
    assert "COVERING INDEX jobs_state" in " ".join(row["detail"] for row in plan)


def test_a_whole_id_wins_over_longer_ones(store: JobStore, bring: Bring) -> None:
    short, _ = _accept(store, bring, "abc"), _accept(store, bring, "abcd")
    assert store.find("abc").number == short
    assert store.find("abcd").job_id == "abcd"


def test_a_job_without_an_id_is_found_by_its_client_id(store: JobStore, bring: Bring) -> None:
    job = found(store, bring())
    assert store.find(job.client_id) == job
    assert store.find(job.client_id[:12]) == job
    assert store.find(job.short_id) == job


def test_forgotten_jobs_are_still_found(store: JobStore, bring: Bring) -> None:
    number = _accept(store, bring, "hidden-one")
    store.forget([number], START)
    assert store.find("hidden").number == number


def test_the_same_prompt_within_a_minute(store: JobStore, clock: HandClock) -> None:
    old = store.hold("same words", account=ACCOUNT, now=START, not_before=START)
    assert store.same_prompt_since("same words", ACCOUNT, START + 0.1) is None
    new = store.hold("same words", account=ACCOUNT, now=START + 30, not_before=START)
    assert store.same_prompt_since("same words", ACCOUNT, START) == new
    assert store.same_prompt_since("same words", "another account", START) is None
    assert store.same_prompt_since("Same words", ACCOUNT, START) is None
    assert store.take_back(new.number)
    assert store.same_prompt_since("same words", ACCOUNT, START) == old


def test_usual_seconds_are_median_and_p90_of_the_last_200(store: JobStore, bring: Bring) -> None:
    seconds = [float(3 + (index * 37) % 211) for index in range(230)]
    with store.database.write():
        for index, length in enumerate(seconds):
            begun = _STARTED + timedelta(hours=index)
            done = begun + timedelta(seconds=length)
            bring(JobState.COMPLETED, started_at=begun, finished_at=done)
            if index == 3:
                assert store.usual_seconds(ACCOUNT) is None, "four are no history"
        bring(JobState.COMPLETED)  # of unknown length
        bring(JobState.FAILED, started_at=_STARTED, finished_at=_STARTED + timedelta(days=9))
    last = seconds[-200:]
    usual = store.usual_seconds(ACCOUNT)
    assert usual == pytest.approx((statistics.median(last), statistics.quantiles(last, n=10, method="inclusive")[8]))
    assert store.usual_seconds("another") is None


def test_an_end_before_the_start_counts_as_nothing(store: JobStore, bring: Bring) -> None:
    for _ in range(5):
        bring(JobState.COMPLETED, started_at=_STARTED, finished_at=_STARTED - timedelta(seconds=5))
    assert store.usual_seconds(ACCOUNT) == (0.0, 0.0)


def test_the_history_holds_each_prompt_once_newest_use_first(store: JobStore, clock: HandClock, bring: Bring) -> None:
    for prompt, state in (("one", JobState.COMPLETED), ("two", JobState.FAILED), ("one", JobState.COMPLETED)):
        clock.now += 60
        bring(state, prompt)
    clock.now += 60
    bring(JobState.RUNNING, "one")
    clock.now += 1
    store.take_back(bring(JobState.HELD, "three"))
    history = PromptHistory(store.database)
    assert history.recent() == [
        PastPrompt("three", None, 0, datetime.fromtimestamp(START + 241, UTC)),
        PastPrompt("one", JobState.RUNNING, 2, datetime.fromtimestamp(START + 240, UTC)),
        PastPrompt("two", JobState.FAILED, 0, datetime.fromtimestamp(START + 120, UTC)),
    ]
    assert [past.prompt for past in history.recent(2)] == ["three", "one"]


def test_the_history_is_searched_literally(store: JobStore, bring: Bring) -> None:
    for prompt in ("100% wool", "100 percent", "Büro und Ärger", 'a "quoted" thing', "a_b", "axb"):
        bring(prompt=prompt)
    history = PromptHistory(store.database)
    for search, expected in {
        "100%": ["100% wool"],
        "%": ["100% wool"],
        "WOOL 1": ["100% wool"],
        "ärger büro": ["Büro und Ärger"],
        "a_b": ["a_b"],
        '"quoted"': ['a "quoted" thing'],
        "absent": [],
    }.items():
        assert [past.prompt for past in history.recent(search=search)] == expected, search


def test_drafts_are_kept_by_slot(database: Database) -> None:
    drafts = Drafts(database)
    assert drafts.load("write") == ""
    drafts.save("write", "late night\nlofi \ud83d", START)
    drafts.save("edit:7", "other", START)
    drafts.save("write", "late night\nlofi, soft \ud83d", START + 1)
    assert (drafts.load("write"), drafts.load("edit:7")) == ("late night\nlofi, soft ?", "other")
    drafts.save("write", "", START + 2)
    assert drafts.load("write") == ""
    assert database.query("SELECT count(*) FROM drafts")[0][0] == 1


def test_times_are_utc_and_keep_their_fractions(store: JobStore) -> None:
    job = store.hold("now", account=ACCOUNT, now=START + 0.123456, not_before=START)
    assert job.created_at == from_epoch(START + 0.123456)
    assert job.created_at.tzinfo is UTC
