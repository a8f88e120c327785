"""The three calls against a real server on loopback: what is sent, and what every documented answer becomes."""

from __future__ import annotations

from tests.support.scripted import ScriptedServer, reply
from whisul_tui import __version__
from whisul_tui.api.address import Address
from whisul_tui.api.client import WhisulClient
from whisul_tui.api.errors import (
    WhisulError,
)
from whisul_tui.domain.job import JobState
from whisul_tui.domain.secret import Secret

KEY = "wk-canary-0123456789"
CLIENT_ID = "c" * 32
JOB_ID = "81fa5ff7-6197-4c24-8062-c0ff8b62d58d"
ACCEPTED = {"message": "Composition task received.", "job_id": JOB_ID, "poll_url": f"/jobs/{JOB_ID}"}
RUNNING = {"status": "running", "prompt": "rain", "result": None, "error": None, "started_at": "2026-02-17 15:39:34"}


class Leaving:
    """Counts how often a request was announced to leave."""

    def __init__(self, error: Exception | None = None) -> None:
        self.times = 0
        self.error = error

    async def __call__(self) -> None:
        self.times += 1
        if self.error:
            raise self.error


async def submit_to(server: ScriptedServer, leaving: Leaving | None = None, deadline: float = 5.0) -> object:
    """Submits one prompt; gives what came back or the WhisulError."""
    client = WhisulClient(Address(server.url + "/api", Secret(KEY)), deadline=deadline)
    try:
        return await client.submit("rain", client_id=CLIENT_ID, on_leaving=leaving)
    except WhisulError as error:
        return error
    finally:
        await client.aclose()


async def ask(server: ScriptedServer, deadline: float = 5.0) -> object:
    """Asks for one job; gives what came back or the WhisulError."""
    client = WhisulClient(Address(server.url + "/api", Secret(KEY)), deadline=deadline)
    try:
        return await client.job(JOB_ID)
    except WhisulError as error:
        return error
    finally:
        await client.aclose()


async def test_a_submission_is_sent_as_documented() -> None:
    async with ScriptedServer(reply(202, ACCEPTED)) as server:
        accepted = await submit_to(server)
    assert (accepted.job_id, accepted.message) == (JOB_ID, "Composition task received.")
    (request,) = server.requests
    assert (request.method, request.path, request.json) == ("POST", "/api/generate", {"prompt": "rain"})
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == CLIENT_ID
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["user-agent"] == f"whisul-tui/{__version__}"


async def test_a_job_is_asked_for_by_its_id() -> None:
    async with ScriptedServer(reply(200, RUNNING)) as server:
        report = await ask(server)
    assert report.state is JobState.RUNNING
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("GET", f"/api/jobs/{JOB_ID}", b"")
    assert request.headers["authorization"] == f"Bearer {KEY}"
