"""Connections that are kept for polls, against a real server on loopback."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.api.calls import RUNNING
from tests.support.scripted import ScriptedServer, reply, silence
from whisul_tui.api.poll_connections import KEPT, LIMITS, PollConnections


class Here:
    """The connections under test, to a server, and the time that they go by."""

    def __init__(self, server: ScriptedServer) -> None:
        self.server, self.now = server, 1000.0
        self.connections = PollConnections(self.open, clock=lambda: self.now)

    def open(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.server.url, limits=LIMITS, trust_env=False)

    async def ask(self, at_once: int = 1) -> list[int]:
        """So many at the same time; the numbers of the server's connections that they came by."""
        before = len(self.server.requests)
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(self.connections.one()) for _ in range(at_once)]
            await asyncio.gather(*(client.get("/jobs/1") for client in clients))
        return sorted(request.connection for request in self.server.requests[before:])

    async def open_are(self, count: int) -> bool:
        """Whether so many connections are open at the server, at last."""
        for _ in range(200):
            if len(self.server._tasks) == count:
                return True
            await asyncio.sleep(0.01)
        return False


async def test_each_of_those_under_way_at_once_has_a_connection_and_the_one_used_last_is_used_next() -> None:
    async with ScriptedServer(otherwise=reply(200, RUNNING)) as server:
        here = Here(server)
        assert await here.ask() == await here.ask() == [0]
        assert await here.ask(4) == [0, 1, 2, 3]
        (last,) = await here.ask()
        assert await here.ask() == [last]
        assert await here.ask(4) == [0, 1, 2, 3]
        await here.connections.aclose()
        assert await here.open_are(0)


async def test_what_has_not_been_used_for_long_is_closed() -> None:
    async with ScriptedServer(otherwise=reply(200, RUNNING)) as server:
        here = Here(server)
        await here.ask(3)
        here.now += KEPT
        await here.ask()
        assert await here.open_are(3)
        here.now += 1
        await here.ask()
        assert await here.open_are(1)
        await here.connections.aclose()
        assert await here.open_are(0)


async def test_a_client_comes_back_when_its_request_was_cancelled_and_works() -> None:
    async with ScriptedServer(silence(), otherwise=reply(200, RUNNING)) as server:
        here = Here(server)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await here.ask()
        assert await here.ask() == await here.ask() == [1]
        await here.connections.aclose()


async def test_closing_ends_what_is_under_way() -> None:
    async with ScriptedServer(silence()) as server:
        here = Here(server)
        asked = asyncio.ensure_future(here.ask())
        assert await here.open_are(1)
        await here.connections.aclose()
        with pytest.raises((httpx.HTTPError, RuntimeError)):
            await asyncio.wait_for(asked, 5)
        assert await here.open_are(1)  # the server's task, which sleeps
