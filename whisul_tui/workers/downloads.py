"""Keeping songs: downloads that go on whatever screen is shown, each with its progress."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App

from whisul_tui.desk import Desk, Keeping
from whisul_tui.domain import Job
from whisul_tui.messages import JobsChanged
from whisul_tui.workers.loop_thread import LoopThread

if TYPE_CHECKING:
    from whisul_tui.listening.downloads import Downloader
    from whisul_tui.listening.progress import Progress

_AT_ONCE = 3
_TOLD_EVERY = 0.5  # seconds between two looks of the screen at one download


class Downloads:
    """Runs downloads on a loop of their own, three at once, and writes how far they are into `desk.keeping`."""

    def __init__(self, app: App[int], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._thread = LoopThread("downloads")
        self._downloader: Downloader | None = None
        self._turns: asyncio.Semaphore | None = None

    def keep(self, jobs: Sequence[Job]) -> None:
        """Downloads song and cover of each job; one that is under way goes on as it is."""
        for job in jobs:
            state = self._desk.keeping.get(job.number)
            if state is None or state.is_over:
                self._desk.keeping[job.number] = Keeping()
                self._thread.run(self._keep(job))
        self._desk.changed.publish(JobsChanged(frozenset(job.number for job in jobs)))

    def stop(self) -> None:
        """Ends what runs; what came stays beside the final name, and the next download goes on from there."""
        if self._downloader is not None:
            self._thread.run(self._downloader.aclose()).result(3)
        self._thread.stop()

    async def _keep(self, job: Job) -> None:
        from whisul_tui.listening.download_errors import DownloadError, LinkDead
        from whisul_tui.listening.downloads import Downloader
        from whisul_tui.listening.names import NameTemplateError

        settings = self._desk.session.settings
        try:
            if self._downloader is None:
                self._downloader = Downloader(template=settings.text("downloads.name") or "")
            if self._turns is None:
                self._turns = asyncio.Semaphore(_AT_ONCE)
            async with self._turns:
                telling = _Telling(partial(self._progressed, job.number))
                done = await self._downloader.download(job, settings.download_folder, telling)
        except LinkDead as error:
            self._tell(job, f"{error} Ask Whisul again with r.", failed=True)
        except (DownloadError, NameTemplateError) as error:
            self._tell(job, str(error), failed=True)
        else:
            self._tell(job, done.sentence)

    def _tell(self, job: Job, sentence: str, *, failed: bool = False) -> None:
        self._app.call_from_thread(self._over, job.number, sentence, failed)

    def _over(self, number: int, sentence: str, failed: bool) -> None:
        state = self._desk.keeping[number]
        state.sentence, state.failed = sentence, failed
        self._app.notify(sentence, severity="error" if failed else "information", markup=False)
        self._desk.changed.publish(JobsChanged(frozenset({number})))

    def _progressed(self, number: int, progress: Progress) -> None:
        state = self._desk.keeping[number]
        state.done, state.total, state.piece = progress.done, progress.total, str(progress.piece)
        self._app.call_later(self._desk.changed.publish, JobsChanged(frozenset({number})))


class _Telling:
    """Passes progress on, at most a few times a second."""

    def __init__(self, tell: partial[None]) -> None:
        self._tell = tell
        self._told = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._told >= _TOLD_EVERY or progress.done == progress.total:
            self._told = now
            self._tell(progress)
