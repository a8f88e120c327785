"""Texts longer than any program of ours writes: none of them is carried out of the store."""

from __future__ import annotations

import pytest

from tests.storage.conftest import Bring, found
from whisul_tui.domain import JobState, Song
from whisul_tui.storage import Database, Drafts, JobStore, PromptHistory

LONG = "x" * 3_000_000
LIMITS = {"title": 200, "tags": 1000, "message": 2000, "remote_status": 200}


@pytest.fixture
def stuffed(database: Database, store: JobStore, bring: Bring) -> int:
    number = bring(JobState.COMPLETED, song=Song("t", 80, 180, "https://h/a.mp3", "https://h/a.jpg", ("a",)))
    Drafts(database).save("write", LONG, 1.0)
    with database.write() as connection:
        connection.execute("UPDATE prompts SET text = ?", (LONG,))
        for trigger in ("jobs_reworded", "jobs_moved"):  # another program wrote it, the search index aside
            connection.execute(f"DROP TRIGGER {trigger}")
        for column in LIMITS:
            connection.execute(f"UPDATE jobs SET {column} = ?", (LONG,))
        connection.execute("UPDATE jobs SET song_url = ?", ("https://h/" + LONG,))
    return number


def test_a_job_is_cut_to_what_can_be_shown(store: JobStore, stuffed: int) -> None:
    job = found(store, stuffed)
    assert job.song is not None
    assert len(job.prompt) == 10_000
    assert len(job.song.title or "") == LIMITS["title"]
    assert len("".join(job.song.tags)) == LIMITS["tags"]
    assert len(job.message or "") == LIMITS["message"]
    assert len(job.remote_status or "") == LIMITS["remote_status"]


def test_a_link_is_whole_or_not_there(store: JobStore, stuffed: int) -> None:
    song = found(store, stuffed).song
    assert song is not None
    assert song.song_url is None
    assert song.image_url == "https://h/a.jpg"


def test_drafts_and_history_are_cut_too(database: Database, stuffed: int) -> None:
    assert len(Drafts(database).load("write")) == 100_000
    assert [len(past.prompt) for past in PromptHistory(database).recent()] == [10_000]
