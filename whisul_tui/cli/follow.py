"""Waiting for jobs without a screen: the engine does the work, this looks on, tells, and knows when to give up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.cli.options import PATIENCE
from whisul_tui.cli.output import Output
from whisul_tui.cli.telling import transition
from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import clock, usual
from whisul_tui.session import Session

_TICK = 1.0
_TROUBLE = {"limited": Exit.PATIENCE, "offline": Exit.PATIENCE, "store_trouble": Exit.UNEXPECTED}


def has_answer(job: Job) -> bool:
    """Whether it is known what became of the submission."""
    return job.state not in (JobState.HELD, JobState.SENDING)


def has_ended(job: Job) -> bool:
    """Whether waiting longer brings nothing: it is final, or only the user can settle it."""
    return job.state.is_final or job.state is JobState.UNCONFIRMED


class Follower:
    """Follows jobs by their numbers. `patience`: seconds that Whisul may give no usable answer, without a break."""

    def __init__(
        self,
        session: Session,
        out: Output,
        patience: float = PATIENCE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._out = out
        self._patience = patience
        self._now = now
        self._changed = threading.Event()
        self._states: dict[int, JobState] = {}
        self._trouble_since: float | None = None
        self._usual = session.store.usual_seconds(session.account)

    def until(
        self, numbers: Sequence[int], done: Callable[[Job], bool], tell: Callable[[Job], None] = lambda _job: None
    ) -> list[Job]:
        """Waits until each job is `done`, calls `tell` for each as it comes, and returns them in the order given.

        Raises VerbError when the key is refused or the patience is at its end.
        """
        found: dict[int, Job] = {}
        seen: dict[int, Job] = {}
        stop_listening = self._session.engine.subscribe(lambda _numbers: self._changed.set())
        try:
            while True:
                self._changed.clear()
                for number in numbers:
                    if number in found:
                        continue
                    job, before = self._read(number), seen.get(number)
                    self._tell_transition(job)
                    if before is None or (before.state, before.polled_at) != (job.state, job.polled_at):
                        self._trouble_since = None  # an answer came; a probe under way alone is none
                    seen[number] = job
                    if done(job):
                        found[number] = job
                        tell(job)
                if len(found) == len(set(numbers)):
                    return [found[number] for number in numbers]
                self._check(list(seen.values()))
                self._changed.wait(self._rest())
        finally:
            stop_listening()
            self._out.progress("")

    def _tell_transition(self, job: Job) -> None:
        if self._out.is_plain and self._states.get(job.number) is not job.state:
            self._states[job.number] = job.state
            self._out.data(transition(job))

    def _rest(self) -> float:
        """Seconds until the progress is told anew or the patience ends, whichever is sooner."""
        left = _TICK if self._trouble_since is None else self._trouble_since + self._patience - self._now()
        return left if 0 < left < _TICK else _TICK

    def _read(self, number: int) -> Job:
        job = self._session.store.get(number)
        if job is None:
            raise VerbError("The prompt was taken back in another terminal; it was not sent.", Exit.UNEXPECTED)
        return job

    def _check(self, jobs: Sequence[Job]) -> None:
        """Shows how things stand, and raises VerbError when waiting has no more sense."""
        status = self._session.engine.status()
        if status.phase == "key_refused":
            raise VerbError(status.message or "Whisul refused the API key.", Exit.KEY)
        now = self._now()
        if status.phase in _TROUBLE and self._trouble_since is None:
            self._trouble_since = now
        if status.phase in _TROUBLE and now - (self._trouble_since or now) >= self._patience:
            why = status.message or {"limited": "Whisul is limiting requests (429)."}.get(
                status.phase, "Whisul cannot be reached."
            )
            raise VerbError(
                f"{why} That lasted {self._patience:g} s, the patience is at its end.", _TROUBLE[status.phase]
            )
        self._out.progress(self._progress(jobs, status.phase, status.until, status.next_poll_at))

    def _progress(self, jobs: Sequence[Job], phase: str, until: float | None, next_poll_at: float | None) -> str:
        wall = time.time()
        counts: dict[JobState, int] = {}
        for job in jobs:
            counts[job.state] = counts.get(job.state, 0) + 1
        parts = [f"{count:,} {state}" for state, count in counts.items()]
        if len(jobs) == 1 and jobs[0].accepted_at:
            elapsed = (datetime.now(UTC) - jobs[0].accepted_at).total_seconds()
            late = self._usual is not None and elapsed > self._usual[1]
            of = "" if self._usual is None else f" of {usual(self._usual)}{', late' if late else ''}"
            parts.append(f"{clock(elapsed)}{of}")
        left = max(0, round((until or wall) - wall))
        if phase == "limited":
            parts.append(f"429: waiting {left}s")
        elif phase == "offline":
            parts.append(f"offline: retry {left}s")
        elif next_poll_at is not None:
            parts.append(f"next poll {max(0, round(next_poll_at - wall))}s")
        return " · ".join(parts)
