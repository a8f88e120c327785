"""The bench: composes the accepted jobs in the order they came, each in a process of its own, one a core."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from whisul_tui.domain.clean import clean_text
from whisul_tui.studio.book import Book, Finished, StudioJob
from whisul_tui.studio.spawning import worker_environment

log = logging.getLogger("whisul.studio")
_PATIENCE = 900.0  # seconds a song may take: ten times the longest that was measured
_WORD_LIMIT = 4000  # characters of a worker's last words that are logged


class WorkerError(Exception):
    """A worker ended without a song; the message is for the log."""


class Bench:
    """Workers on the event loop's thread. A worker that crashes fails its job alone."""

    def __init__(self, book: Book, folder: Path, composer: str, *, lanes: int, clock: Callable[[], float]) -> None:
        """Composes with `composer` (`module:function`) into `folder`, at most `lanes` songs at once."""
        self._book = book
        self._folder = folder
        self._composer = composer
        self._lanes = lanes
        self._clock = clock
        self._queue: asyncio.Queue[StudioJob] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Takes up what an earlier studio left unfinished, and begins."""
        for job in self._book.unfinished():
            self.add(job)
        self._tasks = [asyncio.create_task(self._lane(), name=f"lane {number}") for number in range(self._lanes)]

    def add(self, job: StudioJob) -> None:
        """Queues a job."""
        self._queue.put_nowait(job)

    async def stop(self) -> None:
        """Kills the workers; their jobs stay unfinished in the book and are composed anew at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _lane(self) -> None:
        while True:
            job = await self._queue.get()
            try:
                await self._make(job)
            except (sqlite3.Error, OSError):  # disk full and the like: the others must still be tried
                log.exception("job %s is not in the book", job.id)

    async def _make(self, job: StudioJob) -> None:
        started = self._clock()
        try:
            finished = await self._compose(job)
        except WorkerError as error:
            log.warning("job %s failed: %s", job.id, error)
            self._book.fail(job.id, self._clock())
            return
        self._book.complete(job.id, finished, self._clock())
        log.info("job %s completed in %.1f s", job.id, self._clock() - started)

    async def _compose(self, job: StudioJob) -> Finished:
        task = {
            "job_id": job.id,
            "prompt": job.prompt,
            "seed": job.seed,
            "folder": str(self._folder),
            "composer": self._composer,
        }
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-P", "-m", "whisul_tui.studio.worker")
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env=worker_environment(),
                start_new_session=True,  # a ^C at the studio's terminal is not the worker's
            )
        except OSError as error:
            raise WorkerError(f"no worker could be started: {error}") from error
        try:
            answer, words = await asyncio.wait_for(process.communicate(json.dumps(task).encode()), _PATIENCE)
        except TimeoutError:
            raise WorkerError(f"no song within {_PATIENCE:.0f} s") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        last_words = clean_text(words.decode("utf-8", "replace")[-_WORD_LIMIT:], _WORD_LIMIT)
        if process.returncode != 0:
            raise WorkerError(f"worker ended with {process.returncode}\n{last_words}")
        try:
            return Finished(**json.loads(answer))
        except (ValueError, TypeError) as error:
            raise WorkerError(f"worker's answer is unusable: {error}\n{last_words}") from error
