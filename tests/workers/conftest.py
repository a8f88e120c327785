"""The loopback CDN, and an environment in which somebody sits at this machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.listening.server import Cdn
from whisul_tui.domain import Job
from whisul_tui.listening.download_errors import NotRenewed


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    """A CDN of this test's own."""
    with Cdn() as running:
        yield running


@pytest.fixture
def at_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A display, and no SSH."""
    monkeypatch.setenv("DISPLAY", ":99")


@pytest.fixture(autouse=True)
def renewals(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """What Whisul gives for jobs whose links have died: the job with this link, or none; each question is noted."""
    asked: list[Job] = []

    def renewer(*_: object) -> Callable[[Job], Awaitable[Job]]:
        async def renew(job: Job) -> Job:
            asked.append(job)
            assert job.song is not None
            assert job.song.song_url is not None
            if "dead" not in job.song.song_url:
                raise NotRenewed("Whisul no longer knows it.")
            return job._replace(song=job.song._replace(song_url=job.song.song_url.replace("dead", "new")))

        return renew

    monkeypatch.setattr("whisul_tui.workers.downloads.renewer", renewer)
    return asked
