"""Jobs made from nothing, and a source of rows that counts what it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from whisul_tui.domain import Job, JobState, Song
from whisul_tui.storage.windows import Sort, View

NOW = datetime(2026, 2, 17, 16, 0, 0, tzinfo=UTC)


def make_job(number: int = 1, state: JobState = JobState.COMPLETED, *, ago: float = 3600.0, **fields: Any) -> Job:
    """A job of `state` that was written `ago` seconds before NOW."""
    at = NOW - timedelta(seconds=ago)
    given: dict[str, Any] = {
        "number": number,
        "client_id": f"{number:032x}",
        "account": "default@whisul.com",
        "prompt": f"prompt {number}",
        "state": state,
        "created_at": at,
        "changed_at": at,
        "job_id": None if state in (JobState.HELD, JobState.SENDING) else f"{number:08x}-job",
        "accepted_at": at,
        "not_before": NOW + timedelta(seconds=2) if state is JobState.HELD else None,
    }
    if state is JobState.COMPLETED:
        given["song"] = Song(f"Title {number}", 82.0, 182.0, f"https://cdn.example/{number}.mp3", None, ("lofi",))
        given |= {"started_at": at, "finished_at": at + timedelta(seconds=72)}
    return Job(**(given | fields))


class ListedRows:
    """Rows from a list, by the orders newest, oldest and title, a search in the prompt, and a state."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs = {job.number: job for job in jobs}
        self.asked: list[tuple[int, int]] = []

    def put(self, *jobs: Job) -> None:
        """Adds or replaces jobs."""
        self.jobs |= {job.number: job for job in jobs}

    def _found(self, view: View) -> list[Job]:
        words = view.search.lower().split()
        found = [
            job
            for job in self.jobs.values()
            if view.state in (None, job.state) and all(word in job.prompt.lower() for word in words)
        ]
        if view.sort is Sort.TITLE:
            return sorted(found, key=lambda job: (job.name, -job.number))
        return sorted(found, key=lambda job: job.number, reverse=view.sort is not Sort.OLDEST)

    def total(self, view: View) -> int:
        return len(self._found(view))

    def is_whole(self, view: View) -> bool:
        return True

    def rows(self, view: View, offset: int, limit: int) -> list[Job]:
        self.asked.append((offset, limit))
        return self._found(view)[offset : offset + limit]

    def index_of(self, view: View, number: int) -> int | None:
        numbers = [job.number for job in self._found(view)]
        return numbers.index(number) if number in numbers else None

    def numbers(self, view: View, limit: int) -> list[int]:
        return [job.number for job in self._found(view)][:limit]


class EndlessRows(ListedRows):
    """A million rows that are made when they are asked for, newest first."""

    def __init__(self, total: int = 1_000_000) -> None:
        super().__init__(())
        self.count = total

    def total(self, view: View) -> int:
        return self.count

    def rows(self, view: View, offset: int, limit: int) -> list[Job]:
        self.asked.append((offset, limit))
        return [make_job(self.count - index) for index in range(offset, min(self.count, offset + limit))]

    def index_of(self, view: View, number: int) -> int | None:
        return self.count - number if 1 <= number <= self.count else None

    def numbers(self, view: View, limit: int) -> list[int]:
        return [self.count - index for index in range(min(limit, self.count))]
