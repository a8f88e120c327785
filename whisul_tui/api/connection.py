"""One connection of HTTP/1.1: h11 keeps the protocol's rules, asyncio's streams carry the bytes."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import Any

import h11

CONNECT_SECONDS = 5.0  # and as many for the handshake of TLS
WRITE_SECONDS = READ_SECONDS = 15.0  # for one step, not for the whole
_HEAD_LIMIT = 100 * 1024  # bytes of an answer's head, or of the head of one chunk
_STEP = 1 << 16


class Connection:
    """A connection that carries one request after the other; belongs to one event loop, and is ended by `close`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_LIMIT)
        self._watch: asyncio.Task[bytes] | None = None

    @classmethod
    async def opened(cls, host: str, port: int, tls: ssl.SSLContext | None) -> Connection:
        """Connects; raises OSError, TimeoutError and ssl.SSLError among them, and UnicodeError for what is no name."""
        async with asyncio.timeout(CONNECT_SECONDS * (2 if tls else 1)):
            streams = await asyncio.open_connection(
                host, port, ssl=tls, server_hostname=host if tls else None, happy_eyeballs_delay=0.25
            )
        return cls(*streams)

    async def secured(self, host: str, tls: ssl.SSLContext) -> Connection:
        """The same connection with TLS from now on, for what lies behind a proxy; raises as `opened`."""
        async with asyncio.timeout(CONNECT_SECONDS):
            await self._writer.start_tls(tls, server_hostname=host)
        return Connection(self._reader, self._writer)

    def encoded(self, request: h11.Request, body: bytes) -> bytes:
        """A request as it goes over the line; raises h11.LocalProtocolError for what HTTP cannot say."""
        parts = [self._http.send(request), self._http.send(h11.Data(body)) if body else b""]
        return b"".join([part for part in (*parts, self._http.send(h11.EndOfMessage())) if part])

    async def write(self, data: bytes) -> None:
        """Sends; a connection that breaks is told by reading, since the answer may have come before the break."""
        with suppress(ConnectionError):
            async with asyncio.timeout(WRITE_SECONDS):
                self._writer.write(data)
                await self._writer.drain()

    async def head(self) -> h11.Response:
        """Status and headers of the answer; raises h11.RemoteProtocolError and OSError."""
        while not isinstance(event := await self._event(), h11.Response):
            pass  # 1xx: the answer itself is still to come
        return event

    async def chunk(self) -> bytes:
        """Some of the answer's body, b"" at its end; raises as `head`."""
        while isinstance(event := await self._event(), h11.Data):
            if event.data:
                return bytes(event.data)
        return b""

    def rest(self) -> bool:
        """Waits for the next request, or closes and returns False where none can follow."""
        http = self._http
        if http.our_state is not h11.DONE or http.their_state is not h11.DONE or http.trailing_data[0]:
            self.close()
            return False
        http.start_next_cycle()
        self._watch = asyncio.get_running_loop().create_task(self._reader.read(1))
        self._watch.add_done_callback(self._stirred)
        return True

    async def wake(self) -> bool:
        """Whether it can be used again: nothing came while it rested, not even its end; else it is closed."""
        usable = False
        watch, self._watch = self._watch, None
        try:
            if watch is not None:
                watch.cancel()
                await asyncio.wait([watch])
                usable = watch.cancelled() and not self._reader.at_eof()
        finally:
            if not usable:
                self.close()
        return usable

    def close(self) -> None:
        """Ends it at once; `wake` comes before where it rests."""
        self._writer.transport.abort()

    def _stirred(self, watch: asyncio.Task[bytes]) -> None:
        if not watch.cancelled():
            watch.exception()  # looked at, so that nobody calls it forgotten
            self.close()

    async def _event(self) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            async with asyncio.timeout(READ_SECONDS):
                data = await self._reader.read(_STEP)
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("it was closed without an answer")
            self._http.receive_data(data)
        return event
