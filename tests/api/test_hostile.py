"""Servers and networks that misbehave: each ends in time, in a named error, with sent or not sent known."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import time
import tracemalloc

import pytest

from tests.api.calls import ACCEPTED, CLIENT_ID, JOB_ID, KEY, RUNNING, Leaving, ask, asked, submit_to, submitted
from tests.support.scripted import ScriptedServer, Step, answer, drip, endless, raw, reply, reset, silence
from whisul_tui.api.address import Address
from whisul_tui.api.client import Accepted, JobReport, WhisulClient
from whisul_tui.api.errors import (
    BadReply,
    KeyRefused,
    NotFound,
    Rejected,
    Unavailable,
    WhisulError,
)
from whisul_tui.domain.secret import Secret

SOON = 0.3  # a deadline short enough for tests
BOTH = {**ACCEPTED, **RUNNING}  # a good answer to either call
GOOD = answer(202, BOTH)
HEAD, BODY = GOOD.split(b"\r\n\r\n", 1)
CHUNKED = b"HTTP/1.1 202 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

BAD_REPLIES = {
    "html": reply(200, b"<!doctype html><title>Log in</title>", {"Content-Type": "text/html"}),
    "half json, whole body": reply(202, BODY[: len(BODY) // 2]),
    "half json, closed": raw(b"HTTP/1.0 202 OK\r\n\r\n" + BODY[: len(BODY) // 2]),
    "latin-1": reply(202, json.dumps({**BOTH, "message": "été"}, ensure_ascii=False).encode("latin-1")),
    "empty": reply(202),
    "no content": raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "a list": reply(202, [BOTH]),
    "a string": reply(202, "running"),
    "null": reply(202, b"null"),
    "an empty object": reply(202, {}),
    "100,000 deep": reply(202, b"[" * 100_000 + b"]" * 100_000),
    "gzip, announced": reply(202, gzip.compress(BODY), {"Content-Encoding": "gzip"}),
    "gzip, not announced": reply(202, gzip.compress(BODY)),
    "gzip bomb": reply(202, gzip.compress(b" " * 50_000_000), {"Content-Encoding": "gzip"}),
    "unknown encoding": reply(202, BODY, {"Content-Encoding": "x-made-up"}),
    "10 GB announced": raw(b"HTTP/1.1 202 OK\r\nContent-Length: 10737418240\r\n\r\n{", close=False),
    "just over 1 MiB": reply(202, BODY + b" " * (1 << 20)),
    "endless": endless(b"HTTP/1.1 202 OK\r\n\r\n", b" " * 65536),
    "endless chunks": endless(
        b"HTTP/1.1 202 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"4000\r\n%s\r\n" % (b" " * 16384)
    ),
    "redirect": reply(302, b"", {"Location": "https://evil.example/"}),
    "permanent redirect": reply(308, b"", {"Location": "/elsewhere"}),
    "not modified": raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
}

LOST = {
    "reset after the request": reset(),
    "closed after the request": raw(b""),
    "reset in the head": reset(b"HTTP/1.1 202 Acc"),
    "closed in the head": raw(b"HTTP/1.1 202 Acc"),
    "reset in the body": reset(HEAD + b"\r\n\r\n" + BODY[:20]),
    "closed in the body": raw(HEAD + b"\r\n\r\n" + BODY[:20]),
    "closed in a chunk": raw(CHUNKED + b"ff\r\n{"),
    "no http": raw(b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n"),
    "control characters": raw(b"\x1b]0;x\x07\x00\xff\r\n\r\n"),
    "two lengths": raw(b"HTTP/1.1 202 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
    "no length": raw(b"HTTP/1.1 202 OK\r\nContent-Length: -5\r\n\r\n{}"),
    "a header of 1 MB": raw(b"HTTP/1.1 202 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n" + BODY),
    "endless headers": endless(b"HTTP/1.1 202 OK\r\n", b"X-Filler: 0123456789\r\n" * 100),
}

SLOW = {
    "silence": silence(),
    "dripping head": drip(GOOD, 0.02),
    "dripping body": drip(GOOD, 0.02, at_once=len(HEAD) + 4),
    "dripping 100s": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("name", BAD_REPLIES)
async def test_what_is_not_documented_is_a_bad_reply(name: str) -> None:
    submission, leaving = await submitted(BAD_REPLIES[name])
    poll = await asked(BAD_REPLIES[name])
    assert isinstance(submission, BadReply)
    assert isinstance(poll, BadReply)
    assert (submission.sent, leaving.times) == (True, 1)


@pytest.mark.parametrize("name", LOST)
async def test_a_broken_connection_is_unavailable_and_sent(name: str) -> None:
    submission, leaving = await submitted(LOST[name])
    poll = await asked(LOST[name])
    assert isinstance(submission, Unavailable)
    assert isinstance(poll, Unavailable)
    assert (submission.sent, leaving.times) == (True, 1)
    assert submission.reason


@pytest.mark.parametrize("name", SLOW)
async def test_the_deadline_ends_what_never_ends(name: str) -> None:
    started = time.monotonic()
    submission, leaving = await submitted(SLOW[name], deadline=SOON)
    poll = await asked(SLOW[name], deadline=SOON)
    assert time.monotonic() - started < 15  # two calls that would take a hundred seconds each
    assert isinstance(submission, Unavailable)
    assert isinstance(poll, Unavailable)
    assert (submission.sent, leaving.times, submission.reason) == (True, 1, "it took too long")


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (drip(answer(401, b"x" * 500), 0.05, at_once=len(answer(401, b"x" * 500)) - 400), KeyRefused),
        (raw(b"HTTP/1.1 400 Bad\r\nContent-Length: 99\r\n\r\n{"), Rejected),
        (reset(b"HTTP/1.1 400 Bad\r\nContent-Length: 99\r\n\r\n{"), Rejected),
        (endless(b"HTTP/1.1 500 Oops\r\n\r\n", b"x" * 65536), Unavailable),
        (reply(400, gzip.compress(b"{}"), {"Content-Encoding": "gzip"}), Rejected),
    ],
)
async def test_a_refusal_counts_though_its_body_is_lost(step: Step, kind: type[WhisulError]) -> None:
    submission, _ = await submitted(step, deadline=SOON)
    assert type(submission) is kind
    assert type(await asked(step, deadline=SOON)) is kind


async def test_a_slow_body_of_a_refusal_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whisul_tui.api.exchange.REFUSAL_BODY_SECONDS", 0.1)
    started = time.monotonic()
    not_found = answer(404, b"x" * 500)
    assert isinstance(await asked(drip(not_found, 0.05, at_once=len(not_found) - 400)), NotFound)
    assert time.monotonic() - started < 5  # it would take twenty


async def test_a_reset_at_accept_is_unavailable_and_sent_only_if_it_was_announced() -> None:
    submission, leaving = await submitted(reset(at_accept=True))
    assert isinstance(submission, Unavailable)
    assert submission.sent == (leaving.times == 1)


async def test_a_refused_connection_is_surely_not_sent() -> None:
    leaving = Leaving()
    submission = await submit_to(closed_origin(), leaving)
    assert isinstance(submission, Unavailable)
    assert (submission.sent, leaving.times, submission.reason) == (False, 0, "the connection was refused")


async def test_a_name_that_is_not_found_is_surely_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_named: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    leaving = Leaving()
    submission = await submit_to("https://whisul.invalid", leaving)
    assert isinstance(submission, Unavailable)
    assert (submission.sent, leaving.times, submission.reason) == (False, 0, "the host name could not be found")


async def test_no_tls_on_the_other_side_is_surely_not_sent() -> None:
    leaving = Leaving()
    async with ScriptedServer(raw(b"220 mail.example ESMTP\r\n", at_accept=True)) as server:
        submission = await submit_to(server.url.replace("http:", "https:"), leaving)
    assert isinstance(submission, Unavailable)
    assert (submission.sent, leaving.times) == (False, 0)
    assert submission.reason == "no secure connection could be made"


async def test_a_connection_that_never_comes_is_surely_not_sent() -> None:
    with socket.socket() as full:  # nobody accepts, and its queue of one is taken: further SYNs are dropped
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        leaving = Leaving()
        submission = await submit_to(f"http://127.0.0.1:{full.getsockname()[1]}", leaving, deadline=SOON)
        for one in waiting:
            one.close()
    assert isinstance(submission, Unavailable)
    assert (submission.sent, leaving.times, submission.reason) == (False, 0, "it took too long")


async def test_after_a_definite_404_only_the_second_request_decides_what_was_sent() -> None:
    async with ScriptedServer(reply(404)) as server:
        urls = [server.url, closed_origin()]

        async def address() -> Address:
            return Address(urls.pop(0), Secret(KEY))

        client = WhisulClient(address)
        with pytest.raises(Unavailable) as caught:
            await client.submit("rain", client_id=CLIENT_ID)
        await client.aclose()
    assert caught.value.sent is False
    submission, leaving = await submitted(reply(404), reset())
    assert isinstance(submission, Unavailable)
    assert (submission.sent, leaving.times) == (True, 1)


async def test_a_submission_is_never_repeated_by_itself() -> None:
    for step in (reset(), raw(b""), reply(503), reply(202, b"garbage")):
        async with ScriptedServer(step) as server:
            await submit_to(server.url)
            await asyncio.sleep(0.02)
        assert len(server.requests) == 1


async def test_informational_answers_are_passed_over() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    assert isinstance(await asked(raw(early + GOOD)), JobReport)


async def test_other_framings_of_a_good_answer_are_read() -> None:
    chunked = CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    for data in (b"HTTP/1.0 202 OK\r\n\r\n" + BODY, chunked, HEAD + b"\r\nContent-Encoding: identity\r\n\r\n" + BODY):
        accepted, _ = await submitted(raw(data))
        assert accepted == Accepted(JOB_ID, "Composition task received.")


async def test_an_endless_body_takes_little_memory() -> None:
    async with ScriptedServer(endless(b"HTTP/1.1 200 OK\r\n\r\n", b" " * 65536)) as server:
        await ask(closed_origin())  # what is imported or cached once is not counted
        tracemalloc.start()
        try:
            outcome = await ask(server.url)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(outcome, BadReply)
    assert peak < 8 << 20


async def test_cancelling_ends_a_call_at_once() -> None:
    left = asyncio.Event()

    async def on_leaving() -> None:
        left.set()

    async with ScriptedServer(silence()) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        call = asyncio.create_task(client.submit("rain", client_id=CLIENT_ID, on_leaving=on_leaving))
        await left.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await client.aclose()


def closed_origin() -> str:
    """An origin on loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
