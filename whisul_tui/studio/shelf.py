"""Songs, covers and stems as files: names that only a job id can make, written whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

SONG_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac", "mid": "audio/midi"}
COVER_TYPES = {"jpg": "image/jpeg", "png": "image/png"}
_EXTENSIONS = {kind: name for name, kind in (SONG_TYPES | COVER_TYPES).items()} | {
    "audio/x-wav": "wav",
    "audio/mp3": "mp3",
}
_PART = ".part"
_NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(mp3|wav|flac|mid|jpg|png)\Z")


class Shelf:
    """A folder with `songs/`, `covers/` and `stems/`, where each song that was asked for has a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Makes the folders; raises OSError."""
        self.songs = folder / "songs"
        self.covers = folder / "covers"
        self._stems = folder / "stems"
        for place in (self.songs, self.covers, self._stems):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)

    def sweep(self) -> None:
        """Takes away what killed workers left half written; raises OSError."""
        for place in (self.songs, self.covers):
            for draft in place.glob(f"*{_PART}"):
                draft.unlink(missing_ok=True)
        for folder in self._stems.glob(f"*{_PART}"):
            shutil.rmtree(folder)

    def stems(self, job_id: str) -> list[Path]:
        """The stems of a song in their order; empty when they were never rendered."""
        return sorted((self._stems / job_id).iterdir()) if (self._stems / job_id).is_dir() else []

    def keep_stems(self, job_id: str, stems: Iterable[tuple[str, bytes, str]]) -> list[str]:
        """Writes all stems of a song (name, content, type), or none, and returns their file names; raises OSError."""
        draft = self._stems / f"{job_id}.{os.getpid()}{_PART}"
        draft.mkdir(mode=0o700)
        names = []
        for name, content, kind in stems:
            names.append(f"{name}.{_EXTENSIONS[kind]}")
            (draft / names[-1]).write_bytes(content)
        if (self._stems / job_id).exists():  # rendered twice: the same bytes
            shutil.rmtree(draft)
        else:
            draft.replace(self._stems / job_id)
        return sorted(names)

    def keep_song(self, job_id: str, content: bytes, media_type: str) -> str:
        """Writes a song and returns its file name; raises OSError, and ValueError for a type that is not served."""
        return _keep(self.songs, job_id, content, media_type, SONG_TYPES)

    def keep_cover(self, job_id: str, content: bytes, media_type: str) -> str:
        """Writes a cover and returns its file name; raises OSError, and ValueError for a type that is not served."""
        return _keep(self.covers, job_id, content, media_type, COVER_TYPES)


def media_type(name: str, types: dict[str, str]) -> str | None:
    """The type of a file name, or None for a name that no shelf has given."""
    match = _NAME.match(name)
    return types.get(match[1]) if match else None


def job_id_of(name: str) -> str:
    """The job id in a file name of a shelf."""
    return name.rpartition(".")[0]


def _keep(place: Path, job_id: str, content: bytes, kind: str, types: dict[str, str]) -> str:
    extension = _EXTENSIONS.get(kind.partition(";")[0].strip().lower(), kind)
    name = f"{job_id}.{extension}"
    if media_type(name, types) is None:
        raise ValueError(f"{name!r} of type {kind!r} is nothing that the studio serves")
    draft = place / f"{name}.{os.getpid()}{_PART}"  # an orphan of a killed studio may still be writing its own
    draft.write_bytes(content)
    draft.replace(place / name)
    return name
