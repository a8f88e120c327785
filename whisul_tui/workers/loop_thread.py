"""An event loop on a thread of its own, for work that must go on while nobody reads the terminal."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class LoopThread:
    """Starts with the first coroutine; `stop` cancels what still runs and waits for it, but not for ever."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether anything was begun here since the last stop."""
        return self._loop is not None

    def run(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Runs a coroutine on the loop, from any thread."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._work, args=(self._loop,), name=self._name, daemon=True)
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self, timeout: float = 2.0) -> None:
        """Cancels all tasks, lets them clean up, and ends the thread; one that hangs is left behind and logged."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        self._loop = self._thread = None
        ended = asyncio.run_coroutine_threadsafe(_cancel_all(), loop)
        ended.add_done_callback(lambda _: loop.call_soon_threadsafe(loop.stop))
        thread.join(timeout)
        if thread.is_alive():
            log.warning("the thread %s did not end within %g s", self._name, timeout)

    @staticmethod
    def _work(loop: asyncio.AbstractEventLoop) -> None:
        try:
            loop.run_forever()
        finally:
            loop.close()


async def _cancel_all() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
