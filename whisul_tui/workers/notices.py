"""Telling the user that a job has ended: a toast, the terminal's title, and a notice outside the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from textual.app import App

from whisul_tui.desk import Desk
from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import clock
from whisul_tui.key_words import with_keys
from whisul_tui.workers.desktop_notices import DesktopNotices
from whisul_tui.workers.terminal_writing import write_terminal

Severity = Literal["information", "warning", "error"]
_SEVERITY: dict[JobState, Severity] = {
    JobState.COMPLETED: "information",
    JobState.FAILED: "error",
    JobState.REJECTED: "error",
}
_TOASTS_AT_ONCE = 3
_SHOWN = 80  # characters of a title or prompt in a toast
_KEEP_TITLE, _GIVE_TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"


class Notices:
    """Watches the jobs that were open at the last look; a job that ended in another process is told of too."""

    def __init__(self, app: App[int], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._open: dict[int, JobState] = {}
        self._title = ""
        self._outside = DesktopNotices(app, desk)

    def start(self) -> None:
        """Looks at what is open; only what ends from now on is told."""
        self._outside.start()
        self._open = self._desk.session.store.open_states()
        if self._desk.session.settings.flag("title"):
            write_terminal(self._app, _KEEP_TITLE)
        self._show_title()

    def stop(self) -> None:
        """Gives the terminal its own title back."""
        if self._title:
            self._title = ""
            write_terminal(self._app, f"\x1b]2;\x07{_GIVE_TITLE_BACK}")

    def look(self) -> None:
        """Tells of the jobs that were open at the last look and have ended since, by this process or another one."""
        before, self._open = self._open, self._desk.session.store.open_states()
        ended = [job for number in sorted(before.keys() - self._open.keys()) if (job := self._ended(number))]
        settings = self._desk.session.settings
        if settings.flag("toasts"):
            for job in ended[:_TOASTS_AT_ONCE]:
                self._toast(
                    _words(job, self._desk, getattr(self._app, "_keymap", {})), _SEVERITY.get(job.state, "warning")
                )
            if len(ended) > _TOASTS_AT_ONCE:
                self._toast(f"and {len(ended) - _TOASTS_AT_ONCE} more have ended", "information")
        self._outside.ended(ended)
        self._show_title()

    def _ended(self, number: int) -> Job | None:
        job = self._desk.session.store.get(number)
        return None if job is None or job.state.is_open else job

    def _toast(self, text: str, severity: Severity) -> None:
        self._app.notify(text, severity=severity, markup=False)

    def _show_title(self) -> None:
        if not self._desk.session.settings.flag("title"):
            return
        running = sum(state is JobState.RUNNING for state in self._open.values())
        title = f"whisul: {running} running" if running else "whisul"
        if title != self._title:
            self._title = title
            write_terminal(self._app, f"\x1b]2;{title}\x07")


def _words(job: Job, desk: Desk, keymap: Mapping[str, str]) -> str:
    name = job.name if len(job.name) <= _SHOWN else job.name[: _SHOWN - 1] + "…"
    took = job.elapsed(desk.now())
    words = {
        JobState.COMPLETED: f"{name}: completed" + ("." if took is None else f" in {clock(took)}."),
        JobState.FAILED: f"{name}: failed. {job.message or ''}",
        JobState.REJECTED: f"{name}: rejected. {job.message or ''} {with_keys('{edit}', keymap)} edits the prompt.",
        JobState.UNCONFIRMED: f"{name}: no answer is known, and it may have cost. Look on Jobs.",
        JobState.EXPIRED: f"{name}: Whisul no longer knows it.",
    }
    return " ".join(words.get(job.state, f"{name}: {job.state}").split())
