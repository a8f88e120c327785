"""One request and its answer: bounded in time and size, and always knowing whether the request left."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable

import h11

from whisul_tui.api.answers import Answer
from whisul_tui.api.connection import Connection
from whisul_tui.api.connections import Connections
from whisul_tui.api.errors import Unavailable
from whisul_tui.api.proxies import ProxyRefusedError
from whisul_tui.api.request import Request

BODY_LIMIT = 1 << 20
REFUSAL_BODY_SECONDS = 2.0  # the status has said it already: a slow body of an error is not waited for
_HEADERS = ("retry-after", "ratelimit", "date")


class _NotLeavingError(Exception):
    """`on_leaving` failed: the request stays."""


class Departure:
    """Watches a request leave: `sent` is True from the moment its first byte may be on the way.

    `on_leaving` is awaited right before, once in this object's life, while the deadline stands still: cut short by a
    deadline nobody would know whether it had done its work. What it raises stops the request and is kept in `refusal`.
    `on_refused` is called when the answer is a 429.
    """

    def __init__(
        self,
        on_leaving: Callable[[], Awaitable[None]] | None = None,
        on_refused: Callable[[], None] | None = None,
    ) -> None:
        self.sent = False
        self.refusal: Exception | None = None
        self._on_leaving = on_leaving
        self._on_refused = on_refused
        self._limit: asyncio.Timeout | None = None

    def begin(self, limit: asyncio.Timeout) -> None:
        """A new exchange under this deadline: nothing of it has left yet."""
        self._limit = limit
        self.sent = False

    async def leave(self) -> None:
        """There is a connection, and the next thing is to write the request on it."""
        if self._on_leaving is not None:
            announce, self._on_leaving = self._on_leaving, None
            await self._announce(announce)
        self.sent = True

    def answered(self, status: int) -> None:
        """The head of the answer has come."""
        if status == 429 and self._on_refused is not None:
            self._on_refused()

    async def _announce(self, announce: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        started, due = loop.time(), self._limit.when() if self._limit else None
        if self._limit:
            self._limit.reschedule(None)
        try:
            await announce()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised again by `exchange`
            self.refusal = error
            raise _NotLeavingError from None
        if self._limit and due is not None:
            self._limit.reschedule(due + loop.time() - started)


async def exchange(connections: Connections, request: Request, departure: Departure, deadline: float) -> Answer:
    """Sends one request; the answer may be without its body (`lost`, `flaw`).

    Raises Unavailable when no status came, and whatever `on_leaving` raised. Errors are made outside of every `except`,
    so that no foreign exception hangs on them: its frames hold the headers, and so the key.
    """
    origin = request.origin
    answer: Answer | None = None
    reason = ""
    try:
        async with asyncio.timeout(deadline) as limit:
            departure.begin(limit)
            way = connections.poll(origin) if request.body is None else connections.submission(origin)
            async with way as connection:
                await _send(connection, request, departure)
                head = await connection.head()
                answer = _answer(head)
                departure.answered(answer.status)
                async with asyncio.timeout(None if 200 <= answer.status < 300 else REFUSAL_BODY_SECONDS):
                    answer = await _whole(connection, head)
    except _NotLeavingError:
        pass
    except (h11.ProtocolError, ProxyRefusedError, OSError, UnicodeError) as error:
        reason = _reason(error)
    if departure.refusal is not None:
        raise departure.refusal
    if answer is None:
        raise Unavailable(sent=departure.sent, reason=reason)
    return Answer(answer.status, answer.headers, lost=reason) if reason else answer


async def _send(connection: Connection, request: Request, departure: Departure) -> None:
    """The one place where the key is in the clear."""
    data = connection.encoded(request.encoded(), request.body or b"")
    await departure.leave()
    await connection.write(data)


def _answer(head: h11.Response, body: bytes = b"", flaw: str = "") -> Answer:
    headers = {name: value for name in _HEADERS if (value := _header(head, name)) is not None}
    return Answer(head.status_code, headers, body, flaw=flaw)


def _header(head: h11.Response, name: str) -> str | None:
    values = [value.decode("latin-1") for key, value in head.headers if key == name.encode()]
    return ", ".join(values) if values else None


async def _whole(connection: Connection, head: h11.Response) -> Answer:
    if (_header(head, "content-encoding") or "identity").strip().lower() != "identity":
        return _answer(head, flaw="it is compressed, which was not asked for")
    too_large = f"it is larger than {BODY_LIMIT >> 20} MiB"
    declared = _header(head, "content-length") or ""
    if declared.isdecimal() and (len(declared) > 15 or int(declared) > BODY_LIMIT):
        return _answer(head, flaw=too_large)
    body = bytearray()
    while chunk := await connection.chunk():
        body += chunk
        if len(body) > BODY_LIMIT:
            return _answer(head, flaw=too_large)
    return _answer(head, bytes(body))


def _reason(error: Exception) -> str:
    """A clause of own words; the foreign message may hold anything, so it is not used."""
    for kinds, words in _REASONS:
        if isinstance(error, kinds):
            return words
    if f"[Errno {errno.ECONNREFUSED}]" in str(error):  # each of a name's addresses: asyncio leaves but the words
        return _REFUSED
    return "the connection broke"


_REFUSED = "the connection was refused"
_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((ssl.SSLCertVerificationError,), "its certificate could not be verified"),
    ((ssl.SSLError,), "no secure connection could be made"),
    ((socket.gaierror, UnicodeError), "the host name could not be found"),
    ((ProxyRefusedError,), "the proxy refused to connect"),
    ((ConnectionRefusedError,), _REFUSED),
    ((TimeoutError,), "it took too long"),
    ((h11.RemoteProtocolError,), "the answer broke off or was no HTTP"),
)
