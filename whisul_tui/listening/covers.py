"""Covers brought to this machine, without the API key, and kept on disk within bounds."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from whisul_tui.listening.download_errors import DownloadError
from whisul_tui.listening.kinds import HEAD_BYTES, image_ending
from whisul_tui.listening.pictures import PictureError

if TYPE_CHECKING:
    from whisul_tui.listening.downloads import Downloader

MOST_BYTES = 10_000_000
_KEPT = 300  # covers; the longest unused go first


class CoverShelf:
    """A folder of covers by their links; `cover` brings what is missing. Many processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kept(self, url: str) -> bytes | None:
        """The cover, if it is there; reads the disk."""
        path = self._path(url)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return data if image_ending(data[:HEAD_BYTES]) else None

    async def cover(self, url: str, downloader: Downloader) -> bytes:
        """The cover, brought and kept. Raises PictureError."""
        data = b""
        try:
            async with downloader.stream(url, {}) as answer:
                if answer.status != 200:
                    raise PictureError(f"cover: the server answers {answer.status}")
                async for chunk in answer.chunks:
                    data += chunk
                    if len(data) > MOST_BYTES:
                        raise PictureError("cover: too large")
        except DownloadError as error:
            raise PictureError("cover: cannot be had just now") from error
        if image_ending(data[:HEAD_BYTES]) is None:
            raise PictureError("cover: the link leads to no picture")
        return data

    def keep(self, url: str, data: bytes) -> None:
        """Keeps a cover, and forgets those that were not used for longest; on a full disk it is not kept."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(prefix=".new-", dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(name).replace(self._path(url))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            covers = sorted(self._folder.glob("*.cover"), key=lambda path: path.stat().st_mtime, reverse=True)
            for path in covers[_KEPT:]:
                path.unlink(missing_ok=True)

    def _path(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()[:40]}.cover"
