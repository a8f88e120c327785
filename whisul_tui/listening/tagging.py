"""What a kept song says of itself: an ID3v2.4 tag for MP3, in front of the music. Other kinds stay as they came."""

from __future__ import annotations

from whisul_tui.domain.id3 import Tag, id3_bytes
from whisul_tui.domain.job import Job

TAGGED = ".mp3"
_COVER_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
_LARGEST_COVER = 10_000_000  # bytes


def tag_bytes(job: Job, cover: bytes = b"", cover_ending: str = "") -> bytes:
    """Title, tempo, length, tags as genres, prompt and job id as comment, date, and the cover as front picture.

    The same job and cover give the same bytes. `cover_ending` as of `image_ending`; a cover of another kind, or one
    that is too large, is left out.
    """
    song = job.song
    when = job.finished_at or job.accepted_at or job.created_at
    kind = _COVER_TYPES.get(cover_ending, "")
    known = f"Whisul job {job.job_id}" if job.job_id else ""
    return id3_bytes(
        Tag(
            texts={
                "title": job.name,
                "bpm": f"{song.bpm:.0f}" if song and song.bpm else "",
                "length": f"{song.seconds * 1000:.0f}" if song and song.seconds else "",
                "genre": song.tags if song else (),
                "recorded": when.strftime("%Y-%m-%dT%H:%M:%S"),
            },
            comment="\n\n".join(filter(None, (job.prompt, known))),
            fields={"WHISUL_JOB_ID": job.job_id} if job.job_id else {},
            cover=cover if kind and len(cover) <= _LARGEST_COVER else b"",
            cover_type=kind or "image/jpeg",
        )
    )
