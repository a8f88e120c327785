"""Which connections are kept for the next poll, how many there are, and what a request's head looks like."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import httpx
import pytest

from tests.api.calls import JOB_ID, KEY, RUNNING, Leaving, ask, submit_to
from tests.api.test_hostile import closed_origin
from tests.support.scripted import ScriptedServer, Step, answer, raw, reply
from whisul_tui.api import connections
from whisul_tui.api.address import Address, check_base_url
from whisul_tui.api.client import WhisulClient
from whisul_tui.api.errors import Unavailable, WhisulError
from whisul_tui.api.request import Request
from whisul_tui.domain.secret import Secret

GOOD = answer(200, RUNNING)


async def used(*steps: Step, polls: int = 2, pause: float = 0.0) -> list[int]:
    """The connections that polls one after the other came by."""
    async with ScriptedServer(*steps) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        for _ in range(polls):
            await client.job(JOB_ID)
            await asyncio.sleep(pause)
        await client.aclose()
    return [request.connection for request in server.requests]


async def test_a_connection_is_used_again_and_again() -> None:
    assert await used(*[reply(200, RUNNING)] * 3, polls=3) == [0, 0, 0]


async def test_one_that_has_rested_too_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_KEPT_SECONDS", -1.0)
    assert await used(*[reply(200, RUNNING)] * 2) == [0, 1]


async def test_what_comes_unasked_is_never_taken_for_an_answer() -> None:
    later = asyncio.Event()

    async def act(_request: object, writer: asyncio.StreamWriter) -> None:
        writer.write(GOOD)
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(answer(404))
        later.set()

    assert await used(raw(GOOD + answer(404), close=False), reply(200, RUNNING)) == [0, 1]
    assert await used(Step(act), reply(200, RUNNING), pause=0.1) == [0, 1]
    assert later.is_set()


async def test_four_are_kept() -> None:
    async with ScriptedServer(otherwise=reply(200, RUNNING)) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        for _ in range(2):
            await asyncio.gather(*(client.job(JOB_ID) for _ in range(6)))
        await client.aclose()
    assert server.connections == 8


async def test_ten_are_asked_at_once_and_the_next_is_told_that_nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_WAIT_SECONDS", 0.1)
    arrived = asyncio.Semaphore(0)

    async def act(_request: object, _writer: asyncio.StreamWriter) -> None:
        arrived.release()
        await asyncio.Event().wait()

    async with ScriptedServer(otherwise=Step(act)) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        ten = [asyncio.create_task(client.job(JOB_ID)) for _ in range(10)]
        for _ in ten:
            await arrived.acquire()
        with pytest.raises(Unavailable) as caught:
            await client.job(JOB_ID)
        for task in ten:
            task.cancel()
        await asyncio.wait(ten)
        await client.aclose()
    assert (caught.value.sent, caught.value.reason) == (False, "it took too long")
    assert server.connections == 10


async def test_a_name_whose_addresses_all_refuse_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(closed_origin().rpartition(":")[2])

    def addresses(*_args: object, **_named: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{last}", port)) for last in (1, 2)]

    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    leaving = Leaving()
    outcome = await submit_to(f"http://localhost:{port}", leaving)
    assert isinstance(outcome, Unavailable)
    assert (outcome.sent, leaving.times, outcome.reason) == (False, 0, "the connection was refused")


@pytest.mark.parametrize(
    ("base", "host", "target"),
    [
        ("https://Whisul.com/api", "whisul.com", "/api/jobs/x"),
        ("https://whisul.com:443", "whisul.com", "/jobs/x"),
        ("https://whisul.com:8443/", "whisul.com:8443", "/jobs/x"),
        ("http://127.0.0.1:80/a%20b", "127.0.0.1", "/a%20b/jobs/x"),
        ("http://[::1]:8000/a", "[::1]:8000", "/a/jobs/x"),
        ("https://whisul.com/a^{b}", "whisul.com", "/a^%7Bb%7D/jobs/x"),
    ],
)
def test_host_and_path_are_as_httpx_would_send_them(base: str, host: str, target: str) -> None:
    parts = check_base_url(base)
    sent = Request("GET", parts, "/jobs/x", {}, None, Secret(KEY)).encoded()
    theirs = httpx.Request("GET", parts.geturl() + "/jobs/x")
    assert dict(sent.headers)[b"host"].decode() == theirs.headers["host"] == host
    assert sent.target == theirs.url.raw_path == target.encode()


async def test_an_answer_before_the_end_of_a_request_counts() -> None:
    early = raw(answer(413, {"message": "too long"}), at_accept=True)
    async with ScriptedServer(early) as server:
        outcome = await ask(server.url)
    assert isinstance(outcome, WhisulError)
    assert outcome.status == 413
