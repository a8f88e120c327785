"""Verbs run in this process, on a real store and against a real HTTP server on loopback."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.whisul import Whisul
from tests.support.scripted import ScriptedServer, responds, running
from whisul_tui.__main__ import main
from whisul_tui.domain import Job, JobState, Song
from whisul_tui.paths import Paths, find_paths
from whisul_tui.settings import load_settings
from whisul_tui.storage import Database, JobStore, Owner

KEY = "wh_0123456789abcdefCANARY"


@dataclass(frozen=True)
class Ran:
    """How a verb ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        import json

        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """`main` sets the umask of the process; the tests after it get theirs back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `whisul-tui` with these words and returns what came of it; no key may be in its output."""

    def go(*words: str) -> Ran:
        capsys.readouterr()
        code = main(list(words))
        told = capsys.readouterr()
        assert KEY not in told.out + told.err
        assert "Traceback" not in told.err
        return Ran(code, told.out, told.err)

    return go


@pytest.fixture
def paths(home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def store(paths: Paths) -> Iterator[JobStore]:
    """The store that the verbs use, open beside them."""
    with Database.open(paths.database) as database:
        yield JobStore(database)


Bring = Callable[..., Job]


@pytest.fixture
def bring(store: JobStore) -> Bring:
    """Puts a job of the settings' account into the store, in a state, by the steps that the engine takes."""

    def lead(
        state: JobState,
        prompt: str = "soft rain",
        *,
        job_id: str = "",
        song: Song | None = None,
        profile: str | None = None,
    ) -> Job:
        account, now = load_settings(find_paths(), profile=profile).profile.account, 1_750_000_000.0
        number = store.hold(prompt, account=account, now=now, not_before=now).number
        if state is not JobState.HELD:
            owner = Owner("elsewhere", 1, 1.0)
            with store.turn() as turn:
                assert turn.claim_submission(number, owner, now)
            assert store.leaving(number, owner, now)
        if state is JobState.UNCONFIRMED:
            store.unconfirmed(number, "The connection broke.", now)
        elif state is JobState.REJECTED:
            store.rejected(number, "No polka.", now)
        elif state not in (JobState.HELD, JobState.SENDING):
            store.accepted(number, job_id or f"{number:08x}-job", now, now)
        if state in (JobState.COMPLETED, JobState.FAILED):
            store.settled(number, state, now + 98, song=song, message=None if song else "The violins broke.")
        elif state is JobState.EXPIRED:
            store.expired(number, now, "unknown")
        job = store.get(number)
        assert job is not None
        assert job.state is state
        return job

    return lead


def write_config(paths: Paths, text: str) -> None:
    """Writes the settings, readable by their owner alone."""
    paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text(text)
    paths.config_file.chmod(0o600)


@pytest.fixture
def whisul(paths: Paths) -> Iterator[Whisul]:
    """A Whisul on loopback that the settings point to, polled many times a second."""
    service = Whisul()
    with running(ScriptedServer(otherwise=responds(service.answer))) as server:
        service.server = server
        write_config(
            paths,
            f'base_url = "{server.url}/api"\napi_key = "{KEY}"\npoll_min_seconds = 0.05\npoll_max_seconds = 0.1\n',
        )
        yield service
    assert server.faults == []
