"""The parts below the screen, wired: store, engine and the way to Whisul. The TUI and the verbs open the same ones."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whisul_tui import logs
from whisul_tui.api.address import Address
from whisul_tui.api.errors import Unavailable
from whisul_tui.domain import Job
from whisul_tui.domain.budget import Budget
from whisul_tui.paths import Paths
from whisul_tui.settings import LOCAL, Profile, Settings
from whisul_tui.storage import (
    Database,
    Drafts,
    JobStore,
    PromptHistory,
    StoreFull,
    StoreNewer,
    StoreReadOnly,
    View,
    Windows,
    mending,
)

if TYPE_CHECKING:
    from whisul_tui.api.client import WhisulClient
    from whisul_tui.hooks import EventHook
    from whisul_tui.jobs.engine import Engine
    from whisul_tui.studio.address import StudioAddress

_STUDIO_ACCOUNT = Profile(LOCAL, "").account
STOP_SECONDS = 5.0  # what the engine may take to end; four fifths of it are for a submission that is on its way
ANSWER_SECONDS = 40.0  # the same where nobody waits for the end: longer than any answer may take
_TRUSTED_SECONDS = 5.0  # so long a studio that was found is taken for running while its process lives


@dataclass(frozen=True, slots=True)
class Session:
    """An open store, its parts, and the engine at work on it; any thread may read."""

    paths: Paths
    settings: Settings
    database: Database
    store: JobStore
    windows: Windows
    drafts: Drafts
    history: PromptHistory
    engine: Engine
    hook: EventHook | None = None
    notice: str = ""  # what was found wrong with the store when it was opened, and what was done

    @property
    def account(self) -> str:
        """Whose jobs the engine sends and follows."""
        return self.settings.profile.account

    def has_jobs(self) -> bool:
        """Whether there is any job to be seen."""
        return self.windows.total(View()) > 0

    def open_jobs(self) -> list[Job]:
        """The jobs that are held, on their way or running, of all accounts, oldest first."""
        return sorted(self.store.open_jobs(), key=lambda job: job.number)


@contextmanager
def open_session(
    paths: Paths,
    settings: Settings,
    *,
    clock: Callable[[], float] = time.time,
    only_read: bool = False,
    patience: float | None = None,
) -> Iterator[Session]:
    """Opens the store, starts the engine on it, and closes both at the end; raises StoreError.

    A damaged store is set aside and rebuilt; with `only_read` one that cannot be written is read. `notice` says so.
    `settings` come with their key, see `with_key`. httpx is loaded on the engine's thread, for the first request. A
    submission that is on its way, be it another program's prompt, is waited for as long as the engine's stop allows:
    `patience` seconds at an orderly end, STOP_SECONDS by default and where something was raised.
    """
    from whisul_tui.jobs.engine import Engine  # with asyncio, which reading verbs do without
    from whisul_tui.jobs.rhythm import Rhythm

    profile = settings.profile
    logs.hide(settings.key)
    opened = mending.open_or_mend(paths.database, account=profile.account, clock=clock)
    with opened.database as database:
        if database.because is not None and not only_read:
            raise database.because
        store = JobStore(database)
        engine = Engine(
            store,
            client_factory(paths, settings),
            account=profile.account,
            gate=profile.gate(settings.key),
            rhythm=Rhythm(profile.poll_min_seconds, profile.poll_max_seconds),
            undo_seconds=settings.number("undo_seconds"),
            budget=budget_of(settings),
            max_in_flight=profile.max_in_flight,
            clock=clock,
        )
        parts = (Windows(database), Drafts(database), PromptHistory(database))
        engine.start()
        if profile.is_local:
            engine.key_changed()  # the studio's own key comes with its address: an old refusal says nothing of it
        hook = hook_of(settings, store, engine)
        seconds = STOP_SECONDS
        try:
            yield Session(paths, settings, database, store, *parts, engine, hook, opened.notice)
            seconds = patience or seconds
        finally:
            engine.stop(seconds)
            if hook is not None:
                hook.stop()


def hook_of(settings: Settings, store: JobStore, engine: Engine) -> EventHook | None:
    """What runs the user's command for each job that ends, at work; None where no command is set."""
    command = settings.text("on_event")
    if not command:
        return None
    from whisul_tui.hooks import EventHook

    hook = EventHook(store, command)
    hook.start()
    engine.subscribe(hook.look)
    return hook


def budget_of(settings: Settings) -> Budget:
    """The spend guard that is set; none for the studio, which costs nothing."""
    if settings.profile.is_local:
        return Budget()
    return Budget(int(settings.number("budget_day")), int(settings.number("budget_month")))


@contextmanager
def open_store(paths: Paths) -> Iterator[Database | None]:
    """The store for reading alone, also where it cannot be written; None where there is none. Raises StoreError."""
    if not os.path.lexists(paths.database):
        yield None
        return
    try:
        database = Database.open(paths.database)
    except (StoreReadOnly, StoreFull, StoreNewer) as error:
        database = mending.only_read(paths.database, error)
    with database:
        yield database


def client_factory(paths: Paths, settings: Settings) -> Callable[[], WhisulClient]:
    """What makes the engine's client, on the engine's thread: httpx is loaded there, after the first screen."""

    def make() -> WhisulClient:
        from whisul_tui.api.client import WhisulClient

        return WhisulClient(address_of(paths, settings))

    return make


def address_of(paths: Paths, settings: Settings) -> Address | Callable[[], Awaitable[Address]]:
    """Where Whisul is: the profile's base URL, or the studio, found or started whenever a request is made."""
    if settings.profile.is_local:
        return StudioFinder(paths)
    return Address(settings.profile.base_url, settings.key)


def wake_studio(paths: Paths, job: Job) -> None:
    """Starts the local studio where it has ended, if the job's song and cover are served by it; raises StudioError.

    It comes back at the port that the links have. Takes up to some seconds: not for a screen's own thread.
    """
    if job.account == _STUDIO_ACCOUNT:
        from whisul_tui.studio.running import ensure_studio

        ensure_studio(paths.state_dir, paths.data_dir)


class StudioFinder:
    """The address of the shared studio, which is started when it is first needed and again after it has ended."""

    def __init__(self, paths: Paths, now: Callable[[], float] = time.monotonic) -> None:
        self._paths = paths
        self._now = now
        self._found: StudioAddress | None = None
        self._found_at = 0.0

    async def __call__(self) -> Address:
        """Raises Unavailable, with nothing sent, where the studio cannot be started."""
        import asyncio

        found = self._found
        if found is None or self._now() - self._found_at > _TRUSTED_SECONDS or not _lives(found.pid):
            self._found = found = await asyncio.to_thread(self._ensure)
            self._found_at = self._now()
        return Address(found.base_url, found.key)

    def _ensure(self) -> StudioAddress:
        from whisul_tui.studio.running import StudioError, ensure_studio

        try:
            return ensure_studio(self._paths.state_dir, self._paths.data_dir)
        except StudioError as error:
            raise StudioTrouble(str(error)) from error


class StudioTrouble(Unavailable):
    """The local studio cannot be started; the sentence is the studio's own."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sent=False, reason="the local studio cannot be started")
        self.sentence = sentence
        self.args = (sentence,)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
