"""Figures of an account for the dashboard."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.storage.conftest import ACCOUNT, START, Bring, HandClock
from whisul_tui.domain import JobState, Song
from whisul_tui.storage import JobStore
from whisul_tui.storage.figures import figures

NOW = datetime.fromtimestamp(START, UTC)


def test_days_times_tags_and_requests(store: JobStore, bring: Bring, clock: HandClock) -> None:
    began = datetime.fromtimestamp(START, UTC)
    for seconds in (60, 100, 80):
        number = bring(
            JobState.COMPLETED,
            song=Song("x", tags=("lofi", "rain")[: 1 + (seconds == 60)]),
            started_at=began,
            finished_at=datetime.fromtimestamp(START + seconds, UTC),
        )
    store.tag([number], ["demo"])
    bring(JobState.FAILED)
    bring(JobState.RUNNING)
    bring(JobState.HELD)
    with store.turn() as turn:
        turn.count_requests(ACCOUNT, 3, 0)
        turn.count_requests(ACCOUNT, 2, 1)
        turn.count_requests("another", 9, 9)
    clock.now -= 86_400 * 2
    bring(JobState.REJECTED)
    told = figures(store.database, ACCOUNT, now=NOW, days=7)
    today = told.days[0]
    assert today.day == NOW.astimezone().date()
    assert (today.sent, today.songs, today.lost, today.seconds) == (5, 3, 1, 80)
    assert (today.success, today.requests, today.limited) == (0.75, 5, 1)
    assert [(day.sent, day.lost) for day in told.days[1:]] == [(0, 0), (1, 1), (0, 0), (0, 0), (0, 0), (0, 0)]
    assert sorted(told.times) == [60, 80, 100]
    assert (told.tags, told.own_tags) == ({"lofi": 3, "rain": 1}, {"demo": 1})


def test_an_empty_account(store: JobStore) -> None:
    told = figures(store.database, ACCOUNT, now=NOW, days=3)
    assert len(told.days) == 3
    assert all(day.success is None and not day.sent for day in told.days)
    assert (told.times, told.tags) == ((), {})
