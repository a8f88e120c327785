"""The Whisul API as three calls: submit a prompt, ask for a job, check that the key works."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import lru_cache
from urllib.parse import SplitResult

import httpx

from whisul_tui.api import waits
from whisul_tui.api.address import Address, check_base_url
from whisul_tui.api.answers import Answer, problem
from whisul_tui.api.connections import BearerAuth, Connections
from whisul_tui.api.errors import KeyMissing, NotFound
from whisul_tui.api.exchange import Departure, exchange
from whisul_tui.api.wire import Accepted, JobReport, read_accepted, read_job
from whisul_tui.domain.job import is_job_id

__all__ = ["Accepted", "Address", "JobReport", "WhisulClient"]

DEADLINE = 30.0
NO_SUCH_JOB = "00000000-0000-0000-0000-000000000000"  # the nil UUID, which no generator gives


class WhisulClient:
    """An async client for one account; use it from one event loop, and close it there.

    `address`: where and with which key, or a coroutine function that is asked before each request; what that raises
    comes out as it is, and its time is its own. `deadline`: seconds for a whole request, connecting and body included.
    `clock`: wall clock seconds. Every other failure is a WhisulError.
    """

    def __init__(
        self,
        address: Callable[[], Awaitable[Address]] | Address,
        *,
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._address = address
        self._deadline = deadline
        self._clock = clock
        self._connections = Connections()
        self._submit_paths = ("/generate", "/compose")  # the documents name both; the one that works moves to the front
        self._closed = False

    async def submit(
        self,
        prompt: str,
        *,
        client_id: str,
        on_leaving: Callable[[], Awaitable[None]] | None = None,
        on_refused: Callable[[], None] | None = None,
    ) -> Accepted:
        """Sends a prompt once, on a fresh connection; `on_leaving` is awaited once, just before its bytes leave.

        `on_refused` is called, and must not raise, as soon as a 429 has come, before the connection is closed.

        Where the path itself answers 404 or 405 the other documented path is tried: that answer is definite, nothing
        was taken. Raises Rejected, KeyRefused, NotFound (neither path), Limited; Unavailable(sent=False) when surely
        not sent; Unavailable or BadReply with `sent` when Whisul may have taken it; and whatever `on_leaving` raised,
        nothing being sent then.
        """
        if not is_job_id(client_id):
            raise ValueError("A client_id is 1 to 128 letters, digits, - and _.")
        departure = Departure(on_leaving, on_refused)
        body = json.dumps({"prompt": prompt}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": client_id, "Connection": "close"}
        first, second = self._submit_paths
        answer = await self._ask("POST", first, departure, headers, body)
        if answer.status in (404, 405):
            answer = await self._ask("POST", second, departure, headers, body)
            if answer.status < 500 and answer.status not in (404, 405):
                self._submit_paths = (second, first)
        self._raise_problem(answer, submission=True)
        return read_accepted(answer.body, pause=waits.pause(answer.headers))

    async def job(self, job_id: str) -> JobReport:
        """Asks for a job; raises NotFound also, unsent, for what can be no job id."""
        if not is_job_id(job_id):
            raise NotFound(status=None)
        answer = await self._ask("GET", f"/jobs/{job_id}", Departure(), {}, None)
        self._raise_problem(answer, submission=False)
        return read_job(answer.body, pause=waits.pause(answer.headers))

    async def check(self) -> None:
        """Asks for a job that cannot exist: returns when address and key work, raises as `job` does otherwise."""
        try:
            await self.job(NO_SUCH_JOB)
        except NotFound:
            return

    async def aclose(self) -> None:
        """Closes every connection; the client is then of no more use."""
        self._closed = True
        await self._connections.aclose()

    async def _ask(
        self, method: str, path: str, departure: Departure, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        address = self._address if isinstance(self._address, Address) else await self._address()
        if self._closed:
            raise RuntimeError("The client is closed.")
        base = check_base_url(address.base_url)
        if address.key is None:
            raise KeyMissing
        async with self._client(method, base.scheme) as client:
            request = client.build_request(method, _url(base, path), headers=dict(headers), content=body)
            return await exchange(client, request, BearerAuth(address.key, base), departure, self._deadline)

    def _client(self, method: str, scheme: str) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        if method == "GET":
            return self._connections.polls(scheme)
        return nullcontext(self._connections.submissions(scheme))

    def _raise_problem(self, answer: Answer, *, submission: bool) -> None:
        error = problem(answer, self._clock(), submission=submission)
        if error is not None:
            raise error


@lru_cache(maxsize=4096)  # a job is asked for again and again, and to take its URL apart is a fifteenth of a poll
def _url(base: SplitResult, path: str) -> httpx.URL:
    return httpx.URL(base.geturl() + path)
