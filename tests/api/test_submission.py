"""How a submission leaves: the two paths, the announcement before the first byte, and the clock meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from tests.api.calls import ACCEPTED, CLIENT_ID, JOB_ID, KEY, Leaving, submit_to
from tests.support.scripted import ScriptedServer, reply
from whisul_tui.api.address import Address
from whisul_tui.api.client import WhisulClient
from whisul_tui.api.errors import NotFound, Unavailable, WhisulError
from whisul_tui.domain.secret import Secret


@pytest.mark.parametrize("status", [404, 405])
async def test_compose_is_tried_where_generate_is_unknown_and_then_remembered(status: int) -> None:
    leaving = Leaving()
    async with ScriptedServer(reply(status), reply(202, ACCEPTED), reply(202, ACCEPTED)) as server:
        client = WhisulClient(Address(server.url + "/api", Secret(KEY)))
        await client.submit("rain", client_id=CLIENT_ID, on_leaving=leaving)
        await client.submit("snow", client_id="d" * 32)
        await client.aclose()
    assert leaving.times == 1
    assert [request.path for request in server.requests] == ["/api/generate", "/api/compose", "/api/compose"]
    assert [request.json["prompt"] for request in server.requests] == ["rain", "rain", "snow"]


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503, 302])
async def test_compose_is_not_tried_after_any_other_answer(status: int) -> None:
    async with ScriptedServer(reply(status)) as server:
        await submit_to(server.url)
    assert len(server.requests) == 1


async def test_an_address_that_knows_neither_path_is_said_so_and_nothing_is_remembered() -> None:
    async with ScriptedServer(reply(404), reply(405), reply(202, ACCEPTED)) as server:
        client = WhisulClient(Address(server.url + "/api/", Secret(KEY)))
        with pytest.raises(NotFound, match="neither /generate nor /compose"):
            await client.submit("rain", client_id=CLIENT_ID)
        await client.submit("rain", client_id=CLIENT_ID)
        await client.aclose()
    assert [request.path for request in server.requests] == ["/api/generate", "/api/compose", "/api/generate"]


async def test_trouble_of_the_other_path_is_no_reason_to_prefer_it() -> None:
    async with ScriptedServer(reply(404), reply(503), reply(202, ACCEPTED)) as server:
        client = WhisulClient(Address(server.url + "/api", Secret(KEY)))
        with pytest.raises(Unavailable) as caught:
            await client.submit("rain", client_id=CLIENT_ID)
        await client.submit("rain", client_id=CLIENT_ID)
        await client.aclose()
    assert (caught.value.sent, caught.value.status) == (True, 503)
    assert server.requests[2].path == "/api/generate"


async def test_leaving_is_announced_when_connected_and_before_a_byte_leaves() -> None:
    async with ScriptedServer(reply(202, ACCEPTED)) as server:
        seen: list[tuple[int, int]] = []

        async def on_leaving() -> None:
            await asyncio.sleep(0.05)  # time for any byte to arrive that had left too early
            seen.append((server.connections, len(server.requests)))

        client = WhisulClient(Address(server.url, Secret(KEY)))
        await client.submit("rain", client_id=CLIENT_ID, on_leaving=on_leaving)
        await client.aclose()
    assert seen == [(1, 0)]


async def test_a_failed_announcement_keeps_the_prompt_here() -> None:
    trouble = OSError("disk full")
    async with ScriptedServer() as server:
        with pytest.raises(OSError, match="disk full") as caught:
            await submit_to(server.url, Leaving(trouble))
        await asyncio.sleep(0.05)
    assert caught.value is trouble
    assert caught.value.__context__ is None
    assert server.requests == []


async def test_the_deadline_stands_still_while_the_leaving_is_written() -> None:
    async def slow_disk() -> None:
        await asyncio.sleep(0.4)

    async with ScriptedServer(reply(202, ACCEPTED)) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)), deadline=0.3)
        accepted = await client.submit("rain", client_id=CLIENT_ID, on_leaving=slow_disk)
        await client.aclose()
    assert accepted.job_id == JOB_ID


async def test_a_prompt_of_any_letters_arrives_as_it_was_written() -> None:
    prompt = "[Verse] été 雨 🎷\nline two \ud800"
    async with ScriptedServer(reply(202, ACCEPTED)) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        await client.submit(prompt, client_id=CLIENT_ID)
        await client.aclose()
    assert server.requests[0].json == {"prompt": prompt}


@pytest.mark.parametrize(("status", "times"), [(429, 1), (202, 0), (400, 0), (401, 0), (500, 0)])
async def test_a_429_is_told_before_the_connection_is_closed(status: int, times: int) -> None:
    told: list[int] = []
    async with ScriptedServer(reply(status, ACCEPTED)) as server:
        client = WhisulClient(Address(server.url + "/api", Secret(KEY)))
        with suppress(WhisulError):
            await client.submit("rain", client_id=CLIENT_ID, on_refused=lambda: told.append(status))
        await client.aclose()
    assert told == [status] * times
