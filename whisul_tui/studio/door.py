"""What stands before the API: the key, the rate limit and the faults on purpose. Songs and covers do not pass here."""

from __future__ import annotations

import asyncio
import hmac
import math
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whisul_tui.domain.secret import Secret
from whisul_tui.studio.asked import Asked
from whisul_tui.studio.faults import AFTER, BEFORE, HTML_PAGE, ON_SUBMISSION, Fault, Faults
from whisul_tui.studio.limiter import Limiter
from whisul_tui.studio.wire import refusal

Drop = Callable[[tuple[str, int]], None]  # closes a client's connection without another byte


class Door:
    """An ASGI application around the API's. A request without the key is not counted by the limiter."""

    def __init__(
        self,
        api: ASGIApp,
        *,
        key: Secret,
        limiter: Limiter,
        faults: Faults,
        drop: Drop,
        retry_after: bool = True,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`sleep` is what a slow answer waits with, in seconds."""
        self._api = api
        self._expected = f"Bearer {key.reveal()}".encode()
        self._limiter = limiter
        self._faults = faults
        self._drop = drop
        self._retry_after = retry_after
        self._sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves, refuses or spoils one request; `scope["asked"]` takes the note of it."""
        response = self._refuse(scope) or self._fail(scope)
        if response is not None:
            await response(scope, receive, send)
        elif _asked(scope).fault == Fault.DROP:
            await self._cut(scope, receive)
        else:
            await self._serve(scope, receive, send)

    def _refuse(self, scope: Scope) -> Response | None:
        given = Headers(scope=scope).get("authorization", "").encode("latin-1")
        if not hmac.compare_digest(given, self._expected):
            message = "The API key is missing or invalid. Send it as 'Authorization: Bearer YOUR_API_KEY'."
            return refusal(401, message, {"WWW-Authenticate": "Bearer"})
        wait = self._limiter.refuse()
        if wait is None:
            return None
        headers = {"Retry-After": str(math.ceil(wait))} if self._retry_after else None
        return refusal(429, "Too many requests. Back off and retry after a delay.", headers)

    def _fail(self, scope: Scope) -> Response | None:
        fault = _asked(scope).fault = self._faults.draw(BEFORE)
        if fault is Fault.ERROR:
            return refusal(500, "An unexpected error occurred. Retry after a short delay.")
        if fault is Fault.HTML:
            return HTMLResponse(HTML_PAGE, self._faults.html_status())
        return None

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer()
        await self._api(scope, receive, answer.send)
        asked = _asked(scope)
        kinds = ON_SUBMISSION + AFTER if answer.status == 202 else AFTER
        fault = self._faults.draw(kinds)
        asked.fault = fault or asked.fault
        if fault is Fault.LOST202:
            await self._cut(scope, receive)
            return
        if fault is Fault.SLOW:
            await self._sleep(self._faults.slow_seconds())
        if fault is Fault.GARBAGE:
            answer.replace(self._faults.mangle(answer.body))
        await answer.pass_on(send)

    async def _cut(self, scope: Scope, receive: Receive) -> None:
        self._drop(scope["client"])
        while (await receive())["type"] != "http.disconnect":
            pass


class _Answer:
    """The API's answer, held back whole; its bodies are small."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    @property
    def status(self) -> int:
        return int(self.start["status"])

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = dict(message)
        else:
            self.body += message.get("body", b"")

    def replace(self, body: bytes) -> None:
        self.body = body
        kept = [(name, value) for name, value in self.start["headers"] if name != b"content-length"]
        self.start["headers"] = [*kept, (b"content-length", str(len(body)).encode())]

    async def pass_on(self, send: Send) -> None:
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})


def _asked(scope: Scope) -> Asked:
    asked: Asked = scope["asked"]
    return asked
