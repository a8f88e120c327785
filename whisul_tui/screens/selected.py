"""What all actions on jobs share: which jobs they are for, and waiting for the engine with a word to the user."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from whisul_tui.domain import Job
from whisul_tui.screens.main import MainScreen
from whisul_tui.storage.errors import StoreError

Value = TypeVar("Value")


class SelectedJobs(MainScreen):
    """A screen says which jobs an action is for.

    `selected_jobs()` gives the jobs that an action is for, `acted()` hears that they were acted on, `made(job)` that
    one has come into the outbox.
    """

    def selected_jobs(self) -> list[Job]:
        """The marked jobs, or the one under the cursor; none where there is none."""
        raise NotImplementedError

    def in_list_order(self, jobs: list[Job]) -> list[Job]:
        """The same jobs in the order in which the screen lists them."""
        return jobs

    def acted(self) -> None:
        """The selected jobs were acted on: marks have done their work."""

    def made(self, job: Job) -> None:
        """A job came into the outbox from here."""

    def _one(self) -> Job | None:
        jobs = self.selected_jobs()
        if len(jobs) > 1:
            self.say(f"This is for one job, and {len(jobs):,} are marked.")
        elif not jobs:
            self.say("There is no job here.")
        return jobs[0] if len(jobs) == 1 else None

    def say(self, text: str, *, bad: bool = False) -> None:
        """A toast."""
        self.notify(text, severity="warning" if bad else "information", timeout=4, markup=False)

    async def _told(self, future: Future[Value]) -> Value | None:
        return future.result() if await self._done(future) else None

    async def _done(self, future: Future[Value]) -> bool:
        """Waits for the engine's answer; tells the user where it is an error."""
        try:
            await asyncio.wrap_future(future)
        except StoreError as error:
            self.say(str(error), bad=True)
        except (CancelledError, RuntimeError):  # the engine has ended or is ending
            self.say("The program is ending; nothing was changed.", bad=True)
        else:
            return True
        return False
