"""A Whisul without HTTP: the client port, answering as it is told, and writing down what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from whisul_tui.api.client import Accepted, JobReport
from whisul_tui.api.errors import Limited
from whisul_tui.domain import JobState

RUNNING = JobReport(JobState.RUNNING)
COMPLETED = JobReport(JobState.COMPLETED)


@dataclass(frozen=True)
class Asked:
    """A request: `what` is the prompt of a submission or the job id of a poll; `at` by the fake's clock."""

    at: float
    post: bool
    what: str


@dataclass
class FakeWhisul:
    """Plays the client port. `answers` are used up one a request, exceptions raised; then submissions are accepted and
    jobs run for ever. An answer that is a coroutine function is awaited: it can hang."""

    clock: Callable[[], float]
    latency: float = 0.1
    connecting: float = 0.0
    answers: list[object] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    closed: bool = False

    async def submit(
        self,
        prompt: str,
        *,
        client_id: str,
        on_leaving: Callable[[], Awaitable[None]] | None = None,
        on_refused: Callable[[], None] | None = None,
    ) -> Accepted:
        await asyncio.sleep(self.connecting)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, NotSent):
            raise answer.error
        assert on_leaving is not None
        await on_leaving()
        self.asked.append(Asked(self.clock(), True, prompt))
        await asyncio.sleep(self.latency)
        if isinstance(answer, Limited) and on_refused is not None:
            on_refused()
        answer = await self._came(answer)
        return answer if isinstance(answer, Accepted) else Accepted(f"job-{client_id}")

    async def job(self, job_id: str) -> JobReport:
        self.asked.append(Asked(self.clock(), False, job_id))
        answer = self.answers.pop(0) if self.answers else None
        await asyncio.sleep(self.latency)
        answer = await self._came(answer)
        return answer if isinstance(answer, JobReport) else RUNNING

    async def aclose(self) -> None:
        self.closed = True

    async def _came(self, answer: object) -> object:
        if callable(answer):
            answer = await answer()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def polls(self, job_id: str | None = None) -> list[float]:
        """When jobs, or one of them, were asked for."""
        return [asked.at for asked in self.asked if not asked.post and job_id in (None, asked.what)]

    def posts(self) -> list[float]:
        """When prompts left."""
        return [asked.at for asked in self.asked if asked.post]


@dataclass(frozen=True)
class NotSent:
    """An answer for a submission that fails before it leaves."""

    error: Exception


async def never() -> object:
    """An answer that does not come."""
    await asyncio.Event().wait()
    return None


def after(seconds: float, answer: object = None) -> Callable[[], Awaitable[object]]:
    """An answer that takes so long."""

    async def come() -> object:
        await asyncio.sleep(seconds)
        return answer

    return come
