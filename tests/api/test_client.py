"""The three calls against a real server on loopback: what is sent, and what every documented answer becomes."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.calls import ACCEPTED, CLIENT_ID, JOB_ID, KEY, RUNNING, ask, asked, submit_to, submitted
from tests.support.scripted import ScriptedServer, raw, reply
from whisul_tui import __version__
from whisul_tui.api.address import Address
from whisul_tui.api.client import Accepted, JobReport, WhisulClient
from whisul_tui.api.errors import (
    BadReply,
    KeyMissing,
    KeyRefused,
    Limited,
    NotFound,
    Rejected,
    Unavailable,
)
from whisul_tui.domain.job import JobState
from whisul_tui.domain.secret import Secret

# seeds/000: "400 response body example"
INVALID_INPUT = {"error": "Invalid input", "message": "The 'prompt' field is required and must not be empty."}


async def test_a_submission_is_sent_as_documented() -> None:
    async with ScriptedServer(reply(202, ACCEPTED)) as server:
        accepted = await submit_to(server.url)
    assert accepted == Accepted(JOB_ID, "Composition task received.")
    (request,) = server.requests
    assert (request.method, request.path, request.json) == ("POST", "/api/generate", {"prompt": "rain"})
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == CLIENT_ID
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["connection"] == "close"
    assert request.headers["user-agent"] == f"whisul-tui/{__version__}"


async def test_a_job_is_asked_for_by_its_id() -> None:
    async with ScriptedServer(reply(200, RUNNING)) as server:
        report = await ask(server.url)
    assert isinstance(report, JobReport)
    assert (report.state, report.prompt) == (JobState.RUNNING, "rain")
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("GET", f"/api/jobs/{JOB_ID}", b"")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_any_success_with_a_job_id_is_an_acceptance(status: int) -> None:
    outcome, _ = await submitted(reply(status, ACCEPTED))
    assert isinstance(outcome, Accepted)  # losing an id that was paid for would be worse than a lax status


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_rejection_carries_the_servers_own_words(status: int) -> None:
    outcome, _ = await submitted(reply(status, INVALID_INPUT))
    assert isinstance(outcome, Rejected)
    assert outcome.message == str(outcome) == "The 'prompt' field is required and must not be empty."
    assert outcome.status == status


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": "Invalid input"}, "Invalid input"),
        ({"error": "Invalid input", "message": ""}, "Invalid input"),
        ({"message": "a\x1b]52;c;UFdO\x07b\x1b[2J"}, "a]52;c;UFdOb[2J"),
        ({"message": 7, "error": ["x"]}, "Whisul rejected the request (400). Change the prompt and send it again."),
        (b"<html>nope</html>", "Whisul rejected the request (400). Change the prompt and send it again."),
    ],
)
async def test_a_rejection_is_cleaned_and_never_without_words(body: object, message: str) -> None:
    outcome, _ = await submitted(reply(400, body))
    assert isinstance(outcome, Rejected)
    assert outcome.message == message


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_told_on_both_calls(status: int) -> None:
    submission, _ = await submitted(reply(status, {"error": "Unauthorized"}))
    assert type(submission) is KeyRefused
    assert type(await asked(reply(status))) is KeyRefused


async def test_limits_are_told_on_both_calls_with_their_wait() -> None:
    submission, _ = await submitted(reply(429, {"error": "Rate limit exceeded"}, {"Retry-After": "17"}))
    poll = await asked(reply(429, b"", {"RateLimit": '"default";r=0;t=33'}))
    bare = await asked(reply(429))
    assert isinstance(submission, Limited)
    assert isinstance(poll, Limited)
    assert isinstance(bare, Limited)
    assert (submission.retry_after, poll.retry_after, bare.retry_after) == (17.0, 33.0, None)


async def test_a_retry_date_counts_from_the_servers_own_clock() -> None:
    dates = {"Date": "Tue, 17 Feb 2026 15:39:34 GMT", "Retry-After": "Tue, 17 Feb 2026 15:40:04 GMT"}
    outcome = await asked(reply(429, b"", dates))
    assert isinstance(outcome, Limited)
    assert outcome.retry_after == 30.0


async def test_a_success_tells_when_nothing_remains() -> None:
    headers = {"RateLimit": '"default";r=0;t=12'}
    report = await asked(reply(200, RUNNING, headers))
    accepted, _ = await submitted(reply(202, ACCEPTED, headers))
    assert isinstance(report, JobReport)
    assert isinstance(accepted, Accepted)
    assert (report.pause, accepted.pause) == (12.0, 12.0)


@pytest.mark.parametrize("status", [404, 410])
async def test_an_unknown_job_is_not_found(status: int) -> None:
    assert isinstance(await asked(reply(status, {"error": "Job not found"})), NotFound)


@pytest.mark.parametrize("status", [408, 409, 425, 500, 502, 503, 504, 599])
async def test_trouble_on_the_other_side_leaves_a_submission_open(status: int) -> None:
    submission, leaving = await submitted(reply(status, b"<html>oops</html>"))
    poll = await asked(reply(status))
    assert isinstance(submission, Unavailable)
    assert isinstance(poll, Unavailable)
    assert (submission.sent, submission.status, leaving.times) == (True, status, 1)
    assert poll.status == status


async def test_another_refusal_of_a_submission_is_a_rejection_and_of_a_poll_a_bad_reply() -> None:
    submission, _ = await submitted(reply(402, {"message": "No credits left."}))
    assert isinstance(submission, Rejected)
    assert submission.message == "No credits left."
    assert isinstance(await asked(reply(402)), BadReply)


async def test_polls_share_a_connection_and_submissions_never_do() -> None:
    async with ScriptedServer(otherwise=reply(202, {**ACCEPTED, **RUNNING})) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        for _ in range(3):
            await client.job(JOB_ID)
        for _ in range(3):
            await client.submit("rain", client_id=CLIENT_ID)
        await client.aclose()
    assert [request.connection for request in server.requests] == [0, 0, 0, 1, 2, 3]


async def test_a_kept_connection_that_the_server_closed_is_replaced() -> None:
    closing = raw(b"HTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n")
    async with ScriptedServer(closing, reply(200, RUNNING)) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        await client.check()
        await asyncio.sleep(0.05)  # the FIN is on its way
        assert (await client.job(JOB_ID)).state is JobState.RUNNING
        await client.aclose()
    assert [request.connection for request in server.requests] == [0, 1]


async def test_cookies_are_neither_kept_nor_sent() -> None:
    async with ScriptedServer(reply(200, RUNNING, {"Set-Cookie": "a=b; Path=/"}), reply(200, RUNNING)) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        await client.job(JOB_ID)
        await client.job(JOB_ID)
        await client.aclose()
    assert "cookie" not in server.requests[1].headers


async def test_the_address_is_asked_for_before_each_request() -> None:
    async with ScriptedServer(reply(200, RUNNING)) as first, ScriptedServer(reply(200, RUNNING)) as second:
        urls = [first.url, second.url + "/api"]

        async def address() -> Address:
            return Address(urls.pop(0), Secret(KEY))

        client = WhisulClient(address)
        await client.job(JOB_ID)
        await client.job(JOB_ID)
        await client.aclose()
    assert [request.path for request in first.requests + second.requests] == [f"/jobs/{JOB_ID}", f"/api/jobs/{JOB_ID}"]


async def test_without_a_key_nothing_is_sent() -> None:
    async with ScriptedServer() as server:
        client = WhisulClient(Address(server.url, None))
        with pytest.raises(KeyMissing):
            await client.job(JOB_ID)
        with pytest.raises(KeyMissing):
            await client.submit("rain", client_id=CLIENT_ID)
        await client.aclose()
    assert server.connections == 0


@pytest.mark.parametrize("job_id", ["", "a/b", "../x", "a?b", "https://evil.example/x", "x" * 129, "é", "a\n", "%2e"])
async def test_what_can_be_no_job_id_never_becomes_a_url(job_id: str) -> None:
    async with ScriptedServer() as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        with pytest.raises(NotFound):
            await client.job(job_id)
        with pytest.raises(ValueError, match="client_id"):
            await client.submit("rain", client_id=job_id)
        await client.aclose()
    assert server.connections == 0


async def test_the_check_passes_for_a_known_key_and_fails_for_a_refused_one() -> None:
    async with ScriptedServer(reply(404), reply(200, RUNNING), reply(401), reply(429)) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        await client.check()
        await client.check()
        with pytest.raises(KeyRefused):
            await client.check()
        with pytest.raises(Limited):
            await client.check()
        await client.aclose()
    assert {request.method for request in server.requests} == {"GET"}


async def test_a_closed_client_says_so() -> None:
    client = WhisulClient(Address("http://127.0.0.1:9", Secret(KEY)))
    await client.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await client.job(JOB_ID)
