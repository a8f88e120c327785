"""Telling of jobs that end outside the program: by a notice of the terminal's, else by the bell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

from textual.app import App

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.terminal.notices import kind_of, notice, passes_tmux, through_tmux
from whisul_tui.terminal.remembered import recall
from whisul_tui.workers.terminal_writing import write_terminal
from whisul_tui.workers.threads import aside

_GATHERED = 1.0  # seconds in which jobs that end are told of together
_NAMED = 3
_SHOWN = 60


class DesktopNotices:
    """Gathers what ends for a second, and tells of it once, unless the user is known to look at this terminal."""

    def __init__(self, app: App[int], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._waiting: list[Job] = []
        self._knows_focus = False
        self._passes: bool | None = None

    def start(self) -> None:
        """From now on it is known whether the terminal tells where the focus is: once it has gone away."""
        self._app.watch(self._app, "app_focus", self._focus, init=False)

    def ended(self, jobs: Sequence[Job]) -> None:
        """These jobs have ended just now."""
        if not jobs or self._is_looked_at() or self._setting == "off":
            return
        if self._kind() is None:
            if self._desk.session.settings.flag("bell"):
                self._app.bell()
            return
        if not self._waiting:
            self._app.set_timer(_GATHERED, self._tell, name="gather notices")
        self._waiting += jobs

    @property
    def _setting(self) -> str:
        return self._desk.session.settings.text("notify") or "auto"

    def _kind(self) -> str | None:
        return kind_of(self._setting, recall(self._desk.session.paths.state_dir, os.environ))

    def _focus(self, has_focus: bool) -> None:
        self._knows_focus = True

    def _is_looked_at(self) -> bool:
        return self._knows_focus and self._app.app_focus

    async def _tell(self) -> None:
        jobs, self._waiting = self._waiting, []
        kind = self._kind()
        if kind is None or not jobs:
            return
        if self._passes is None:
            self._passes = await aside(partial(passes_tmux, os.environ), "ask tmux")
        sequence = notice(kind, *words(jobs))
        write_terminal(self._app, through_tmux(sequence) if self._passes else sequence)


def words(jobs: Sequence[Job]) -> tuple[str, str]:
    """Title and text of a notice about jobs that have ended."""
    if len(jobs) == 1:
        job = jobs[0]
        return f"whisul: {job.state}", job.name[:_SHOWN]
    counts: dict[str, int] = {}
    for job in jobs:
        counts[job.state.value] = counts.get(job.state.value, 0) + 1
    told = ", ".join(f"{number} {state}" for state, number in counts.items())
    names = [job.name[:_SHOWN] for job in jobs[:_NAMED]]
    more = f" and {len(jobs) - _NAMED} more" if len(jobs) > _NAMED else ""
    return f"whisul: {told}", ", ".join(names) + more
