"""Keeping songs: downloads that go on whatever screen is shown, each with its progress."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from whisul_tui.desk import Desk, Keeping
from whisul_tui.domain import Job
from whisul_tui.key_words import named
from whisul_tui.messages import JobsChanged
from whisul_tui.renewing import renewer
from whisul_tui.session import wake_studio
from whisul_tui.workers.loop_thread import LoopThread
from whisul_tui.workers.threads import aside, tell

if TYPE_CHECKING:
    from whisul_tui.listening.downloads import Downloaded
    from whisul_tui.listening.progress import Progress

_AT_ONCE = 3
_TOLD_EVERY = 0.5  # seconds between two looks of the screen at one download


class KeepError(Exception):
    """A song that could not be had; the message is a sentence for the user."""


class Downloads:
    """Runs downloads on a loop of their own, three at once, and writes how far they are into `desk.keeping`."""

    def __init__(self, app: App[int], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._thread = LoopThread("downloads")
        self._turns: asyncio.Semaphore | None = None
        session = desk.session
        self._renew = renewer(session.paths, session.settings, session.store)

    def keep(self, jobs: Sequence[Job]) -> None:
        """Downloads song and cover of each job; one that is under way goes on as it is."""
        for job in jobs:
            state = self._desk.keeping.get(job.number)
            if state is None or state.is_over:
                self._desk.keeping[job.number] = Keeping()
                self._thread.run(self._keep(job))
        self._desk.changed.publish(JobsChanged(frozenset(job.number for job in jobs)))

    async def renewed(self, job: Job) -> Job | None:
        """The job with other links, where that of its song has died and Whisul has others; None else."""
        return await asyncio.wrap_future(self._thread.run(self._renewed(job)))

    async def fetch(self, job: Job) -> Path:
        """The job's song as a file in the cache, for a player that must not be given a link; raises KeepError."""
        self._desk.keeping[job.number] = Keeping()
        folder = self._desk.session.paths.cache_dir / "songs"
        try:
            return (await asyncio.wrap_future(self._thread.run(self._download(job, folder, "")))).song_path
        finally:
            self._desk.keeping.pop(job.number, None)

    def stop(self) -> None:
        """Ends what runs; what came stays beside the final name, and the next download goes on from there."""
        self._thread.stop()
        self._turns = None

    async def _keep(self, job: Job) -> None:
        settings = self._desk.session.settings
        try:
            done = await self._download(job, settings.download_folder, settings.text("downloads.name") or "")
        except KeepError as error:
            tell(self._app, self._over, job.number, str(error), True)
        else:
            tell(self._app, self._over, job.number, done.sentence, False)

    async def _download(self, job: Job, folder: Path, template: str) -> Downloaded:
        """Song and cover into a folder, after the studio that serves them was woken; raises KeepError."""
        from whisul_tui.listening import renewed
        from whisul_tui.listening.download_errors import DownloadError, LinkDead
        from whisul_tui.listening.downloads import Downloader
        from whisul_tui.listening.names import DEFAULT_TEMPLATE, NameTemplateError
        from whisul_tui.studio.errors import StudioError

        if self._turns is None:
            self._turns = asyncio.Semaphore(_AT_ONCE)
        telling = _Telling(partial(tell, self._app, self._progressed, job.number))
        try:
            async with self._turns:
                await aside(partial(wake_studio, self._desk.session.paths, job), "wake the studio")
                downloader = Downloader(template=template or DEFAULT_TEMPLATE)
                try:
                    return await renewed.download(downloader, job, folder, telling, self._renew)
                finally:
                    await downloader.aclose()
        except LinkDead as error:
            raise KeepError(f"{error} {named(self._app, '{again}')} sends its prompt again, for a new song.") from error
        except (DownloadError, NameTemplateError, StudioError) as error:
            raise KeepError(str(error)) from error

    async def _renewed(self, job: Job) -> Job | None:
        from whisul_tui.listening.download_errors import DownloadError
        from whisul_tui.listening.downloads import Downloader

        downloader = Downloader()
        try:
            dead = job.song is not None and job.song.song_url and await downloader.is_dead(job.song.song_url)
            return await self._renew(job) if dead else None
        except DownloadError:
            return None
        finally:
            await downloader.aclose()

    def _over(self, number: int, sentence: str, failed: bool) -> None:
        state = self._desk.keeping.setdefault(number, Keeping())
        state.sentence, state.failed = sentence, failed
        self._app.notify(sentence, severity="error" if failed else "information", markup=False)
        self._desk.changed.publish(JobsChanged(frozenset({number})))

    def _progressed(self, number: int, progress: Progress) -> None:
        if (state := self._desk.keeping.get(number)) is not None and not state.is_over:
            state.done, state.total, state.piece = progress.done, progress.total, str(progress.piece)
            self._desk.changed.publish(JobsChanged(frozenset({number})))


class _Telling:
    """Passes progress on, at most a few times a second."""

    def __init__(self, pass_on: Callable[[Progress], object]) -> None:
        self._pass_on = pass_on
        self._told = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._told >= _TOLD_EVERY or progress.done == progress.total:
            self._told = now
            self._pass_on(progress)
