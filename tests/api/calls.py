"""Calls of the client under test, with what came back or the error as a value."""

from __future__ import annotations

from tests.support.scripted import ScriptedServer, Step
from whisul_tui.api.address import Address
from whisul_tui.api.client import Accepted, JobReport, WhisulClient
from whisul_tui.api.errors import WhisulError
from whisul_tui.domain.secret import Secret

KEY = "wk-canary-0123456789"
CLIENT_ID = "c" * 32
JOB_ID = "81fa5ff7-6197-4c24-8062-c0ff8b62d58d"
ACCEPTED = {"message": "Composition task received.", "job_id": JOB_ID, "poll_url": f"/jobs/{JOB_ID}"}
RUNNING = {"status": "running", "prompt": "rain", "result": None, "error": None, "started_at": "2026-02-17 15:39:34"}


class Leaving:
    """An `on_leaving` that counts, and raises what it was given."""

    def __init__(self, error: Exception | None = None) -> None:
        self.times = 0
        self.error = error

    async def __call__(self) -> None:
        self.times += 1
        if self.error:
            raise self.error


async def submit_to(url: str, leaving: Leaving | None = None, deadline: float = 5.0) -> Accepted | WhisulError:
    """Submits one prompt to an origin."""
    client = WhisulClient(Address(url + "/api", Secret(KEY)), deadline=deadline)
    try:
        return await client.submit("rain", client_id=CLIENT_ID, on_leaving=leaving)
    except WhisulError as error:
        return error
    finally:
        await client.aclose()


async def ask(url: str, deadline: float = 5.0) -> JobReport | WhisulError:
    """Asks an origin for one job."""
    client = WhisulClient(Address(url + "/api", Secret(KEY)), deadline=deadline)
    try:
        return await client.job(JOB_ID)
    except WhisulError as error:
        return error
    finally:
        await client.aclose()


async def submitted(*steps: Step, deadline: float = 5.0) -> tuple[Accepted | WhisulError, Leaving]:
    """One submission against a script that plays out; what came back, and how often the leaving was announced."""
    leaving = Leaving()
    async with ScriptedServer(*steps) as server:
        outcome = await submit_to(server.url, leaving, deadline)
    assert server.faults == []
    return outcome, leaving


async def asked(*steps: Step, deadline: float = 5.0) -> JobReport | WhisulError:
    """One question for a job against a script."""
    async with ScriptedServer(*steps) as server:
        outcome = await ask(server.url, deadline)
    assert server.faults == []
    return outcome
