"""Rows of the store become jobs of the domain, and the domain's texts become storable."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from whisul_tui.domain.job import Job, JobState
from whisul_tui.domain.prompt import PROMPT_LIMIT
from whisul_tui.domain.song import Song
from whisul_tui.domain.times import from_epoch
from whisul_tui.storage.database import Database
from whisul_tui.storage.errors import damaged

# No program of ours writes longer texts; whatever else has, none of it is carried to a screen.
LONGEST_PROMPT = PROMPT_LIMIT
_LONGEST = {
    "remote_status": 200,
    "message": 2_000,
    "tags": 1_000,
    "title": 200,
    "own_tags": 1_000,
    "note": 4_000,
    "origin": 255,
}
_LONGEST_URL = 2048
_SHORT = {column: f"substr({column}, 1, {longest})" for column, longest in _LONGEST.items()}
_LINK = {column: f"iif(length({column}) <= {_LONGEST_URL}, {column}, NULL)" for column in ("song_url", "image_url")}
SELECT_JOB = f"""
SELECT number, client_id, account, substr(text, 1, {LONGEST_PROMPT}), state, created_at, changed_at, job_id, not_before,
  sent_at, accepted_at, started_at, finished_at, seen_at, due_at, {_SHORT["remote_status"]}, {_SHORT["message"]},
  jobs.starred, parent, {_SHORT["tags"]}, {_SHORT["title"]}, bpm, seconds, {_LINK["song_url"]}, {_LINK["image_url"]},
  family, {_SHORT["own_tags"]}, {_SHORT["note"]}, paused, {_SHORT["origin"]}
FROM jobs JOIN prompts ON prompts.id = jobs.prompt """
_BY_NUMBERS = SELECT_JOB + "WHERE jobs.number IN (SELECT value FROM json_each(?))"
_SORT_LETTERS = 60


def jobs_of(database: Database, rows: Sequence[sqlite3.Row]) -> list[Job]:
    """The jobs of rows of `SELECT_JOB`; raises StoreDamaged for a value that no program of ours writes."""
    try:
        return [_job(row) for row in rows]
    except (ValueError, OverflowError, OSError) as error:
        raise damaged(database.path, f"a job in it has an impossible value ({error})") from error


def fetch(database: Database, numbers: Sequence[int]) -> list[Job]:
    """The jobs of these numbers in this order; numbers that are gone meanwhile are left out."""
    found = {job.number: job for job in jobs_of(database, database.query(_BY_NUMBERS, (json.dumps(list(numbers)),)))}
    return [found[number] for number in numbers if number in found]


def storable(text: str) -> str:
    """The text without what SQLite cannot hold or search: lone surrogates become `?`, NUL is left out."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def sort_name(title: str | None, prompt: str) -> str:
    """What a job is sorted by among names: the title, else the prompt's first line, in folded letters."""
    return storable(title or prompt.split("\n", 1)[0])[:_SORT_LETTERS].casefold()


def prompt_digest(prompt: str) -> bytes:
    """What tells a prompt from every other: 16 bytes of its storable text."""
    return hashlib.blake2b(storable(prompt).encode(), digest_size=16).digest()


def _job(row: sqlite3.Row) -> Job:
    """A job from the columns of `SELECT_JOB`; `tags` is NULL as long as there is no song."""
    number, client_id, account, prompt, state, created_at, changed_at, job_id, *times = row[:15]
    not_before, sent_at, accepted_at, started_at, finished_at, seen_at, due_at = map(from_epoch, times)
    remote_status, message, starred, parent, tags, title, bpm, seconds, song_url, image_url, *said = row[15:]
    family, own_tags, note, paused, origin = said
    words = tuple(tags.split("\n")) if tags else ()
    return Job(
        number=number,
        client_id=client_id,
        account=account,
        prompt=prompt,
        state=JobState(state),
        created_at=datetime.fromtimestamp(created_at, UTC),
        changed_at=datetime.fromtimestamp(changed_at, UTC),
        job_id=job_id,
        not_before=not_before,
        sent_at=sent_at,
        accepted_at=accepted_at,
        started_at=started_at,
        finished_at=finished_at,
        polled_at=seen_at,
        due_at=due_at,
        remote_status=remote_status,
        message=message,
        song=None if tags is None else Song(title, bpm, seconds, song_url, image_url, words),
        starred=bool(starred),
        parent=parent,
        family=family,
        own_tags=tuple(own_tags.split("\n")) if own_tags else (),
        note=note,
        paused=bool(paused),
        origin=origin,
    )
