"""What a kept song says of itself: an ID3v2.4 tag for MP3, in front of the music. Other kinds: see `other_tags`."""

from __future__ import annotations

from dataclasses import dataclass

from whisul_tui.domain.id3 import Tag, id3_bytes
from whisul_tui.domain.job import Job

TAGGED = ".mp3"
_COVER_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
_LARGEST_COVER = 10_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """A job as tags tell it; what is not known is empty."""

    title: str
    bpm: str
    genres: list[str]
    date: str
    comment: str


def known_facts(job: Job) -> Facts:
    """Title, tempo, tags as genres, the moment it was finished, prompt and job id as comment."""
    song = job.song
    when = job.finished_at or job.accepted_at or job.created_at
    known = f"Whisul job {job.job_id}" if job.job_id else ""
    return Facts(
        job.name,
        f"{song.bpm:.0f}" if song and song.bpm else "",
        list(song.tags) if song else [],
        when.strftime("%Y-%m-%dT%H:%M:%S"),
        "\n\n".join(filter(None, (job.prompt, known))),
    )


def tag_bytes(job: Job, cover: bytes = b"", cover_ending: str = "") -> bytes:
    """The facts, the length, and the cover as front picture.

    The same job and cover give the same bytes. `cover_ending` as of `image_ending`; a cover of another kind, or one
    that is too large, is left out.
    """
    song, facts = job.song, known_facts(job)
    kind = _COVER_TYPES.get(cover_ending, "")
    return id3_bytes(
        Tag(
            texts={
                "title": facts.title,
                "bpm": facts.bpm,
                "length": f"{song.seconds * 1000:.0f}" if song and song.seconds else "",
                "genre": tuple(facts.genres),
                "recorded": facts.date,
            },
            comment=facts.comment,
            fields={"WHISUL_JOB_ID": job.job_id} if job.job_id else {},
            cover=cover if kind and len(cover) <= _LARGEST_COVER else b"",
            cover_type=kind or "image/jpeg",
        )
    )
