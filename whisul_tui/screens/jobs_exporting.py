"""Exporting what the Jobs screen shows, or the marked ones."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from textual import work

from whisul_tui.domain.clean import clean_line
from whisul_tui.formatting import counted
from whisul_tui.screens.jobs_moving import JobsMoving
from whisul_tui.storage import StoreError, Windows

_MOST = 10_000_000
_PATIENCE = 30.0  # seconds: a file may have what a screen would not wait for


class JobsExporting(JobsMoving):
    """The action that writes the shown rows, in their order, as a file."""

    @work(group="export", exclusive=True)
    async def action_export(self) -> None:
        """Asks where to, and writes beside everything else."""
        marks = list(self.table.marks)
        count = len(marks) or self.table.total
        if not count:
            self.say("There is nothing to export here.")
            return
        from whisul_tui.screens.export import ExportScreen, kind_of
        from whisul_tui.storage.export_file import free_name

        which = "the marked ones" if marks else "all that is shown, in this order"
        folder = self.session.settings.download_folder
        name = free_name(folder, f"whisul-{self.desk.now().astimezone():%Y-%m-%d}", "json")
        path = await self.app.push_screen_wait(ExportScreen(f"{counted(count, 'job')}: {which}", name))
        if path is None:
            return
        try:
            written = await asyncio.to_thread(self._write, path, marks)
        except (OSError, StoreError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self.say(f"{path} was not written: {reason}", bad=True)
        else:
            self.acted()
            self.say(f"{counted(written, 'job')} exported as {kind_of(str(path))} to {path}")

    def _write(self, path: Path, marks: list[int]) -> int:
        from whisul_tui.storage.export_file import write_export
        from whisul_tui.storage.exporting import Format, export

        database = self.session.database
        view, kind = self.table.view, path.suffix.removeprefix(".").lower()
        windows = Windows(database, search_limit=_MOST, patience=_PATIENCE)
        numbers = windows.numbers(view, _MOST)
        if marks:
            chosen = set(marks)
            in_order = [number for number in numbers if number in chosen]
            numbers = in_order if len(in_order) == len(chosen) else marks
        host = clean_line(socket.gethostname(), 100) or "another host"
        pieces = export(database, numbers, Format(kind), host=host, now=self.desk.now().timestamp())
        write_export(path, pieces)
        return len(numbers)
