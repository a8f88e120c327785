"""Jobs, times and states as the words and signs that all screens and verbs share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from whisul_tui.domain import Job, JobState


class Look(NamedTuple):
    """How a state is told: a sign, the same for terminals without Unicode, and what to do next (with ids of keys)."""

    glyph: str
    plain: str
    advice: str


LOOKS: dict[JobState, Look] = {
    JobState.HELD: Look("◌", "o", "waits to be sent; {undo} takes it back"),
    JobState.SENDING: Look("↑", "^", "on its way to Whisul"),
    JobState.UNCONFIRMED: Look("?", "?", "sent, but no answer is known; {again} sends it anew and may cost twice"),
    JobState.RUNNING: Look("▸", ">", "Whisul is composing"),
    JobState.COMPLETED: Look("✓", "+", "{open} opens the song"),
    JobState.FAILED: Look("✗", "x", "{again} sends it anew, {edit} edits it first"),
    JobState.REJECTED: Look("⊘", "!", "Whisul wants another prompt; {edit} edits it"),
    JobState.EXPIRED: Look("∅", "-", "Whisul no longer knows it; all that was known is kept"),
}


def glyph(state: JobState, *, unicode: bool = True) -> str:
    """The sign of a state, one cell wide."""
    look = LOOKS[state]
    return look.glyph if unicode else look.plain


def clock(seconds: float | None) -> str:
    """A length as `m:ss` or `h:mm:ss`, `-` where it is not known."""
    if seconds is None:
        return "-"
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago, in one unit: 12s, 3m, 5h, 2d, 6w, 1y; `-` where it is not known."""
    if moment is None:
        return "-"
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, size in (("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= size and not (unit == "w" and seconds < 2 * size):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def usual(bounds: tuple[float, float] | None) -> str:
    """How long such jobs usually take, median to p90; `-` where there is no history yet."""
    return "-" if bounds is None else f"{clock(bounds[0])}-{clock(bounds[1])}"


def tempo(bpm: float | None) -> str:
    """Beats a minute without needless decimals, `-` where it is not known."""
    return "-" if bpm is None else f"{bpm:g}"


def local_time(moment: datetime | None) -> str:
    """A moment in the user's own time zone, `-` where it is not known."""
    return "-" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def own_tag_words(job: Job) -> str:
    """The user's own tags, told from Whisul's by their sign; "" for none."""
    return " ".join(f"#{tag}" for tag in job.own_tags)


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: 1 song, 4 songs."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def job_document(job: Job) -> dict[str, Any]:
    """The JSON object of a job; names and meaning of its fields are a contract."""
    song = job.song
    return {
        "job_id": job.job_id,
        "client_id": job.client_id,
        "state": job.state.value,
        "remote_status": job.remote_status,
        "prompt": job.prompt,
        "message": job.message,
        "title": song.title if song else None,
        "bpm": song.bpm if song else None,
        "seconds": song.seconds if song else None,
        "tags": list(song.tags) if song else [],
        "song_url": song.song_url if song else None,
        "image_url": song.image_url if song else None,
        "profile": job.account.partition("@")[0],
        "account": job.account,
        "created_at": stamp(job.created_at),
        "sent_at": stamp(job.sent_at),
        "accepted_at": stamp(job.accepted_at),
        "started_at": stamp(job.started_at),
        "finished_at": stamp(job.finished_at),
        "starred": job.starred,
        "own_tags": list(job.own_tags),
        "note": job.note,
        "origin": job.origin,
        "number": job.number,
    }


def stamp(moment: datetime | None) -> str | None:
    """A moment as ISO 8601 in UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
