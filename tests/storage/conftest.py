"""A store in a fresh folder, with a clock that stands still until a test moves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whisul_tui.domain import Job, JobState
from whisul_tui.storage import Database, JobStore, Owner

ACCOUNT = "account-a"
OWNER = Owner("here", 101, 1000.0)
START = 1_800_000_000.0


class HandClock:
    """A clock that shows `now` until it is set anew."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "whisul" / "jobs.db"


@pytest.fixture
def database(path: Path, clock: HandClock) -> Iterator[Database]:
    with Database.open(path, clock=clock) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> JobStore:
    return JobStore(database)


Bring = Callable[..., int]


@pytest.fixture
def bring(store: JobStore, clock: HandClock) -> Bring:
    """Makes a job and leads it to a state by the steps of the store; gives its number."""

    def lead(state: JobState = JobState.HELD, prompt: str = "soft rain", **settled: object) -> int:
        number = store.hold(prompt, account=ACCOUNT, now=clock.now, not_before=clock.now).number
        if state is JobState.HELD:
            return number
        with store.turn() as turn:
            assert turn.claim_submission(number, OWNER, clock.now)
        assert store.leaving(number, OWNER, clock.now)
        if state is JobState.UNCONFIRMED:
            assert store.unconfirmed(number, "connection lost", clock.now)
        elif state is JobState.REJECTED:
            assert store.rejected(number, "another prompt, please", clock.now)
        elif state is not JobState.SENDING:
            assert store.accepted(number, f"job-{number:04d}", clock.now, clock.now + 10)
        if state in (JobState.COMPLETED, JobState.FAILED):
            assert store.settled(number, state, clock.now, **settled)  # type: ignore[arg-type]
        elif state is JobState.EXPIRED:
            assert store.expired(number, clock.now, "unknown")
        assert found(store, number).state is state
        return number

    return lead


def found(store: JobStore, number: int) -> Job:
    """The job of a number that must be there."""
    job = store.get(number)
    assert job is not None
    return job
