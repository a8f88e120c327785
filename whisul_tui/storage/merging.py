"""Merging another host's export into the store: what is here already is completed, never doubled or overwritten.

A job is the same by its client id or its job id. Of a job that is here, only what is missing is taken: an end that
this host has not seen, facts of the song, tags, a star, a note where there is none; and of these three nothing that
the user has taken off here. Nothing becomes a job that would be
sent: what is held elsewhere stays with its host, what was being sent comes as unconfirmed.
"""

# ruff: noqa: S608 - the parts of each statement are constants of this module; values are always bound

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from whisul_tui.domain.export_record import Family, Record
from whisul_tui.domain.job import Job, JobState
from whisul_tui.domain.own_tags import changed
from whisul_tui.domain.times import to_epoch
from whisul_tui.storage.database import Database
from whisul_tui.storage.rows import prompt_digest, sort_name, storable
from whisul_tui.storage.taken_off import NOTE, STAR, taken_off
from whisul_tui.storage.taken_off import tags as tagged

_AT_ONCE = 200  # records a transaction: others are kept waiting for some milliseconds
_OPEN_HERE = ("running", "unconfirmed")
_SENDING = (
    "It was being sent by {host} when the export was made: look there, or at your account, before sending it anew."
)
_HERE = """
SELECT * FROM jobs WHERE client_id = :client_id OR (:job_id IS NOT NULL AND job_id = :job_id)
ORDER BY job_id IS :job_id DESC LIMIT 1"""
_FACTS = ("title", "bpm", "seconds", "song_url", "image_url", "tags", "started_at", "finished_at", "accepted_at")
_PROMPT = """
INSERT INTO prompts (digest, used_at, text) VALUES (:digest, :at, :text)
ON CONFLICT (digest) DO UPDATE SET used_at = max(used_at, :at) RETURNING id"""


@dataclass(slots=True)
class Merged:
    """How many jobs came new, how many here learnt something, were so already, and stayed with their host (held)."""

    new: int = 0
    completed: int = 0
    same: int = 0
    held: int = 0


def merge(database: Database, records: Sequence[Record], *, host: str, now: float) -> Merged:
    """Merges the records, oldest first, so that numbers go on in the order in which the jobs were made."""
    told = Merged()
    ordered = sorted(records, key=lambda record: record.job.created_at)
    for start in range(0, len(ordered), _AT_ONCE):
        with database.write() as connection:
            for record in ordered[start : start + _AT_ONCE]:
                _merge(connection, record, host, now, told)
            connection.execute("UPDATE revisions SET revision = revision + 1")
    for start in range(0, len(ordered), _AT_ONCE):
        with database.write() as connection:
            for record in ordered[start : start + _AT_ONCE]:
                _join(connection, record)
    return told


def _merge(connection: sqlite3.Connection, record: Record, host: str, now: float, told: Merged) -> None:
    job = record.job
    here = connection.execute(_HERE, {"client_id": job.client_id, "job_id": job.job_id}).fetchone()
    if here is not None:
        change = _what_is_new(here, job, taken_off(connection, here["client_id"]))
        if change:
            sets = ", ".join(f"{name} = :{name}" for name in change)
            connection.execute(f"UPDATE jobs SET {sets} WHERE number = :number", {**change, "number": here["number"]})
        told.completed += bool(change)
        told.same += not change
    elif job.state is JobState.HELD:
        told.held += 1
    else:
        if job.state is JobState.SENDING:
            job = job._replace(state=JobState.UNCONFIRMED, message=_SENDING.format(host=host))
        _insert(connection, job, host, now)
        told.new += 1


def _insert(connection: sqlite3.Connection, job: Job, host: str, now: float) -> None:
    text, at = storable(job.prompt), job.created_at.timestamp()
    prompt = connection.execute(_PROMPT, {"digest": prompt_digest(text), "at": at, "text": text}).fetchone()[0]
    values = {
        "state": job.state.value,
        "prompt": prompt,
        "account": storable(job.account),
        "client_id": job.client_id,
        "job_id": job.job_id,
        "created_at": at,
        "changed_at": job.changed_at.timestamp(),
        "sent_at": to_epoch(job.sent_at),
        "accepted_at": to_epoch(job.accepted_at),
        "started_at": to_epoch(job.started_at),
        "finished_at": to_epoch(job.finished_at),
        "seen_at": to_epoch(job.polled_at),
        "due_at": now if job.state is JobState.RUNNING else None,
        "starred": int(job.starred),
        "sort_name": sort_name(job.song.title if job.song else None, text),
        "remote_status": _text(job.remote_status),
        "message": _text(job.message),
        "own_tags": _text("\n".join(job.own_tags) or None),
        "note": _text(job.note),
        "origin": _text(job.origin or host),
        **_song(job),
    }
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO jobs ({', '.join(values)}) VALUES ({marks})", values)


def _what_is_new(here: sqlite3.Row, job: Job, unwanted: frozenset[str]) -> dict[str, object]:
    """The columns that the other host's job fills or moves on; a held or sending one is left to its own steps."""
    change: dict[str, object] = {}
    tags = tuple(here["own_tags"].split("\n")) if here["own_tags"] else ()
    offered = [tag for tag, name in zip(job.own_tags, tagged(job.own_tags), strict=True) if name not in unwanted]
    if (union := changed(tags, offered)) != tags:
        change["own_tags"] = _text("\n".join(union))
    if job.starred and not here["starred"] and STAR not in unwanted:
        change["starred"] = 1
    if job.note and not here["note"] and NOTE not in unwanted:
        change["note"] = _text(job.note)
    if here["state"] in ("held", "sending"):
        return change
    moved = here["state"] in _OPEN_HERE and (
        (job.state.is_final and job.state is not JobState.REJECTED)
        or (here["state"] == "unconfirmed" and job.state in (JobState.RUNNING, JobState.REJECTED))
    )
    if moved:
        running = job.state is JobState.RUNNING
        change |= {"state": job.state.value, "message": _text(job.message), "remote_status": None}
        change |= {"changed_at": job.changed_at.timestamp(), "due_at": job.changed_at.timestamp() if running else None}
        change |= dict.fromkeys(("claim_host", "claim_pid", "claim_started", "claimed_at"))
    if moved and here["job_id"] is None:
        change["job_id"] = job.job_id
    has_song = job.song is not None and change.get("state", here["state"]) in ("completed", "expired")
    facts = {
        **(_song(job) if has_song else dict.fromkeys(_song(job))),
        **{name: to_epoch(getattr(job, name)) for name in _FACTS if name.endswith("_at")},
    }
    change |= {name: facts[name] for name in _FACTS if here[name] is None and facts[name] is not None}
    if "title" in change:
        change["sort_name"] = sort_name(job.song.title if job.song else None, job.prompt)
    return change


def _join(connection: sqlite3.Connection, record: Record) -> None:
    """Gives a job its parent and family, where it has none and they are here."""
    if record.parent is not None:
        connection.execute(
            "UPDATE jobs SET parent = (SELECT number FROM jobs AS other WHERE other.client_id = :parent)"
            " WHERE client_id = :own AND parent IS NULL AND :parent != :own"
            " AND EXISTS (SELECT 1 FROM jobs AS other WHERE other.client_id = :parent)",
            {"parent": record.parent, "own": record.job.client_id},
        )
    if record.family is not None:
        connection.execute(
            "UPDATE jobs SET family = ? WHERE client_id = ? AND family IS NULL",
            (_family(connection, record.family), record.job.client_id),
        )


def _family(connection: sqlite3.Connection, family: Family) -> int:
    template, made_at = storable(family[0]), family[1].timestamp()
    sql = "SELECT id FROM families WHERE template = ? AND abs(made_at - ?) < 0.001"
    row = connection.execute(sql, (template, made_at)).fetchone()
    if row is None:
        sql = "INSERT INTO families (template, made_at) VALUES (?, ?) RETURNING id"
        row = connection.execute(sql, (template, made_at)).fetchone()
    return int(row[0])


def _song(job: Job) -> dict[str, object]:
    song = job.song
    if song is None:
        return dict.fromkeys(("title", "bpm", "seconds", "song_url", "image_url", "tags"))
    return {
        "title": _text(song.title),
        "bpm": song.bpm,
        "seconds": song.seconds,
        "song_url": _text(song.song_url),
        "image_url": _text(song.image_url),
        "tags": storable("\n".join(song.tags)),
    }


def _text(text: str | None) -> str | None:
    return None if text is None else storable(text)
