"""The engine on its real thread, with a rhythm of hundredths of a second."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest

from tests.jobs.conftest import OpenStore
from tests.jobs.fake_whisul import COMPLETED, FakeWhisul, after, never
from tests.jobs.working import ACCOUNT
from whisul_tui.api.errors import KeyRefused, Limited
from whisul_tui.domain import Job, JobState, PromptError
from whisul_tui.domain.budget import Budget, OverBudget
from whisul_tui.jobs.engine import Engine, EngineStoppedError, Phase
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.storage import JobStore, StoreFull
from whisul_tui.storage.entering import Entry

QUICK = Rhythm(0.05, 0.1, waits=(0.1, 0.2, 0.4, 0.8, 1.2), error_wait=(0.1, 0.3), probe_seconds=2.0)


class Place:
    """A store, an engine on it and the Whisul it talks to."""

    def __init__(self, store: JobStore, **settings: Any) -> None:
        self.store = store
        self.whisul = FakeWhisul(time.monotonic, latency=0.002)
        settings = {"account": ACCOUNT, "rhythm": QUICK, "undo_seconds": 0.0, **settings}
        self.engine = Engine(store, lambda: self.whisul, **settings)

    def job(self, number: int) -> Job:
        found = self.store.get(number)
        assert found is not None
        return found


@pytest.fixture
def place(open_store: OpenStore) -> Iterator[Callable[..., Place]]:
    made: list[Place] = []

    def make(**settings: Any) -> Place:
        made.append(Place(open_store(time.time), **settings))
        made[-1].engine.start()
        return made[-1]

    yield make
    for one in made:
        one.engine.stop()


@contextmanager
def heard(engine: Engine) -> Iterator[list[frozenset[int]]]:
    told: list[frozenset[int]] = []
    leave = engine.subscribe(told.append)
    yield told
    leave()


def eventually(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.005)


def ended(job: Job) -> bool:
    return job.state.is_final


def test_three_jobs_from_prompt_to_song(place: Callable[..., Place]) -> None:
    here = place()
    jobs = [here.engine.submit(f"song {number}").result(5) for number in range(3)]
    assert [job.state for job in jobs] == [JobState.HELD] * 3
    assert here.engine.wait_for([job.number for job in jobs], lambda job: job.state is JobState.RUNNING, 5)
    here.whisul.answers = [COMPLETED] * 3
    with heard(here.engine) as told:
        assert here.engine.wait_for([job.number for job in jobs], ended, 5)
        eventually(lambda: here.engine.status().phase is Phase.IDLE)
    assert {number for numbers in told for number in numbers} == {job.number for job in jobs}
    assert here.engine.status().next_poll_at is None


def test_next_poll_is_told(place: Callable[..., Place]) -> None:
    here = place(rhythm=Rhythm(5.0, 10.0))
    job = here.engine.submit("rain").result(5)
    assert here.engine.wait_for([job.number], lambda job: job.state is JobState.RUNNING, 5)
    eventually(lambda: here.engine.status().phase is Phase.POLLING and here.engine.status().next_poll_at is not None)
    eventually(lambda: 8 < (here.engine.status().next_poll_at or 0) - time.time() < 10)


def test_the_undo_delay_and_taking_back(place: Callable[..., Place]) -> None:
    """The newest held prompt by default, or the one that is named; what has left cannot be taken back."""
    here = place(undo_seconds=30.0)
    first, second, third = (here.engine.submit(f"song {number}").result(5) for number in range(3))
    sent = here.engine.submit("at once", delay=0.0).result(5)
    here.engine.wait_for([sent.number], lambda job: job.state is JobState.RUNNING, 5)
    assert (last := here.engine.take_back_last().result(5)) is not None
    assert [job.number for job in last.jobs] == [third.number]
    assert (taken := here.engine.take_back(first.number).result(5)) is not None
    assert taken.prompt == "song 0"
    assert here.engine.take_back(sent.number).result(5) is None
    assert here.engine.release(second.number).result(5)
    assert here.engine.wait_for([second.number], lambda job: job.state is JobState.RUNNING, 5)
    assert here.engine.take_back_last().result(5) is None
    assert len(here.whisul.posts()) == 2


def test_a_family_over_the_budget_stays_out_unless_the_user_says_so(place: Callable[..., Place]) -> None:
    here = place(undo_seconds=30.0, budget=Budget(day=3))
    entries = [Entry(f"song {number}") for number in range(2)]
    first = here.engine.submit_all(entries, template="song {0|1}").result(5)
    assert len({job.family for job in first}) == 1
    with pytest.raises(OverBudget, match="2 of 3 today"):
        here.engine.submit_all(entries, template="song {0|1}").result(5)
    assert here.engine.submit("the third").result(5).family is None
    with pytest.raises(OverBudget):
        here.engine.submit("the fourth").result(5)
    assert len(here.engine.submit_all(entries, over_budget=True).result(5)) == 2
    here.engine.budget = Budget()
    assert here.engine.submit("the sixth").result(5)


def test_held_prompts_are_paused_moved_and_reworded(place: Callable[..., Place]) -> None:
    here = place(undo_seconds=0.0)
    first, second = here.engine.submit_all([Entry("one", paused=True), Entry("two", paused=True)]).result(5)
    assert here.engine.move(second.number, -1).result(5)
    assert here.engine.reword(second.number, " two, louder ").result(5)
    assert here.engine.pause([first.number]).result(5) == []
    assert here.engine.resume([first.number, second.number]).result(5) == [first.number, second.number]
    here.engine.wait_for([first.number, second.number], lambda job: job.state is JobState.RUNNING, 5)
    assert [asked.what for asked in here.whisul.asked if asked.post] == ["two, louder", "one"]
    assert not here.engine.reword(second.number, "too late").result(5)
    with pytest.raises(PromptError):
        here.engine.reword(second.number, " ").result(5)


def test_a_prompt_that_must_not_be_sent(place: Callable[..., Place]) -> None:
    here = place()
    with pytest.raises(PromptError, match="empty"):
        here.engine.submit("  \n ").result(5)
    assert here.store.counts()[JobState.HELD] == 0


def test_steps_that_the_user_asks_for(place: Callable[..., Place]) -> None:
    here = place(rhythm=Rhythm(0.2, 60.0))
    job = here.engine.submit("rain", parent=None).result(5)
    here.engine.wait_for([job.number], lambda job: job.state is JobState.RUNNING, 5)
    here.engine.star(job.number, True).result(5)
    assert here.job(job.number).starred
    assert here.engine.refresh(job.number).result(5)
    eventually(lambda: here.job(job.number).polled_at is not None)
    here.whisul.answers = [COMPLETED]
    assert here.engine.refresh(job.number).result(5)
    assert here.engine.wait_for([job.number], ended, 5)
    assert here.whisul.polls()[1] - here.whisul.polls()[0] >= 0.2
    assert not here.engine.refresh(job.number).result(5)
    assert not here.engine.refresh(9999).result(5)
    here.engine.forget([job.number]).result(5)
    assert here.store.counts()[JobState.COMPLETED] == 0
    here.engine.restore([job.number]).result(5)
    assert here.store.counts()[JobState.COMPLETED] == 1
    here.engine.save_draft("write", "half a prom").result(5)
    assert not here.engine.confirm(job.number, "other-id").result(5)


def test_confirming_an_unconfirmed_job(place: Callable[..., Place]) -> None:
    here = place()
    here.whisul.answers = [RuntimeError("the line went dead")]
    job = here.engine.submit("rain").result(5)
    assert here.engine.wait_for([job.number], lambda job: job.state is JobState.UNCONFIRMED, 5)
    assert here.engine.confirm(job.number, "known-after-all").result(5)
    eventually(lambda: bool(here.whisul.polls("known-after-all")))
    assert len(here.whisul.posts()) == 1


def test_a_refused_key_and_another_one(place: Callable[..., Place]) -> None:
    """The gate may be another key's from then on; jobs of the account go on."""
    here = place(gate="old key")
    here.whisul.answers = [KeyRefused()]
    job = here.engine.submit("rain").result(5)
    assert not here.engine.wait_for([job.number], ended, 5, unless=lambda status: status.phase is Phase.KEY_REFUSED)
    here.engine.key_changed("new key").result(5)
    assert here.engine.wait_for([job.number], lambda job: job.state is JobState.RUNNING, 5)
    with here.store.turn() as turn:
        assert turn.gate("old key").refused_key
        assert not turn.gate("new key").refused_key


def test_waiting_ends_with_the_patience(place: Callable[..., Place]) -> None:
    here = place()
    here.whisul.answers = [Limited(3.0)]
    job = here.engine.submit("rain").result(5)
    start = time.monotonic()
    assert not here.engine.wait_for([job.number], ended, 0.3)
    assert 0.3 <= time.monotonic() - start < 2.9
    assert here.engine.status().phase is Phase.LIMITED
    assert (here.engine.status().until or 0) > time.time()
    assert here.engine.wait_for([12345], ended, 1)  # what is gone need not be waited for


def test_waiting_is_interrupted_by_ctrl_c(place: Callable[..., Place]) -> None:
    here = place()
    job = here.engine.submit("rain").result(5)
    main = threading.main_thread().ident
    assert main is not None
    threading.Timer(0.2, lambda: signal.pthread_kill(main, signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        here.engine.wait_for([job.number], ended)
    assert time.monotonic() - start < 10


def test_the_store_refuses_a_command(place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch) -> None:
    here = place()

    def full(*_args: object, **_kwargs: object) -> Job:
        raise StoreFull("The disk is full.")

    monkeypatch.setattr(here.store, "hold_all", full)
    with pytest.raises(StoreFull):
        here.engine.submit("rain").result(5)
    monkeypatch.undo()
    assert here.engine.submit("rain").result(5).number


def test_a_subscriber_that_fails_stops_nothing(place: Callable[..., Place], caplog: pytest.LogCaptureFixture) -> None:
    here = place()

    def broken(_numbers: frozenset[int]) -> None:
        raise ValueError("a screen that is going away")

    leave = here.engine.subscribe(broken)
    with heard(here.engine) as told, caplog.at_level(logging.ERROR):
        job = here.engine.submit("rain").result(5)
        assert here.engine.wait_for([job.number], lambda job: job.state is JobState.RUNNING, 5)
    assert told
    assert "ValueError" in caplog.text
    leave()
    leave()  # twice is harmless


def test_many_threads_at_once(place: Callable[..., Place]) -> None:
    """Eight threads submit and star; each future is answered, each prompt is sent once."""
    here = place()
    futures: list[Future[Any]] = []

    def press(thread: int) -> None:
        for number in range(10):
            job = here.engine.submit(f"song {thread} {number}").result(20)
            futures.append(here.engine.star(job.number, True))

    threads = [threading.Thread(target=press, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [future.result(5) for future in futures] == [None] * 80
    eventually(lambda: len(here.whisul.posts()) == 80)
    assert len({asked.what for asked in here.whisul.asked if asked.post}) == 80


@pytest.mark.parametrize(("answer", "state"), [(after(0.4), JobState.RUNNING), (never, JobState.UNCONFIRMED)])
def test_stopping_with_a_prompt_on_its_way(place: Callable[..., Place], answer: object, state: JobState) -> None:
    """Its answer is waited for within the time-out; given up, it is unconfirmed. No thread is left."""
    here = place()
    here.whisul.answers = [answer]
    job = here.engine.submit("rain").result(5)
    assert here.engine.wait_for([job.number], lambda job: job.state is JobState.SENDING, 5)
    start = time.monotonic()
    here.engine.stop(2.0)
    assert time.monotonic() - start < 2.0
    assert here.job(job.number).state is state
    assert here.whisul.closed
    assert "whisul-engine" not in [thread.name for thread in threading.enumerate()]
    with pytest.raises(EngineStoppedError):
        here.engine.submit("more").result(1)
    here.engine.stop()


def test_stopping_before_and_right_after_the_start(open_store: OpenStore) -> None:
    never_started = Place(open_store(time.time)).engine
    never_started.stop()
    with pytest.raises(EngineStoppedError):
        never_started.submit("rain").result(1)
    for _ in range(20):
        engine = Place(open_store(time.time)).engine
        engine.start()
        draft = engine.save_draft("write", "kept")
        engine.stop()
        assert draft.result(0) is None
        with pytest.raises(EngineStoppedError):
            engine.start()


def test_commands_between_stop_and_end_are_answered(place: Callable[..., Place]) -> None:
    """However the race ends: each future is done or says that the engine has ended; none hangs."""
    here = place()
    futures: list[Future[None]] = []
    done = threading.Event()

    def press() -> None:
        while not done.is_set():
            futures.append(here.engine.save_draft("write", "x"))
            time.sleep(0.005)

    thread = threading.Thread(target=press)
    thread.start()
    time.sleep(0.05)
    here.engine.stop()
    done.set()
    thread.join()
    for future in futures:
        assert isinstance(future.exception(1), EngineStoppedError | None)


def seconds_of_work(engine: Engine) -> float:
    """What the engine's thread has computed since it started."""
    return engine._command(time.thread_time, lambda _: ()).result(5)


@pytest.mark.parametrize(("jobs", "share"), [(0, 0.002), (10, 0.02)], ids=["idle", "ten-jobs"])
def test_what_waiting_costs(place: Callable[..., Place], jobs: int, share: float) -> None:
    """Nothing open: under 0.2 % of a core. Ten jobs at the documented rhythm: under 2 %."""
    here = place(rhythm=Rhythm(5.0, 10.0))
    numbers = [here.engine.submit(f"song {number}").result(5).number for number in range(jobs)]
    here.engine.wait_for(numbers, lambda job: job.state is JobState.RUNNING, 5)
    before = seconds_of_work(here.engine)
    time.sleep(2.0)
    assert (seconds_of_work(here.engine) - before) / 2.0 < share


def test_no_loop_or_socket_is_left(place: Callable[..., Place]) -> None:
    here = place()
    loops: list[asyncio.AbstractEventLoop] = []
    here.engine._command(lambda: loops.append(asyncio.get_running_loop()), lambda _: ()).result(5)
    here.engine.stop()
    assert loops[0].is_closed()
