"""A song on this machine's own loopback (the studio's), read piece by piece for a player that sits elsewhere."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from whisul_tui.listening.download_errors import DownloadError
from whisul_tui.listening.transfer import Answer

Stream = Callable[[str, Mapping[str, str]], AbstractAsyncContextManager[Answer]]

_LARGEST = 200_000_000
_LENGTH = re.compile(r"\d{1,12}\Z")
_RANGE = re.compile(r"bytes (\d{1,12})-\d{1,12}/(\d{1,12})\Z")


class SourceError(Exception):
    """A song that cannot be read; the message says why."""


class SongSource:
    """Keeps one request open while it is read in order. One task at a time."""

    def __init__(self, stream: Stream, url: str) -> None:
        self._stream = stream
        self._url = url
        self._open: AsyncExitStack | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._left = b""
        self._at = 0
        self.size = 0

    async def open(self) -> int:
        """How many bytes the song has. Raises SourceError."""
        try:
            await self._begin(0)
        except DownloadError as error:
            raise SourceError(str(error)) from error
        return self.size

    async def read(self, at: int, count: int) -> bytes:
        """`count` bytes from `at`, fewer at the end. Raises SourceError."""
        try:
            if at != self._at or self._chunks is None:
                await self._begin(at)
            try:
                return await self._taken(count)
            except DownloadError:  # a player that paused for long finds the request ended
                await self._begin(at)
                return await self._taken(count)
        except DownloadError as error:
            raise SourceError(str(error)) from error

    async def close(self) -> None:
        """Ends the request."""
        stack, self._open, self._chunks = self._open, None, None
        if stack is not None:
            await stack.aclose()

    async def _begin(self, at: int) -> None:
        await self.close()
        async with AsyncExitStack() as stack:
            answer = await stack.enter_async_context(self._stream(self._url, {"Range": f"bytes={at}-"} if at else {}))
            skip = self._checked(answer, at)
            self._chunks, self._left, self._at = answer.chunks, b"", at
            while skip > 0:
                if not self._left:
                    self._left = await anext(self._chunks, b"")
                    if not self._left:
                        raise SourceError("The song is shorter than it was said to be.")
                skip, self._left = skip - len(self._left), self._left[skip:]
            self._open = stack.pop_all()

    def _checked(self, answer: Answer, at: int) -> int:
        """How many bytes of the answer come before `at`."""
        if answer.status == 206 and at:
            found = _RANGE.match(answer.headers.get("content-range", ""))
            if found is None or int(found[1]) != at or int(found[2]) != self.size:
                raise SourceError("The server of the song sent another part than was asked for.")
            return 0
        if answer.status != 200:
            raise SourceError(f"The server of the song answers {answer.status}.")
        length = answer.headers.get("content-length", "")
        size = int(length) if _LENGTH.match(length) else 0
        if not 0 < size <= _LARGEST or (self.size and size != self.size):
            raise SourceError("The server does not say how long the song is, or it is too long.")
        self.size = size
        return at

    async def _taken(self, count: int) -> bytes:
        wanted = min(count, self.size - self._at)
        while len(self._left) < wanted and self._chunks is not None:
            chunk = await anext(self._chunks, b"")
            if not chunk:
                raise SourceError("The song ended before its end.")
            self._left += chunk
        taken, self._left = self._left[:wanted], self._left[wanted:]
        self._at += len(taken)
        return taken
