"""A job: a prompt and its fate."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from whisul_tui.domain.song import Song

_JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")


class JobState(StrEnum):
    """Where a job stands; the eight states of the product's contract."""

    HELD = "held"
    SENDING = "sending"
    UNCONFIRMED = "unconfirmed"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    REJECTED = "rejected"
    EXPIRED = "expired"

    @property
    def is_final(self) -> bool:
        """Nothing more will happen by itself, and nothing is left for the user to settle."""
        return self in (JobState.COMPLETED, JobState.FAILED, JobState.REJECTED, JobState.EXPIRED)

    @property
    def is_open(self) -> bool:
        """The client still has something to do for it: send it, wait for the answer, or poll."""
        return self in (JobState.HELD, JobState.SENDING, JobState.RUNNING)


class Job(NamedTuple):
    """One submission of a prompt, as the store has it. Times are aware datetimes in UTC.

    `number` is the store's row and the order of creation; `client_id` (32 hex digits) exists before Whisul's `job_id`.
    `message` is Whisul's own error or refusal, or the evidence of an unconfirmed submission; `remote_status` is a
    status the documents do not know, shown as it came. `not_before` is when a held job may leave at the earliest.
    The user's own: `own_tags`, `note`, `paused` (held until resumed). `family` joins the jobs of one expanded prompt,
    `parent` is the job this one was made from, `origin` the host whose export it came from.
    """

    number: int
    client_id: str
    account: str
    prompt: str
    state: JobState
    created_at: datetime
    changed_at: datetime
    job_id: str | None = None
    not_before: datetime | None = None
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    polled_at: datetime | None = None
    due_at: datetime | None = None
    remote_status: str | None = None
    message: str | None = None
    song: Song | None = None
    starred: bool = False
    parent: int | None = None
    family: int | None = None
    own_tags: tuple[str, ...] = ()
    note: str | None = None
    paused: bool = False
    origin: str | None = None

    @property
    def short_id(self) -> str:
        """The first eight characters of the job id, or of the client id while there is none."""
        return (self.job_id or self.client_id)[:8]

    @property
    def name(self) -> str:
        """What a person calls it: the title, else the prompt's first line."""
        title = self.song.title if self.song else None
        return title or self.prompt.split("\n", 1)[0]

    def elapsed(self, now: datetime) -> float | None:
        """Seconds of work: Whisul's own start to finish when known, else acceptance to the end or to `now`."""
        if self.state is JobState.RUNNING:
            return max(0.0, (now - self.accepted_at).total_seconds()) if self.accepted_at else None
        if self.started_at and self.finished_at:
            return max(0.0, (self.finished_at - self.started_at).total_seconds())
        return None


def is_job_id(text: object) -> bool:
    """Whether a text can be a job id: 1 to 128 of letters, digits, `_` and `-`."""
    return isinstance(text, str) and _JOB_ID.match(text) is not None
