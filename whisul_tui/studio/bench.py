"""The bench: composes the accepted jobs in the order they came, each in a process of its own, one a core."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from whisul_tui.studio.asking import read_asking
from whisul_tui.studio.book import Book, Finished, StudioJob
from whisul_tui.studio.workers import WorkerError, run_worker

log = logging.getLogger("whisul.studio")
QUEUED = "queued"


class Bench:
    """Workers on the event loop's thread. A worker that crashes fails its job alone."""

    def __init__(self, book: Book, folder: Path, composer: str, *, lanes: int, clock: Callable[[], float]) -> None:
        """Composes with `composer` (`module:function`) into `folder`, at most `lanes` songs at once."""
        self._book = book
        self._folder = folder
        self._composer = composer
        self._lanes = lanes
        self._clock = clock
        self._queue: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._stages: dict[str, tuple[str, float]] = {}
        self._stems: dict[str, asyncio.Future[list[str]]] = {}

    def start(self) -> None:
        """Takes up what an earlier studio left unfinished, and begins."""
        for job in self._book.unfinished():
            self.add(job)
        self._tasks = [asyncio.create_task(self._lane(), name=f"lane {number}") for number in range(self._lanes)]

    def add(self, job: StudioJob) -> None:
        """Queues a job."""
        self._stages[job.id] = (QUEUED, 0.0)
        self._queue.put_nowait(partial(self._make, job))

    def stage(self, job_id: str) -> tuple[str, float] | None:
        """What is being done for a job just now and the share of the whole that is done; None when nothing is."""
        return self._stages.get(job_id)

    async def stems(self, job: StudioJob) -> list[str]:
        """The file names of a song's stems once they are rendered, in its turn among the songs; raises WorkerError."""
        waiting = self._stems.get(job.id)
        if waiting is None:
            waiting = self._stems[job.id] = asyncio.get_running_loop().create_future()
            self._queue.put_nowait(partial(self._make_stems, job, waiting))
        return await asyncio.shield(waiting)

    async def stop(self) -> None:
        """Kills the workers; their jobs stay unfinished in the book and are composed anew at the next start."""
        self.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for waiting in self._stems.values():
            waiting.cancel()

    def cancel(self) -> None:
        """Begins to stop, without waiting for the end of it."""
        for task in self._tasks:
            task.cancel()

    async def _lane(self) -> None:
        while True:
            work = await self._queue.get()
            try:
                await work()
            except (sqlite3.Error, OSError):  # disk full and the like: the others must still be tried
                log.exception("a job is not in the book")

    async def _make(self, job: StudioJob) -> None:
        started = self._clock()
        try:
            finished = Finished(**await run_worker(self._task(job), partial(self._hear, job.id)))
        except (WorkerError, TypeError) as error:  # TypeError: an answer of another shape
            log.warning("job %s failed: %s", job.id, error)
            self._book.fail(job.id, self._clock())
            return
        finally:
            self._stages.pop(job.id, None)
        self._book.complete(job.id, finished, self._clock())
        log.info("job %s completed in %.1f s", job.id, self._clock() - started)

    async def _make_stems(self, job: StudioJob, waiting: asyncio.Future[list[str]]) -> None:
        started = self._clock()
        try:
            made = await run_worker(self._task(job) | {"stems": True}, lambda stage, share: None)
        except WorkerError as error:
            log.warning("stems of job %s failed: %s", job.id, error)
            if not waiting.cancelled():
                waiting.set_exception(error)
        else:
            log.info("stems of job %s rendered in %.1f s", job.id, self._clock() - started)
            if not waiting.cancelled():
                waiting.set_result([str(name) for name in made["stems"]])
        finally:
            self._stems.pop(job.id, None)

    def _task(self, job: StudioJob) -> dict[str, Any]:
        return {
            "job_id": job.id,
            "prompt": read_asking(job.prompt).words,
            "seed": job.seed,
            "origins": [(read_asking(before.prompt).words, before.seed) for before in self._book.origins(job)],
            "folder": str(self._folder),
            "composer": self._composer,
        }

    def _hear(self, job_id: str, stage: str, share: float) -> None:
        if self._stages.get(job_id, ("", 0.0))[0] != stage:
            log.info("job %s %s", job_id, stage)
        self._stages[job_id] = (stage, share)
