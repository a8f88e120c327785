"""Copying to the user's clipboard, by whichever rung takes it."""

from __future__ import annotations

from textual.app import App
from textual.worker import WorkerCancelled, WorkerFailed

from whisul_tui.workers.terminal_writing import write_terminal


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
            self._app.call_from_thread(write_terminal, self._app, sequence.decode("ascii"))

        worker = self._app.run_worker(
            lambda: copy(text, write=write), name="clipboard", thread=True, exit_on_error=False
        )
        try:
            result = await worker.wait()
        except (WorkerFailed, WorkerCancelled):
            self._app.notify("The link could not be copied; v shows it whole.", severity="error", markup=False)
            return
        severity = "information" if result.taken else "warning"
        self._app.notify(f"{what}: {result.sentence}", severity=severity, markup=False)  # type: ignore[arg-type]  # a Literal by construction
