"""One song at a time, offered to a player on this machine's loopback while it still comes from elsewhere."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress

from whisul_tui.listening.remote_messages import PIECE_BYTES

Read = Callable[[int, int], Awaitable[bytes]]

_HEAD_BYTES = 8192
_HEAD_SECONDS = 5.0
_AT_ONCE = 8  # connections; a player needs two when it seeks
_REQUEST = re.compile(rb"(GET|HEAD) (/[A-Za-z0-9_-]+) HTTP/1\.[01]\r\n")
_RANGE = re.compile(rb"\r\nrange:[ \t]*bytes=(\d{1,15})-(\d{0,15})[ \t]*\r\n", re.IGNORECASE)


class SongTap:
    """A server for the one player that is told the address, which nobody can guess. Read errors end the connection."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._path = b""
        self._size = 0
        self._read: Read | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def offer(self, size: int, read: Read) -> str:
        """The link under which the song of `size` bytes can be had; `read(at, count)` gives its bytes."""
        await self.withdraw()
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_BYTES)
        self._path = b"/" + secrets.token_urlsafe(32).encode("ascii")
        self._size, self._read = size, read
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}{self._path.decode('ascii')}"

    async def withdraw(self) -> None:
        """Ends what is being served; the old link is dead."""
        self._path, self._read = b"", None
        for task in (tasks := list(self._open)):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def close(self) -> None:
        """Ends the server."""
        await self.withdraw()
        if self._server is not None:
            self._server.close()
            with suppress(OSError):
                await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._open) >= _AT_ONCE:
            writer.transport.abort()
            return
        self._open.add(task)
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            await self._answer(head, writer)
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError, asyncio.CancelledError):
            writer.transport.abort()  # a player must not take what came for the whole song
        finally:
            self._open.discard(task)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        request, read, size = _REQUEST.match(head), self._read, self._size
        if request is None or read is None or not secrets.compare_digest(request[2], self._path):
            writer.write(_head("404 Not Found", 0))
            return
        asked = _RANGE.search(head)
        start = int(asked[1]) if asked else 0
        end = min(size, int(asked[2]) + 1) if asked and asked[2] else size
        if asked and start >= end:
            writer.write(_head("416 Range Not Satisfiable", 0, f"Content-Range: bytes */{size}\r\n"))
            return
        where = f"Content-Range: bytes {start}-{end - 1}/{size}\r\n" if asked else ""
        writer.write(_head("206 Partial Content" if asked else "200 OK", end - start, where))
        while start < end and request[1] == b"GET":
            data = await read(start, min(PIECE_BYTES, end - start))
            if not data:
                raise EOFError
            writer.write(data)
            await writer.drain()
            start += len(data)


def _head(status: str, length: int, more: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n{more}"
        "Accept-Ranges: bytes\r\nConnection: close\r\n\r\n"
    ).encode("ascii")
