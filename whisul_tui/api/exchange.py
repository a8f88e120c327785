"""One request and its answer: bounded in time and size, and always knowing whether the request left."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx

from whisul_tui.api.answers import Answer
from whisul_tui.api.errors import Unavailable

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

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """httpcore's hook, called at every step of a request."""
        if not event.endswith(".send_request_headers.started"):
            return
        if info["request"].method == b"CONNECT":  # to a proxy, and without the key: the request itself comes later
            return
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


async def exchange(
    client: httpx.AsyncClient, request: httpx.Request, auth: httpx.Auth, departure: Departure, deadline: float
) -> Answer:
    """Sends one request; the answer may be without its body (`lost`, `flaw`).

    Raises Unavailable when no status came, and whatever `on_leaving` raised. Errors are made outside of every `except`,
    so that no foreign exception hangs on them: its frames hold the headers, and so the key.
    """
    request.extensions = {**request.extensions, "trace": departure.trace}
    answer: Answer | None = None
    reason = ""
    try:
        async with asyncio.timeout(deadline) as limit:
            departure.begin(limit)
            response = await client.send(request, auth=auth, stream=True, follow_redirects=False)
            try:
                answer = _head(response)
                departure.answered(answer.status)
                async with asyncio.timeout(None if response.is_success else REFUSAL_BODY_SECONDS):
                    answer = await _whole(response)
            finally:
                await response.aclose()
    except _NotLeavingError:
        pass
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as error:
        reason = _reason(error)
    if departure.refusal is not None:
        raise departure.refusal
    if answer is None:
        raise Unavailable(sent=departure.sent, reason=reason)
    return Answer(answer.status, answer.headers, lost=reason) if reason else answer


def _head(response: httpx.Response, body: bytes = b"", flaw: str = "") -> Answer:
    headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    return Answer(response.status_code, headers, body, flaw=flaw)


async def _whole(response: httpx.Response) -> Answer:
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        return _head(response, flaw="it is compressed, which was not asked for")
    too_large = f"it is larger than {BODY_LIMIT >> 20} MiB"
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 15 or int(declared) > BODY_LIMIT):
        return _head(response, flaw=too_large)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > BODY_LIMIT:
            return _head(response, flaw=too_large)
    return _head(response, bytes(body))


def _reason(error: Exception) -> str:
    """A clause of own words; the foreign message may hold anything, so it is not used."""
    for kinds, words in _REASONS:
        if any(isinstance(link, kinds) for link in _chain(error)):
            return words
    return "the connection broke"


_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((ssl.SSLCertVerificationError,), "its certificate could not be verified"),
    ((ssl.SSLError,), "no secure connection could be made"),
    ((socket.gaierror, UnicodeError), "the host name could not be found"),
    ((httpx.ProxyError,), "the proxy refused to connect"),
    ((ConnectionRefusedError,), "the connection was refused"),
    ((httpx.TimeoutException, TimeoutError), "it took too long"),
    ((httpx.RemoteProtocolError,), "the answer broke off or was no HTTP"),
)


def _chain(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    yield error
    linked = list(error.exceptions) if isinstance(error, BaseExceptionGroup) else []
    linked += [link for link in (error.__cause__ or error.__context__,) if link is not None]
    for link in linked if depth else ():
        yield from _chain(link, depth - 1)
