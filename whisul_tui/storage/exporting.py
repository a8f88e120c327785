"""Exports of jobs as text, piece by piece: JSON with all that is known, CSV for tables, m3u8 for players."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from whisul_tui.domain.clean import clean_line
from whisul_tui.domain.export_record import Record, write_record
from whisul_tui.domain.job import Job
from whisul_tui.storage.database import Database
from whisul_tui.storage.rows import fetch

FORMAT = "whisul-tui jobs"
VERSION = 1
_AT_ONCE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the beginning of a formula
_COLUMNS = (
    "job_id", "client_id", "state", "title", "prompt", "bpm", "seconds", "tags", "own_tags", "note", "starred",
    "song_url", "image_url", "message", "account", "origin", "created_at", "sent_at", "accepted_at", "started_at",
    "finished_at",
)  # fmt: skip


class Format(StrEnum):
    """The kinds of export, each by the ending of its file."""

    JSON = "json"
    CSV = "csv"
    M3U8 = "m3u8"


def export(database: Database, numbers: Sequence[int], kind: Format, *, host: str, now: float) -> Iterator[str]:
    """The text of the export in pieces, the jobs in this order; a playlist has those with a link alone."""
    if kind is Format.JSON:
        head = {"format": FORMAT, "version": VERSION, "host": host, "exported_at": _iso(now)}
        yield json.dumps(head, indent=1)[:-2] + ',\n "jobs": ['
        for place, record in enumerate(_records(database, numbers)):
            yield f"{',' if place else ''}\n  {json.dumps(write_record(record), ensure_ascii=True)}"
        yield "\n ]\n}\n"
    elif kind is Format.CSV:
        yield _csv_line(_COLUMNS)
        for job in _jobs(database, numbers):
            yield _csv_line([_cell(job, name) for name in _COLUMNS])
    else:
        yield "#EXTM3U\n"
        for job in _jobs(database, numbers):
            if job.song is not None and job.song.song_url is not None:
                seconds = -1 if job.song.seconds is None else round(job.song.seconds)
                yield f"#EXTINF:{seconds},{clean_line(job.name)}\n{job.song.song_url}\n"


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that would begin like one has a quote before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _jobs(database: Database, numbers: Sequence[int]) -> Iterator[Job]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield from fetch(database, numbers[start : start + _AT_ONCE])


def _records(database: Database, numbers: Sequence[int]) -> Iterator[Record]:
    for start in range(0, len(numbers), _AT_ONCE):
        jobs = fetch(database, numbers[start : start + _AT_ONCE])
        parents = json.dumps([job.parent for job in jobs if job.parent is not None])
        families = json.dumps([job.family for job in jobs if job.family is not None])
        ids = dict(
            tuple(row)
            for row in database.query(
                "SELECT number, client_id FROM jobs WHERE number IN (SELECT value FROM json_each(?))", (parents,)
            )
        )
        templates = {
            row[0]: (row[1], datetime.fromtimestamp(row[2], UTC))
            for row in database.query(
                "SELECT id, template, made_at FROM families WHERE id IN (SELECT value FROM json_each(?))", (families,)
            )
        }
        for job in jobs:
            yield Record(job, ids.get(job.parent), templates.get(job.family))


def _cell(job: Job, name: str) -> str:
    song = job.song
    if name in ("title", "bpm", "seconds", "song_url", "image_url"):
        value = getattr(song, name) if song else None
    elif name == "tags":
        value = ", ".join(song.tags) if song else None
    elif name == "own_tags":
        value = ", ".join(job.own_tags)
    elif name == "starred":
        value = "yes" if job.starred else ""
    else:
        value = getattr(job, name)
    if isinstance(value, datetime):
        return _iso(value.timestamp())
    if isinstance(value, float):
        return f"{value:g}"
    return guarded("" if value is None else str(value))


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
