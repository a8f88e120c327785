"""Tags for kinds other than MP3, written by mutagen where it is installed (the extra `tags`); else songs stay as they
came.

A song that was tagged has other bytes than the one that was offered. So a mark stands in the tag, of the offered length
and first bytes, by which the same song is known again: it is looked for as plain bytes, and needs no mutagen.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whisul_tui.domain.job import Job
from whisul_tui.listening.tagging import known_facts

if TYPE_CHECKING:
    from mutagen.flac import Picture

MARKED = frozenset({".m4a", ".ogg", ".flac"})
HEAD = 4096  # bytes of the offered song that the mark is made of
_SEARCHED = 1 << 20  # bytes at either end of a file
_FRONT_COVER = 3
_COVER_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}


def source_mark(total: int, head: bytes) -> bytes:
    """What tells an offered song of so many bytes, with this beginning, from all others."""
    return b"whisul-source:%d:%s" % (total, hashlib.sha256(head[:HEAD]).hexdigest()[:32].encode())


def holds_mark(path: Path, mark: bytes) -> bool:
    """Whether a kept song was made of the offered one. Raises OSError."""
    with path.open("rb") as file:
        if mark in file.read(_SEARCHED):
            return True
        file.seek(max(0, path.stat().st_size - _SEARCHED))
        return mark in file.read(_SEARCHED)


def write_tags(path: Path, ending: str, job: Job, cover: bytes, cover_ending: str, mark: bytes) -> bool:
    """Writes title, tempo, tags as genres, prompt and job id as comment, date and cover into the file at `path`.

    False, and nothing written, without mutagen or where it does not understand the file. Raises OSError.
    """
    try:
        import mutagen
    except ImportError:
        return False
    if cover_ending not in _COVER_TYPES:
        cover = b""
    try:
        opened = mutagen.File(path)
        if opened is None:
            return False
        if ending == ".m4a":
            _mp4(opened, job, cover, cover_ending, mark)
        else:
            _vorbis(opened, job, cover, cover_ending, mark)
        opened.save()
    except mutagen.MutagenError as error:
        if isinstance(error.__cause__ or error.__context__, OSError):
            raise (error.__cause__ or error.__context__) from None  # type: ignore[misc]
        return False
    return True


def _vorbis(opened: Any, job: Job, cover: bytes, cover_ending: str, mark: bytes) -> None:
    facts = known_facts(job)
    if opened.tags is None:
        opened.add_tags()
    opened.tags.clear()
    opened["whisul_source"] = [mark.decode("ascii")]  # first: a large picture would break it in two
    for name, value in (
        ("title", facts.title),
        ("bpm", facts.bpm),
        ("genre", facts.genres),
        ("date", facts.date),
        ("comment", facts.comment),
        ("description", facts.comment),
        ("whisul_job_id", job.job_id or ""),
    ):
        if value:
            opened[name] = value
    if cover:
        picture = _picture(cover, cover_ending)
        if hasattr(opened, "add_picture"):  # FLAC
            opened.clear_pictures()
            opened.add_picture(picture)
        else:
            written: bytes = picture.write()  # type: ignore[no-untyped-call]
            opened["metadata_block_picture"] = [base64.b64encode(written).decode("ascii")]


def _picture(cover: bytes, cover_ending: str) -> Picture:
    from mutagen.flac import Picture

    picture = Picture()  # type: ignore[no-untyped-call]
    picture.type, picture.mime, picture.data = _FRONT_COVER, _COVER_TYPES[cover_ending], cover
    return picture


def _mp4(opened: Any, job: Job, cover: bytes, cover_ending: str, mark: bytes) -> None:
    from mutagen.mp4 import MP4Cover, MP4FreeForm

    facts = known_facts(job)
    if opened.tags is None:
        opened.add_tags()
    opened.tags.clear()
    for name, value in (("\xa9nam", facts.title), ("\xa9gen", facts.genres), ("\xa9day", facts.date)):
        if value:
            opened[name] = value
    if facts.bpm:
        opened["tmpo"] = [int(facts.bpm)]
    if facts.comment:
        opened["\xa9cmt"] = facts.comment
    if job.job_id:
        opened["----:com.whisul:JOB_ID"] = [MP4FreeForm(job.job_id.encode())]  # type: ignore[no-untyped-call]
    opened["----:com.whisul:SOURCE"] = [MP4FreeForm(mark)]  # type: ignore[no-untyped-call]
    if cover:
        kind = MP4Cover.FORMAT_PNG if cover_ending == ".png" else MP4Cover.FORMAT_JPEG
        opened["covr"] = [MP4Cover(cover, imageformat=kind)]  # type: ignore[no-untyped-call]
