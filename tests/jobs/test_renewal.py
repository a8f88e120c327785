"""Links asked for anew: through the account's gate, once within the floor, and written to the store."""

from __future__ import annotations

import asyncio

import pytest

from tests.jobs.conftest import OpenStore
from tests.jobs.fake_whisul import FakeWhisul
from whisul_tui.api.client import JobReport
from whisul_tui.api.errors import KeyRefused, Limited, NotFound, Unavailable
from whisul_tui.domain import Job, JobState, Song
from whisul_tui.domain.gate import Gate
from whisul_tui.jobs.renewal import Renewal, RenewalError
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.storage import JobStore, Owner

NOW = 1_750_000_000.0
OLD = Song("Rain", 82.0, 183.0, "https://cdn.example/old.mp3", "https://cdn.example/old.png", ("lofi",))
NEW = Song("Another name", 90.0, 10.0, "https://cdn.example/new.mp3", None, ())


class Stage:
    """A store with one completed job, a Whisul that answers, and a clock that stands."""

    def __init__(self, open_store: OpenStore, *answers: object) -> None:
        self.now = NOW
        self.store: JobStore = open_store(lambda: self.now)
        self.whisul = FakeWhisul(lambda: self.now, latency=0.0, answers=list(answers))
        number = self.store.hold("soft rain", account="a", now=NOW - 900, not_before=NOW - 900).number
        owner = Owner("elsewhere", 1, 1.0)
        with self.store.turn() as turn:
            assert turn.claim_submission(number, owner, NOW - 900)
        assert self.store.leaving(number, owner, NOW - 900)
        assert self.store.accepted(number, "job-1", NOW - 900, NOW - 890)
        assert self.store.settled(number, JobState.COMPLETED, NOW - 800, song=OLD)
        self.number = number

    @property
    def job(self) -> Job:
        job = self.store.get(self.number)
        assert job is not None
        return job

    def gate(self, gate: Gate | None = None) -> Gate:
        with self.store.turn() as turn:
            if gate is not None:
                turn.save_gate("gate", gate)
            return turn.gate("gate")

    def ask(self) -> Job:
        renewal = Renewal(
            self.store, self.whisul, account="a", gate="gate", rhythm=Rhythm(), clock=lambda: self.now, patience=5.0
        )
        return asyncio.run(renewal.ask(self.job))


def completed(song: Song | None) -> JobReport:
    return JobReport(JobState.COMPLETED, song=song)


def test_new_links_are_kept_and_all_else_stays(open_store: OpenStore) -> None:
    """The title too: files are named by it. A cover that is not told of any more keeps its link."""
    stage = Stage(open_store, completed(NEW))
    asked = stage.ask()
    assert asked.song is not None
    assert (asked.song.title, asked.song.song_url, asked.song.image_url) == ("Rain", NEW.song_url, OLD.image_url)
    assert stage.job.song == asked.song
    assert stage.job.state is JobState.COMPLETED
    assert sum(count for _, count in stage.gate().accepts) == 1, "it counts as any other request"


def test_the_same_job_is_not_asked_for_twice_within_the_floor(open_store: OpenStore) -> None:
    stage = Stage(open_store, completed(NEW), completed(NEW))
    stage.ask()
    with pytest.raises(RenewalError, match="a moment ago"):
        stage.ask()
    stage.now += 5.1
    stage.ask()
    assert len(stage.whisul.asked) == 2


def test_a_closed_gate_lets_nothing_pass(open_store: OpenStore) -> None:
    stage = Stage(open_store)
    stage.gate(Gate(until=NOW + 40, closed_at=NOW - 1, half=True, reason="limited"))
    with pytest.raises(RenewalError, match="no requests just now"):
        stage.ask()
    stage.gate(Gate(refused_key=True))
    with pytest.raises(RenewalError, match="refuses the key"):
        stage.ask()
    assert stage.whisul.asked == []


def test_a_429_closes_the_gate_for_everybody(open_store: OpenStore) -> None:
    stage = Stage(open_store, Limited(12.0))
    with pytest.raises(RenewalError):
        stage.ask()
    assert stage.gate().until >= NOW + 12
    assert stage.job.song == OLD


@pytest.mark.parametrize("error", [KeyRefused(), Unavailable(sent=True, status=500)])
def test_other_trouble_is_told_and_changes_nothing_of_the_job(open_store: OpenStore, error: Exception) -> None:
    stage = Stage(open_store, error)
    with pytest.raises(RenewalError):
        stage.ask()
    assert stage.job.song == OLD
    assert stage.gate().refused_key == isinstance(error, KeyRefused)


def test_what_whisul_no_longer_knows_is_expired(open_store: OpenStore) -> None:
    stage = Stage(open_store, NotFound())
    with pytest.raises(RenewalError):
        stage.ask()
    assert (stage.job.state, stage.job.song) == (JobState.EXPIRED, OLD)


def test_no_link_is_no_renewal(open_store: OpenStore) -> None:
    stage = Stage(open_store, completed(None))
    with pytest.raises(RenewalError, match="no link"):
        stage.ask()
    assert stage.job.song == OLD
