"""A job as one record of an export, and back: all that is known of it, and nothing that this host alone can use.

Times are ISO 8601 in UTC with all their digits. A record that is read is foreign text: each field is cleaned and
bounded here, what is not understood is left out, and a record that is no job at all gives a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from whisul_tui.domain.clean import clean_line, clean_text, clean_url
from whisul_tui.domain.job import Job, JobState, is_job_id
from whisul_tui.domain.own_tags import clean_note, clean_tags
from whisul_tui.domain.prompt import PROMPT_LIMIT
from whisul_tui.domain.song import Song, parse_bpm, parse_seconds
from whisul_tui.domain.times import parse_api_time

_TIMES = ("created_at", "changed_at", "sent_at", "accepted_at", "started_at", "finished_at", "polled_at")
_SONG_TAGS = 100
Family = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Record:
    """A job of an export; its number is 0. `parent` is the client id of the job that it was made from.

    `family`: the template that its prompt was expanded from, and when.
    """

    job: Job
    parent: str | None = None
    family: Family | None = None


class RecordError(ValueError):
    """What was read is no job; the message says why."""


def write_record(record: Record) -> dict[str, Any]:
    """The record as a JSON object."""
    job, song = record.job, record.job.song
    told: dict[str, Any] = {
        "client_id": job.client_id,
        "job_id": job.job_id,
        "account": job.account,
        "state": job.state.value,
        "prompt": job.prompt,
        "message": job.message,
        "remote_status": job.remote_status,
        "song": None
        if song is None
        else {
            "title": song.title,
            "bpm": song.bpm,
            "seconds": song.seconds,
            "tags": list(song.tags),
            "song_url": song.song_url,
            "image_url": song.image_url,
        },
        "starred": job.starred,
        "own_tags": list(job.own_tags),
        "note": job.note,
        "origin": job.origin,
        "parent": record.parent,
        "family": None if record.family is None else {"template": record.family[0], "made_at": _iso(record.family[1])},
    }
    return told | {name: _iso(getattr(job, name)) for name in _TIMES}


def read_record(content: object) -> Record:
    """The job of a JSON object from elsewhere; raises RecordError."""
    if not isinstance(content, dict):
        raise RecordError("it is no JSON object")
    client_id, job_id = content.get("client_id"), content.get("job_id")
    if not is_job_id(client_id):
        raise RecordError("it has no client_id")
    if job_id is not None and not is_job_id(job_id):
        raise RecordError("its job_id is none")
    state = content.get("state")
    if state not in list(JobState):
        raise RecordError("its state is not known")
    prompt = clean_text(content.get("prompt"), PROMPT_LIMIT)
    if not prompt:
        raise RecordError("it has no prompt")
    account = clean_line(content.get("account"), 200)
    times: dict[str, Any] = {name: parse_api_time(content.get(name)) for name in _TIMES}
    created_at = times.pop("created_at")
    if created_at is None or not account or created_at.timestamp() < 0:
        raise RecordError("it does not say when it was made, or whose it is")
    changed_at = times.pop("changed_at") or created_at
    if job_id is None and JobState(state) in (
        JobState.RUNNING,
        JobState.COMPLETED,
        JobState.FAILED,
        JobState.EXPIRED,
    ):
        raise RecordError(f"it is {state} and has no job_id")
    job = Job(
        number=0,
        client_id=str(client_id),
        account=account,
        prompt=prompt,
        state=JobState(state),
        created_at=created_at,
        changed_at=changed_at,
        job_id=job_id,
        remote_status=clean_line(content.get("remote_status"), 60) or None,
        message=clean_line(content.get("message"), 2_000) or None,
        song=_song(content.get("song")),
        starred=content.get("starred") is True,
        own_tags=clean_tags(_list(content.get("own_tags"))),
        note=clean_note(content.get("note")),
        origin=clean_line(content.get("origin"), 255) or None,
        **times,
    )
    parent = content.get("parent")
    return Record(job, parent if is_job_id(parent) else None, _family(content.get("family")))


def _song(content: object) -> Song | None:
    if not isinstance(content, dict):
        return None
    words = (clean_line(tag, 100).replace(",", " ") for tag in _list(content.get("tags"))[:_SONG_TAGS])
    return Song(
        title=clean_line(content.get("title"), 200) or None,
        bpm=parse_bpm(content.get("bpm")),
        seconds=parse_seconds(content.get("seconds")),
        song_url=clean_url(content.get("song_url")),
        image_url=clean_url(content.get("image_url")),
        tags=tuple(word for word in words if word),
    )


def _family(content: object) -> Family | None:
    if not isinstance(content, dict):
        return None
    template, made_at = clean_text(content.get("template"), PROMPT_LIMIT), parse_api_time(content.get("made_at"))
    return (template, made_at) if template and made_at else None


def _list(content: object) -> list[object]:
    return content if isinstance(content, list) else []


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
