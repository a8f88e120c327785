"""A job as a JSON object, as a row and as a page: the fields and words of every verb that prints jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from whisul_tui.cli.output import Output, columns, cut
from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import clock, glyph, job_document, local_time, stamp, tempo

JSON_FIELDS = """\
fields of a job with --json, null where not known:
  job_id, client_id     Whisul's id, and the store's own that exists before it
  state                 held, sending, unconfirmed, running, completed, failed, rejected, expired
  remote_status         a status of Whisul's that its documents do not know, as it came
  prompt, message       message: Whisul's error or refusal, or why a submission is unconfirmed
  title, bpm, seconds   of the song; seconds is its length; tags is a list
  song_url, image_url   links of song and cover
  profile, account      whose job it is
  created_at, sent_at, accepted_at, started_at, finished_at     ISO 8601, UTC
  starred, number       the store's star and row
  own_tags, note        the user's own; origin: the host whose export it came from"""

_RIGHT = frozenset({2, 3})


def documents(jobs: Sequence[Job], *, many: bool, more: Mapping[int, dict[str, Any]] | None = None) -> Any:
    """What `--json` prints: a list where several jobs were asked for, else the one object.

    `more` are further fields by a job's number.
    """
    told = [job_document(job) | (more or {}).get(job.number, {}) for job in jobs]
    return told if many else told[0]


def rows(jobs: Sequence[Job], out: Output) -> list[str]:
    """A line a job: id, state, length, bpm, when, title or prompt; whole ids and texts where no terminal shows them."""
    shown = out.is_terminal
    table = [
        [
            job.short_id if shown else (job.job_id or job.client_id),
            f"{glyph(job.state, unicode=out.unicode)} {job.state}",
            clock(job.song.seconds if job.song else None),
            tempo(job.song.bpm if job.song else None),
            local_time(job.created_at),
            " ".join(job.name.split()),
        ]
        for job in jobs
    ]
    if shown:
        table.insert(0, ["JOB", "  STATE", "LENGTH", "BPM", "WRITTEN", "TITLE / PROMPT"])
    lines = columns(table, right=_RIGHT)
    if out.width is not None:
        lines = [cut(line, out.width) for line in lines]
    heads = len(lines) - len(jobs)
    return lines[:heads] + [_with_colour(line, job, out) for line, job in zip(lines[heads:], jobs, strict=True)]


def ended(job: Job, out: Output) -> str:
    """The line of a job that came to its end: id, state, and the song's link or Whisul's words."""
    sign = f"{glyph(job.state, unicode=out.unicode)} {job.state}"
    told = [job.job_id or job.client_id, out.coloured(sign, job.state), job.name.strip()]
    if job.song and job.state is JobState.COMPLETED:
        told += [clock(job.song.seconds), job.song.song_url or "no link"]
    elif job.message:
        told.append(job.message)
    return "  ".join(told)


def event(job: Job, word: str, what: str) -> str:
    """The line of what was done with a job's song just now: when, id, what happened, and to what."""
    return f"{stamp(datetime.now(UTC))} {job.short_id} {word} {what}"


def transition(job: Job) -> str:
    """The line of a state that a job has come into: when, id, state, title or prompt."""
    return f"{stamp(job.changed_at)} {job.short_id} {job.state} {' '.join(job.name.split())}"


def page(job: Job, out: Output) -> list[str]:
    """All that is known of a job, a line a field; the prompt keeps its line breaks."""
    song = job.song
    fields = [
        ("job", job.job_id or "none yet"),
        ("client id", job.client_id),
        ("profile", job.account),
        ("title", song.title if song else None),
        ("bpm", tempo(song.bpm) if song and song.bpm else None),
        ("length", clock(song.seconds) if song and song.seconds is not None else None),
        ("tags", ", ".join(song.tags) if song and song.tags else None),
        ("song", song.song_url if song else None),
        ("cover", song.image_url if song else None),
        ("status", job.remote_status),
        ("message", job.message),
        ("written", local_time(job.created_at)),
        ("sent", local_time(job.sent_at) if job.sent_at else None),
        ("started", local_time(job.started_at) if job.started_at else None),
        ("finished", local_time(job.finished_at) if job.finished_at else None),
        ("starred", "yes" if job.starred else None),
        ("own tags", ", ".join(job.own_tags)),
        *(("note" if number == 0 else "", line) for number, line in enumerate((job.note or "").split("\n"))),
        ("came from", job.origin),
    ]
    head = f"{glyph(job.state, unicode=out.unicode)} {job.state}"
    prompt = job.prompt.split("\n")
    told = [(name, value) for name, value in fields if value]
    told[3:3] = [("prompt" if number == 0 else "", line) for number, line in enumerate(prompt)]
    return [out.coloured(head, job.state), *columns(told)]


def _with_colour(line: str, job: Job, out: Output) -> str:
    sign = f"{glyph(job.state, unicode=out.unicode)} {job.state}"
    return line.replace(sign, out.coloured(sign, job.state), 1)
