"""A client of mpv's JSON IPC: requests with numbers and time-outs, events, bounded lines."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from typing import Any

_LINE_BYTES = 1 << 20
_SECONDS = 5.0

Event = Mapping[str, Any]


class MpvError(Exception):
    """mpv refused a command, did not answer, or is gone; the message says which."""


class MpvIpc:
    """One connection. `on_event` hears every event, and as the last one `{"event": "gone"}`; all on one loop."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_event: Callable[[Event], None]
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_event = on_event
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._gone = False
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def over(cls, connected: socket.socket, on_event: Callable[[Event], None]) -> MpvIpc:
        """Speaks over a UNIX socket that leads to mpv."""
        reader, writer = await asyncio.open_unix_connection(sock=connected, limit=_LINE_BYTES)
        return cls(reader, writer, on_event)

    @classmethod
    async def at(cls, path: str, on_event: Callable[[Event], None]) -> MpvIpc:
        """Speaks to the mpv that listens at this path; raises OSError."""
        reader, writer = await asyncio.open_unix_connection(path, limit=_LINE_BYTES)
        return cls(reader, writer, on_event)

    @property
    def has_ended(self) -> bool:
        """Whether mpv is gone, so that no command can reach it any more."""
        return self._gone

    async def command(self, *words: object, timeout: float = _SECONDS) -> Any:
        """Has mpv carry out a command and returns its data. Raises MpvError."""
        if self._gone:
            raise MpvError("mpv has ended")
        number = next(self._numbers)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            line = json.dumps({"command": words, "request_id": number}, allow_nan=False)
            self._writer.write(line.encode("ascii") + b"\n")
            async with asyncio.timeout(timeout):
                await self._writer.drain()
                return await answer
        except TimeoutError:
            raise MpvError(f"mpv has not answered for {timeout:g} s") from None
        except OSError:
            raise MpvError("mpv has ended") from None
        finally:
            self._waiting.pop(number, None)
            answer.cancel()

    async def close(self) -> None:
        """Ends the connection; an mpv whose only lifeline this is ends with it."""
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        try:
            while line := await self._reader.readline():
                self._take(line)
        except (OSError, ValueError):  # broken, or a line longer than any of mpv's
            pass
        finally:
            self._gone = True
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(MpvError("mpv has ended"))
        self._on_event({"event": "gone"})

    def _take(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return
        if not isinstance(message, dict):
            return
        if "event" in message:
            self._on_event(message)
            return
        number = message.get("request_id")
        answer = self._waiting.get(number) if isinstance(number, int) else None
        if answer is None or answer.done():
            return
        if message.get("error") == "success":
            answer.set_result(message.get("data"))
        else:
            answer.set_exception(MpvError(f"mpv says: {str(message.get('error'))[:100]}"))
