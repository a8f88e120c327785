"""Telling the user that a job has ended: a toast, the bell, the terminal's title."""

from __future__ import annotations

from textual.app import App

from whisul_tui.desk import Desk
from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import clock
from whisul_tui.workers.terminal_writing import write_terminal

_SEVERITY = {JobState.COMPLETED: "information", JobState.FAILED: "error", JobState.REJECTED: "error"}
_TOASTS_AT_ONCE = 3


class Notices:
    """Watches the jobs that were open at the last look; a job that ended in another process is told of too."""

    def __init__(self, app: App[int], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._open: dict[int, JobState] = {}
        self._title = ""
        self._look_at_open()
        self._show_title()

    def look(self, numbers: frozenset[int]) -> None:
        """Tells of the jobs among `numbers`, and of those known to be open, that have ended since the last look."""
        ended = [job for number in sorted({*numbers, *self._open}) if (job := self._ended(number))]
        for job in ended[:_TOASTS_AT_ONCE]:
            self._tell(job)
        if len(ended) > _TOASTS_AT_ONCE:
            self._toast(f"and {len(ended) - _TOASTS_AT_ONCE} more have ended", "information")
        if ended and self._desk.session.settings.flag("bell"):
            self._app.bell()
        self._look_at_open()
        self._show_title()

    def _ended(self, number: int) -> Job | None:
        before = self._open.get(number)
        job = self._desk.session.store.get(number) if before else None
        if job is None or job.state.is_open or job.state is before:
            return None
        return job

    def _look_at_open(self) -> None:
        self._open = {job.number: job.state for job in self._desk.session.open_jobs()}

    def _tell(self, job: Job) -> None:
        if not self._desk.session.settings.flag("toasts"):
            return
        words = {
            JobState.COMPLETED: f"{job.name}: completed in {clock(job.elapsed(self._desk.now()))}",
            JobState.FAILED: f"{job.name}: failed. {job.message or ''}",
            JobState.REJECTED: f"Rejected. {job.message or ''}  e edits the prompt.",
            JobState.UNCONFIRMED: f"{job.name}: no answer is known, and it may have cost. Look on Jobs.",
            JobState.EXPIRED: f"{job.name}: Whisul no longer knows it.",
        }
        self._toast(words.get(job.state, f"{job.name}: {job.state}"), _SEVERITY.get(job.state, "warning"))

    def _toast(self, text: str, severity: str) -> None:
        self._app.notify(text, severity=severity, markup=False)  # type: ignore[arg-type]  # a Literal by construction

    def _show_title(self) -> None:
        if not self._desk.session.settings.flag("title"):
            return
        running = sum(state is JobState.RUNNING for state in self._open.values())
        title = f"whisul: {running} running" if running else "whisul"
        if title != self._title:
            self._title = title
            write_terminal(self._app, f"\x1b]2;{title}\x07")
