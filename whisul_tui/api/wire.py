"""Whisul's JSON as domain objects: tolerant of what is missing, wrong or new, and pure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from whisul_tui.api.errors import BadReply
from whisul_tui.domain.clean import clean_line, clean_text, clean_url
from whisul_tui.domain.job import JobState, is_job_id
from whisul_tui.domain.song import Song, parse_bpm, parse_seconds
from whisul_tui.domain.times import parse_api_time

TITLE_LIMIT = 200
TAGS_LIMIT = 500  # of all tags together
PROMPT_LIMIT = 10_000
MESSAGE_LIMIT = 2_000
STATUS_LIMIT = 60
_EXACT_DIGITS = 18  # longer whole numbers are read as floats, so that none can be refused or overflow

_STATES = {state.value: state for state in (JobState.RUNNING, JobState.COMPLETED, JobState.FAILED)}


class Accepted(NamedTuple):
    """A submission that Whisul took. `pause`: seconds for which Whisul asks for silence (header RateLimit), or None."""

    job_id: str
    message: str | None = None
    pause: float | None = None


class JobReport(NamedTuple):
    """What Whisul says of a job: RUNNING, COMPLETED or FAILED.

    `remote_status` is a status the documents do not know, cleaned; its state is RUNNING. `song` comes with COMPLETED
    alone and `message`, the reason, with FAILED alone. Times are aware, in UTC. `pause`: as in Accepted.
    """

    state: JobState
    remote_status: str | None = None
    song: Song | None = None
    message: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    prompt: str | None = None
    pause: float | None = None


def read_accepted(body: bytes, *, pause: float | None = None) -> Accepted:
    """The answer to a submission; raises BadReply without a valid job id. `poll_url` is not looked at."""
    answer = _object(body)
    job_id = answer.get("job_id")
    if not isinstance(job_id, str) or not is_job_id(job_id):
        raise BadReply("it holds no valid job id")
    return Accepted(job_id, clean_line(answer.get("message"), MESSAGE_LIMIT) or None, pause)


def read_job(body: bytes, *, pause: float | None = None) -> JobReport:
    """The state of a job; raises BadReply for what is no JSON object with a status."""
    answer = _object(body)
    status = clean_line(answer.get("status"), STATUS_LIMIT)
    if not status:
        raise BadReply("it holds no job status")
    state = _STATES.get(status.lower())
    over = state is not None and state.is_final
    return JobReport(
        state=state or JobState.RUNNING,
        remote_status=None if state else status,
        song=_song(answer.get("result")) if state is JobState.COMPLETED else None,
        message=_failure(answer) if state is JobState.FAILED else None,
        started_at=parse_api_time(answer.get("started_at")),
        finished_at=parse_api_time(answer.get("finished_at")) if over else None,
        prompt=clean_text(answer.get("prompt"), PROMPT_LIMIT) or None,
        pause=pause,
    )


def read_message(body: bytes) -> str | None:
    """Whisul's own words in a refusal: `message`, else `error`, cleaned; None where there are none."""
    try:
        answer = _object(body)
    except BadReply:
        return None
    words = (clean_line(answer.get(name), MESSAGE_LIMIT) for name in ("message", "error"))
    return next((text for text in words if text), None)


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body.decode("utf-8-sig"), parse_int=_whole, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):  # ValueError covers what is no UTF-8 and what is no JSON
        answer = None
    if not isinstance(answer, dict):
        raise BadReply("it is no JSON object")
    return answer


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _EXACT_DIGITS else float(digits)


def _song(result: object) -> Song | None:
    if not isinstance(result, dict):
        return None
    return Song(
        title=clean_line(result.get("title"), TITLE_LIMIT) or None,
        bpm=parse_bpm(result.get("bpm")),
        seconds=parse_seconds(result.get("duration")),
        song_url=clean_url(result.get("song_url")),
        image_url=clean_url(result.get("image_url")),
        tags=_tags(result.get("tags")),
    )


def _tags(value: object) -> tuple[str, ...]:
    """Tags from the documented comma-separated string, or from a list of strings."""
    if isinstance(value, list):
        value = ",".join(tag for tag in value[:TAGS_LIMIT] if isinstance(tag, str))
    words = (word.strip() for word in clean_line(value, TAGS_LIMIT).split(","))
    return tuple(word for word in words if word)


def _failure(answer: dict[str, Any]) -> str | None:
    return clean_line(answer.get("error"), MESSAGE_LIMIT) or clean_line(answer.get("message"), MESSAGE_LIMIT) or None
