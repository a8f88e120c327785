"""A stage for the screens: a real store with fixed jobs, a still engine, and a clock that stands."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from whisul_tui.app import WhisulApp
from whisul_tui.domain import Job, JobState, PromptError, Song
from whisul_tui.domain.budget import Budget, OverBudget
from whisul_tui.jobs.outbox_commands import OutboxCommands
from whisul_tui.jobs.passage import Terms
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.paths import find_paths
from whisul_tui.session import Session
from whisul_tui.settings import Settings, load_settings
from whisul_tui.storage import Database, Drafts, JobStore, PromptHistory, Windows
from whisul_tui.storage.claims import Owner
from whisul_tui.storage.entering import Entry, TakenBack
from whisul_tui.widgets.job_detail import JobDetail

JobDetail.follows_after = 0  # at once: on the stage no time passes
NOW = datetime(2026, 2, 17, 16, 0, 0, tzinfo=UTC)
OWNER = Owner("stage", 1, 1.0)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Status:
    """What the engine says of itself; the fields of jobs.engine.EngineStatus that screens read."""

    phase: str = "idle"
    until: float | None = None
    next_poll_at: float | None = None
    message: str = ""


class StillEngine(OutboxCommands):
    """An engine that does what it is told to the store at once and sends nothing; `calls` is what it was told."""

    def __init__(self, store: JobStore, account: str, now: float, undo_seconds: float = 3.0) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.current = Status()
        self.fails: BaseException | None = None
        self._store = store
        self._account = account
        self._now = now
        self.undo_seconds = undo_seconds
        self.budget = Budget()
        owner = Owner("still", 1, 1.0)
        self._terms = Terms(account, Rhythm(), owner, lambda: self._now, random.Random(1))
        self._heard: list[Callable[[frozenset[int]], None]] = []

    def start(self) -> None:
        self.calls.append(("start",))

    def stop(self, timeout: float = 5.0) -> None:
        self.calls.append(("stop",))

    def status(self) -> Status:
        return self.current

    def subscribe(self, callback: Callable[[frozenset[int]], None]) -> Callable[[], None]:
        self._heard.append(callback)
        return lambda: self._heard.remove(callback)

    def tell(self, *numbers: int) -> None:
        """Lets everybody hear that these jobs changed."""
        for callback in list(self._heard):
            callback(frozenset(numbers))

    def submit(
        self, prompt: str, *, parent: int | None = None, delay: float | None = None, over_budget: bool = False
    ) -> Future[Job]:
        self.calls.append(("submit", prompt, parent))
        return super().submit(prompt, parent=parent, delay=delay, over_budget=over_budget)

    def submit_all(self, entries: Sequence[Entry], **how: Any) -> Future[list[Job]]:
        self.calls.append(("submit_all", *(entry.prompt for entry in entries)))
        self.calls += [("submit", entry.prompt, entry.parent) for entry in entries]
        return super().submit_all(entries, **how)

    def take_back_last(self) -> Future[TakenBack | None]:
        self.calls.append(("take_back_last",))
        return super().take_back_last()

    def _command(self, work: Callable[[], Value], touched: Callable[[Value], tuple[int, ...]]) -> Future[Value]:
        return self._done("command", work)

    def refresh(self, number: int) -> Future[bool]:
        return self._done("refresh", lambda: True, number)

    def confirm(self, number: int, job_id: str) -> Future[bool]:
        return self._done("confirm", lambda: self._store.confirm(number, job_id, self._now), number, job_id)

    def star(self, number: int, on: bool) -> Future[None]:
        return self._done("star", lambda: self._store.star(number, on), number, on)

    def forget(self, numbers: Sequence[int]) -> Future[None]:
        return self._done("forget", lambda: self._store.forget(numbers, self._now), tuple(numbers))

    def restore(self, numbers: Sequence[int]) -> Future[None]:
        return self._done("restore", lambda: self._store.restore(numbers), tuple(numbers))

    def do(self, step: Callable[[], Any], numbers: Sequence[int] = ()) -> Future[Any]:
        return self._done("do", step, tuple(numbers))

    def save_draft(self, slot: str, text: str) -> Future[None]:
        return self._done("save_draft", lambda: Drafts(self._store.database).save(slot, text, self._now), slot, text)

    def key_changed(self) -> Future[None]:
        return self._done("key_changed", lambda: None)

    def _done(self, name: str, work: Callable[[], Any], *told: Any) -> Future[Any]:
        self.calls.append((name, *told))
        future: Future[Any] = Future()
        if self.fails is not None:
            future.set_exception(self.fails)
            return future
        try:
            future.set_result(work())
        except (OverBudget, PromptError) as error:
            future.set_exception(error)
        self.tell()
        return future


@dataclass
class Stage:
    """The session and its still engine; `app()` makes the program on it."""

    session: Session
    engine: StillEngine
    settings: Settings
    now: datetime = NOW
    numbers: list[int] = field(default_factory=list)

    @property
    def store(self) -> JobStore:
        return self.session.store

    def app(self, first: str | None = "jobs", **settings: Any) -> WhisulApp:
        """The program, its clock standing at NOW; `settings` replace single ones."""
        merged = replace(
            self.settings, values={**self.settings.values, "glyphs": "unicode", "covers": "off", **settings}
        )
        session = replace(self.session, settings=merged)
        return WhisulApp(session.paths, merged, session, now=lambda: self.now, first=first)


@contextmanager
def stage(jobs: Sequence[dict[str, Any]] = (), *, profile: str = "default") -> Iterator[Stage]:
    """A stage in the test's own home, with these jobs (see `put`), oldest first."""
    paths = find_paths()
    settings = load_settings(paths, profile=profile, environ={"WHISUL_API_KEY": "wh_0123456789abcdef"})
    moment = [NOW.timestamp()]
    with Database.open(paths.database, clock=lambda: moment[0]) as database:
        store = JobStore(database)
        engine = StillEngine(store, settings.profile.account, NOW.timestamp())
        session = Session(
            paths=paths,
            settings=settings,
            database=database,
            store=store,
            windows=Windows(database),
            drafts=Drafts(database),
            history=PromptHistory(database),
            engine=engine,  # type: ignore[arg-type]  # the still engine stands where the engine stands
        )
        made = Stage(session, engine, settings)
        made.numbers = [put(store, settings.profile.account, **job).number for job in jobs]
        yield made


def put(
    store: JobStore,
    account: str,
    prompt: str = "late night lofi, soft rain",
    state: JobState | str = JobState.COMPLETED,
    *,
    ago: float = 3600.0,
    took: float = 72.0,
    title: str | None = "Rain on Neon",
    bpm: float | None = 82,
    seconds: float | None = 182,
    tags: Sequence[str] = ("lofi", "rain", "upright bass", "instrumental"),
    message: str | None = None,
    starred: bool = False,
    job_id: str | None = None,
    song_url: str | None = None,
    image_url: str | None = None,
    parent: int | None = None,
) -> Job:
    """Leads a job through the store's own steps to `state`; `ago` and `took` in seconds before NOW and of work."""
    state = JobState(state)
    at = NOW.timestamp() - ago
    hold_until = NOW.timestamp() + 2 if state is JobState.HELD else at
    job = store.hold(prompt, account=account, now=at, not_before=hold_until, parent=parent)
    number = job.number
    job_id = job_id or f"{number:08x}-6197-4c24-8062-c0ff8b62d58d"
    if state is not JobState.HELD:
        with store.turn() as turn:
            assert turn.claim_submission(number, OWNER, at)
        assert store.leaving(number, OWNER, at)
    if state is JobState.UNCONFIRMED:
        store.unconfirmed(number, message or "The connection broke before the answer came.", at + 15)
    elif state is JobState.REJECTED:
        store.rejected(number, message or "The 'prompt' field is required and must not be empty.", at + 1)
    elif state not in (JobState.HELD, JobState.SENDING):
        store.accepted(number, job_id, at, at + 10)
    began = datetime.fromtimestamp(at, UTC)
    over = began + timedelta(seconds=took)
    if state is JobState.RUNNING:
        store.still_running(number, NOW.timestamp() - 3, due_at=NOW.timestamp() + 4, started_at=began)
    elif state is JobState.COMPLETED:
        song = Song(title, bpm, seconds, song_url or f"https://cdn.whisul.com/audio/{job_id[:8]}.mp3",
                    image_url or f"https://cdn.whisul.com/covers/{job_id[:8]}.jpg", tuple(tags))  # fmt: skip
        store.settled(number, state, at + took, song=song, started_at=began, finished_at=over)
    elif state is JobState.FAILED:
        failed = message or "Generation failed due to an internal error."
        store.settled(number, state, at + took, message=failed, started_at=began, finished_at=over)
    elif state is JobState.EXPIRED:
        store.expired(number, at + took, message or "Whisul no longer knows this job.")
    if starred:
        store.star(number, True)
    found = store.get(number)
    assert found is not None
    return found


ALL_STATES: tuple[dict[str, Any], ...] = (
    {"prompt": "harp study no. 2", "state": "expired", "ago": 9 * 86_400.0},
    {"prompt": "sea shanty, male choir", "state": "failed", "ago": 2 * 86_400.0},
    *(
        {"prompt": f"late night lofi, soft rain, take {n}", "title": name, "ago": 3600.0 * (8 - n),
         "took": 60.0 + 10 * n,
         "bpm": 78 + n, "starred": n == 5}
        for n, name in enumerate(("Puddle Lights", "Slow Train Home", "Night Bus", "Paper Umbrella", "Rain on Neon"), 1)
    ),
    {"prompt": "polka at 200 bpm", "state": "unconfirmed", "ago": 540.0},
    {"prompt": "a song", "state": "rejected", "ago": 300.0, "message": "The prompt is too short to compose from."},
    {"prompt": "sea shanty, male choir", "state": "running", "ago": 155.0},
    {"prompt": "cinematic strings, slow build", "state": "running", "ago": 41.0},
    {"prompt": "jazz beat, no rain", "state": "sending", "ago": 1.0},
    {"prompt": "late night lofi, soft rain, upright bass, no vocals, 80 bpm", "state": "held", "ago": 1.0},
)  # fmt: skip


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for a condition of another thread or process; fails the test when it does not come."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise AssertionError("the condition did not come in time")
        time.sleep(0.01)
