"""A song brought into a private file, for players that must not be given a link."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from whisul_tui.listening.download_errors import DownloadError
from whisul_tui.listening.kinds import HEAD_BYTES, song_ending
from whisul_tui.listening.song_source import Stream
from whisul_tui.listening.steering import SteerError

_LARGEST = 200_000_000
_NAMES = "song-"


async def fetched(stream: Stream, url: str, folder: Path) -> Path:
    """The path of the song in `folder`; what was fetched before is gone. Raises SteerError."""
    try:
        file = await asyncio.to_thread(_begun, folder)
        with file:
            await _fill(file, stream, url)
            return _named(file)
    except DownloadError as error:
        raise SteerError(str(error)) from error
    except OSError as error:
        raise SteerError(f"The song cannot be kept in {folder}: {error.strerror}.") from error


def clear(folder: Path) -> None:
    """Removes what was fetched; raises OSError."""
    for old in folder.glob(f"{_NAMES}*"):
        old.unlink(missing_ok=True)


async def _fill(file: BinaryIO, stream: Stream, url: str) -> None:
    async with stream(url, {}) as answer:
        if answer.status != 200:
            raise SteerError(f"The server of the song answers {answer.status}.")
        async for chunk in answer.chunks:
            file.write(chunk)
            if file.tell() > _LARGEST:
                raise SteerError("The song is too large to be played here.")


def _begun(folder: Path) -> BinaryIO:
    clear(folder)
    descriptor, name = tempfile.mkstemp(prefix=_NAMES, suffix=".part", dir=folder)
    os.close(descriptor)
    return Path(name).open("w+b")


def _named(file: BinaryIO) -> Path:
    file.flush()
    file.seek(0)
    ending = song_ending(file.read(HEAD_BYTES))
    if ending is None:
        raise SteerError("What the link leads to is no song.")
    path = Path(file.name)
    return path.rename(path.with_suffix(ending))
