"""The studio's job book: every accepted prompt and what became of it, on disk, so that a restart forgets nothing."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whisul_tui.studio.errors import StudioError

_FORMAT = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS job (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, prompt TEXT NOT NULL, seed INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'failed')),
    started_at REAL NOT NULL, finished_at REAL, error TEXT,
    title TEXT, bpm REAL, seconds REAL, tags TEXT, song TEXT, cover TEXT, origin TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS job_open ON job (number) WHERE status = 'running';
CREATE INDEX IF NOT EXISTS job_finish ON job (finished_at);
"""
INTERNAL_ERROR = "Generation failed due to an internal error."


@dataclass(frozen=True, slots=True)
class Finished:
    """What a composed song is remembered by; `song` and `cover` are file names."""

    title: str
    bpm: float
    seconds: float
    tags: str
    song: str
    cover: str


@dataclass(frozen=True, slots=True)
class StudioJob:
    """One job; times in seconds since 1970. A `finished_at` that is yet to come: it still shows as running.

    `origin` is the id of the job whose song it is made from.
    """

    id: str
    prompt: str
    seed: int
    status: str
    started_at: float
    finished_at: float | None = None
    error: str | None = None
    result: Finished | None = None
    origin: str | None = None

    def status_at(self, now: float) -> str:
        """What the API says of it now: running, completed or failed."""
        # The lower bound: a clock that was set back must not keep a finished job running.
        still = self.finished_at is None or self.started_at <= now < self.finished_at
        return "running" if still else self.status


class Book:
    """The jobs in SQLite, for one thread. Each change is one statement, so that a kill leaves no half job."""

    def __init__(self, path: Path, *, pace: float = 0.0) -> None:
        """Opens or makes the book; a job shows as running for at least `pace` seconds. Raises StudioError."""
        self._pace = pace
        self._connection = sqlite3.connect(path, isolation_level=None)
        try:
            path.chmod(0o600)
            self._check_format(path)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_SCHEMA)
            self._add_origin()
            self._connection.execute(f"PRAGMA user_version = {_FORMAT}")
        except sqlite3.Error as error:
            self._connection.close()
            raise StudioError(f"The studio's job book {path} cannot be used ({error}); move it away.") from error
        except BaseException:
            self._connection.close()
            raise

    def accept(
        self, prompt: str, seed: int, now: float, *, fails: bool = False, origin: str | None = None
    ) -> StudioJob:
        """A new job; one that `fails` is never composed and ends as failed once its pace is over."""
        job_id = str(uuid.uuid4())
        status, finished, error = ("failed", now + self._pace, INTERNAL_ERROR) if fails else ("running", None, None)
        self._connection.execute(
            "INSERT INTO job (id, prompt, seed, status, started_at, finished_at, error, origin)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (job_id, prompt, seed, status, now, finished, error, origin),
        )
        return StudioJob(job_id, prompt, seed, status, now, finished, error, None, origin)

    def complete(self, job_id: str, result: Finished, now: float) -> None:
        """The song is there; a job that has ended already is left as it is."""
        self._connection.execute(
            "UPDATE job SET status = 'completed', finished_at = max(?, started_at + ?), title = ?, bpm = ?,"
            " seconds = ?, tags = ?, song = ?, cover = ? WHERE id = ? AND status = 'running'",
            (
                now,
                self._pace,
                result.title,
                result.bpm,
                result.seconds,
                result.tags,
                result.song,
                result.cover,
                job_id,
            ),
        )

    def fail(self, job_id: str, now: float, error: str = INTERNAL_ERROR) -> None:
        """There will be no song."""
        self._connection.execute(
            "UPDATE job SET status = 'failed', finished_at = max(?, started_at + ?), error = ?"
            " WHERE id = ? AND status = 'running'",
            (now, self._pace, error, job_id),
        )

    def get(self, job_id: str) -> StudioJob | None:
        """A job by its id."""
        return self._one("SELECT * FROM job WHERE id = ?", job_id)

    def beginning(self, text: str) -> list[StudioJob]:
        """The jobs whose id begins so, two at the most: one is found, none or two are not."""
        return [_job(row) for row in self._rows("SELECT * FROM job WHERE id GLOB ? LIMIT 2", f"{text}*")]

    def newest(self) -> StudioJob | None:
        """The last job that has a song or will have one."""
        return self._one("SELECT * FROM job WHERE status != 'failed' ORDER BY number DESC LIMIT 1")

    def origins(self, job: StudioJob) -> list[StudioJob]:
        """What a job's song is made from, and what that was made from in turn, the nearest first."""
        found: list[StudioJob] = []
        while job.origin and (before := self.get(job.origin)) is not None:
            found.append(before)
            job = before
        return found

    def unfinished(self) -> list[StudioJob]:
        """The jobs that are still to be composed, oldest first."""
        return [_job(row) for row in self._rows("SELECT * FROM job WHERE status = 'running' ORDER BY number")]

    def is_busy(self, now: float) -> bool:
        """Whether a job is being composed, waits for it, or still shows as running."""
        query = "SELECT EXISTS (SELECT 1 FROM job WHERE status = 'running' OR (finished_at > ? AND started_at <= ?))"
        with closing(self._connection.execute(query, (now, now))) as cursor:
            return bool(cursor.fetchone()[0])

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _check_format(self, path: Path) -> None:
        with closing(self._connection.execute("PRAGMA user_version")) as cursor:
            if cursor.fetchone()[0] > _FORMAT:
                raise StudioError(f"{path} was written by a newer whisul-tui; update this one, or move the file away.")

    def _add_origin(self) -> None:
        """Brings a book of format 1 up to this one."""
        if "origin" not in (row["name"] for row in self._rows("PRAGMA table_info(job)")):
            self._connection.execute("ALTER TABLE job ADD COLUMN origin TEXT")

    def _one(self, query: str, *values: object) -> StudioJob | None:
        rows = self._rows(query, *values)
        return _job(rows[0]) if rows else None

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with closing(self._connection.cursor()) as cursor:
            cursor.row_factory = sqlite3.Row
            return cursor.execute(query, values).fetchall()


def _job(row: Any) -> StudioJob:
    result = None
    if row["status"] == "completed":
        result = Finished(*(row[name] for name in ("title", "bpm", "seconds", "tags", "song", "cover")))
    return StudioJob(
        row["id"],
        row["prompt"],
        row["seed"],
        row["status"],
        row["started_at"],
        row["finished_at"],
        row["error"],
        result,
        row["origin"],
    )
