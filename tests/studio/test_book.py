"""The job book on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from whisul_tui.studio.book import INTERNAL_ERROR, Book, Finished
from whisul_tui.studio.errors import StudioError

SONG = Finished("Midnight Grid", 140.0, 167.0, "trap, dark", "x.mp3", "x.jpg")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(Book(tmp_path / "studio.db", pace=4.0)) as book:
        yield book


def test_a_job_runs_until_its_song_is_there_and_its_pace_is_over(book: Book) -> None:
    job = book.accept("x", 7, 100.0)
    assert job.status_at(1e9) == "running"
    book.complete(job.id, SONG, 101.0)
    done = book.get(job.id)
    assert done is not None
    assert (done.finished_at, done.result, done.seed) == (104.0, SONG, 7)
    assert [done.status_at(now) for now in (101.0, 103.9, 104.0)] == ["running", "running", "completed"]


def test_a_song_that_took_longer_than_the_pace_is_there_at_once(book: Book) -> None:
    job = book.accept("x", 7, 100.0)
    book.complete(job.id, SONG, 130.0)
    done = book.get(job.id)
    assert done is not None
    assert done.finished_at == 130.0


def test_a_clock_that_was_set_back_keeps_no_finished_job_running(book: Book) -> None:
    job = book.accept("x", 7, 100_000.0)
    book.complete(job.id, SONG, 100_030.0)
    done = book.get(job.id)
    assert done is not None
    assert done.status_at(50_000.0) == "completed"
    assert not book.is_busy(50_000.0)


def test_a_failing_job_fails_when_its_pace_is_over(book: Book) -> None:
    job = book.accept("x", 7, 100.0, fails=True)
    assert (job.status_at(103.0), job.status_at(104.0), job.error) == ("running", "failed", INTERNAL_ERROR)
    assert book.unfinished() == []


def test_what_has_ended_stays_as_it_ended(book: Book) -> None:
    job = book.accept("x", 7, 100.0)
    book.fail(job.id, 110.0)
    book.complete(job.id, SONG, 120.0)
    ended = book.get(job.id)
    assert ended is not None
    assert (ended.status, ended.finished_at, ended.result) == ("failed", 110.0, None)


def test_it_is_busy_while_a_job_shows_as_running(book: Book) -> None:
    assert not book.is_busy(100.0)
    job = book.accept("x", 7, 100.0)
    assert book.is_busy(1e9)
    book.complete(job.id, SONG, 101.0)
    assert book.is_busy(103.0)
    assert not book.is_busy(104.0)


def test_jobs_outlive_the_process_in_their_order(tmp_path: Path) -> None:
    with closing(Book(tmp_path / "b.db")) as book:
        jobs = [book.accept(f"prompt {number}", number, 100.0) for number in range(20)]
        book.complete(jobs[3].id, SONG, 101.0)
    with closing(Book(tmp_path / "b.db")) as book:
        assert [job.prompt for job in book.unfinished()] == [f"prompt {n}" for n in range(20) if n != 3]
        assert book.get(jobs[3].id) is not None
        assert book.get("unknown") is None
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600


def test_a_newer_book_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "b.db")) as newer:
        newer.execute("PRAGMA user_version = 9")
    with pytest.raises(StudioError, match="written by a newer whisul-tui"):
        Book(tmp_path / "b.db")


def test_a_file_that_is_no_book_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "b.db").write_text("not a database, but long enough to be looked at" * 100)
    with pytest.raises(StudioError, match="cannot be used"):
        Book(tmp_path / "b.db")
