"""Questions about single jobs and about all of them: by number, by id, by prompt; counts and usual durations."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import re

from whisul_tui.domain.job import Job, JobState
from whisul_tui.storage.database import Database
from whisul_tui.storage.errors import JobAmbiguous, JobNotFound
from whisul_tui.storage.rows import SELECT_JOB, fetch, jobs_of, prompt_digest

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")
_EXACT = SELECT_JOB + "WHERE job_id = :text OR client_id = :text ORDER BY number DESC LIMIT 1"
_BY_JOB_ID = SELECT_JOB + "WHERE job_id >= :text AND job_id < :end ORDER BY number DESC LIMIT 5"
_BY_CLIENT_ID = SELECT_JOB + "WHERE client_id >= :text AND client_id < :end ORDER BY number DESC LIMIT 5"
_SAME_PROMPT = SELECT_JOB + (
    "WHERE prompt = (SELECT id FROM prompts WHERE digest = :digest) AND account = :account AND created_at >= :since "
    "ORDER BY created_at DESC LIMIT 1"
)
_OPEN = (
    SELECT_JOB + "WHERE state IN ('held', 'sending', 'running') AND forgotten_at IS NULL ORDER BY number DESC LIMIT ?"
)
# One row a state: at each row Python hands its lock over, and where another thread works, waits until it has it again.
_OPEN_STATES = """
SELECT state, group_concat(number) FROM jobs
WHERE state IN ('held', 'sending', 'running') AND forgotten_at IS NULL GROUP BY state"""
_USUAL = """
SELECT sort_elapsed FROM jobs WHERE account = ? AND state = 'completed' AND sort_elapsed >= 0
ORDER BY finished_at DESC LIMIT 200"""
_FEWEST = 5
_STATES = {state.value: state for state in JobState}  # ten times as quick as to make one of its value


class Lookups:
    """Reads of single jobs and of figures over all; see `JobStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, number: int) -> Job | None:
        """The job of this number, forgotten or not, or None."""
        return next(iter(fetch(self._database, [number])), None)

    def find(self, text: str) -> Job:
        """The job whose id is `text` or alone begins with it; the client id counts where no job id fits.

        Raises JobNotFound or JobAmbiguous.
        """
        shown = text[:40]
        if _ID.match(text):
            bounds = {"text": text, "end": text[:-1] + chr(ord(text[-1]) + 1)}
            for sql in (_EXACT, _BY_JOB_ID, _BY_CLIENT_ID):
                found = jobs_of(self._database, self._database.query(sql, bounds))
                if len(found) > 1:
                    ids = ", ".join((job.job_id or job.client_id)[:12] for job in found[:4])
                    raise JobAmbiguous(f"Several jobs begin with {shown!r}: {ids}{'…' if len(found) > 4 else ''}.")
                if found:
                    return found[0]
        raise JobNotFound(f"There is no job {shown!r} in the store.")

    def same_prompt_since(self, prompt: str, account: str, since: float) -> Job | None:
        """The newest job of this account with this very prompt, made at `since` or later, or None."""
        values = {"digest": prompt_digest(prompt), "account": account, "since": since}
        return next(iter(jobs_of(self._database, self._database.query(_SAME_PROMPT, values))), None)

    def counts(self) -> dict[JobState, int]:
        """How many jobs stand in each state, all eight named, forgotten ones left out."""
        found = dict.fromkeys(JobState, 0)
        for state, jobs in self._database.query("SELECT state, sum(jobs) FROM blocks GROUP BY state"):
            found[JobState(state)] = jobs
        return found

    def open_jobs(self, limit: int = 2_000) -> list[Job]:
        """The newest jobs of every account that are held, on their way or running, newest first."""
        return jobs_of(self._database, self._database.query(_OPEN, (limit,)))

    def open_states(self) -> dict[int, JobState]:
        """The numbers of the jobs that are held, on their way or running, and which of these: of the index alone."""
        found = self._database.query(_OPEN_STATES)
        return {int(number): _STATES[state] for state, numbers in found for number in numbers.split(",")}

    def usual_seconds(self, account: str) -> tuple[float, float] | None:
        """Median and 90th percentile, in seconds, of the last 200 completed jobs; None under five of them."""
        found = sorted(row[0] for row in self._database.query(_USUAL, (account,)))
        if len(found) < _FEWEST:
            return None
        return _quantile(found, 0.5), _quantile(found, 0.9)


def _quantile(ordered: list[float], part: float) -> float:
    """Linear between the two neighbours, as the inclusive method of `statistics`, whose import costs 5 ms."""
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
