"""A playlist beside the songs that it names: extended M3U in UTF-8, with names alone, so that the folder may move."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from whisul_tui.domain.clean import clean_line
from whisul_tui.domain.job import Job
from whisul_tui.listening.names import safe_stem
from whisul_tui.listening.part_file import stored
from whisul_tui.listening.placing import candidates

_HEAD = "#EXTM3U\n#PLAYLIST:"
_OURS = "#whisul-tui\n"


def write_playlist(folder: Path, name: str, songs: Iterable[tuple[Job, Path]]) -> Path:
    """Writes `name`.m3u8 into the folder, whole or not at all, in the place of the one that it wrote before.

    Another file of that name is left alone, and a number added. Raises NotStored.
    """
    text = _HEAD + clean_line(name, 100) + "\n" + _OURS + "".join(_lines(job, path) for job, path in songs)
    with stored(folder):
        target = next(path for path in candidates(folder, safe_stem(name), ".m3u8") if _may_replace(path))
        handle, written = tempfile.mkstemp(prefix=".playlist-", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(written).chmod(0o644)
            Path(written).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(written).unlink()
            raise
    return target


def _lines(job: Job, path: Path) -> str:
    seconds = job.song.seconds if job.song and job.song.seconds is not None else None
    return f"#EXTINF:{-1 if seconds is None else round(seconds)},{clean_line(job.name)}\n{path.name}\n"


def _may_replace(path: Path) -> bool:
    """Whether nothing is there, or a playlist of ours."""
    try:
        with path.open("rb") as file:
            head = file.read(1000)
    except FileNotFoundError:
        return not path.is_symlink()
    return head.startswith(_HEAD.encode()) and b"\n" + _OURS.encode() in head and not path.is_symlink()
