"""Copying to the user's clipboard, by whichever rung takes it."""

from __future__ import annotations

from functools import partial

from textual.app import App

from whisul_tui.workers.terminal_writing import write_terminal
from whisul_tui.workers.threads import aside, tell


class Copying:
    """Runs the ladder on a thread and says which rung took the text; nobody can confirm that it arrived."""

    def __init__(self, app: App[int]) -> None:
        self._app = app

    def copy(self, text: str, what: str) -> None:
        """Copies a text; `what` names it for the user."""
        self._app.run_worker(self._copy(text, what), name="copy", group="copy")

    async def _copy(self, text: str, what: str) -> None:
        from whisul_tui.listening.clipboard import copy

        def write(sequence: bytes) -> None:
            tell(self._app, write_terminal, self._app, sequence.decode("ascii"))

        result = await aside(partial(copy, text, write=write), "clipboard")
        words = f"{what[:1].upper()}{what[1:]}: {result.sentence}"
        self._app.notify(words, severity="information" if result.taken else "warning", markup=False)
