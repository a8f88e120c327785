"""The store as a whole, backed up, put back, merged with another host's export."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from textual import work

from whisul_tui.formatting import counted
from whisul_tui.screens.confirm import ConfirmScreen
from whisul_tui.screens.jobs_shelf import JobsShelf
from whisul_tui.storage import StoreError

Value = TypeVar("Value")
_SHOWN = 12


class JobsKeeping(JobsShelf):
    """The work is done beside everything else."""

    @work(group="store", exclusive=True)
    async def action_backup(self) -> None:
        """A checked copy of the store, beside it."""
        from whisul_tui.storage.backup import back_up, backup_name

        path = self.session.database.path
        target = backup_name(path, self.desk.now().timestamp())
        jobs = await self._beside(lambda: back_up(path, target))
        if jobs is not None:
            self.say(f"Backed up: {counted(jobs, 'job')}, in {target}")

    @work(group="store", exclusive=True)
    async def action_restore(self) -> None:
        """Asks for a backup, and puts it in the place of what the store holds."""
        from whisul_tui.screens.store_files import StoreFileScreen
        from whisul_tui.storage.backup import FOLDER, backup_name
        from whisul_tui.storage.restoring import restore

        database = self.session.database
        files = sorted((database.path.parent / FOLDER).glob("*.db"), key=lambda path: path.name[-18:], reverse=True)
        explanation = "Which backup is to be put back? What the store holds now is backed up first."
        source = await self.app.push_screen_wait(StoreFileScreen("Restore", explanation, files[:_SHOWN]))
        if source is None:
            return
        question = f"Put {source.name} in the place of all jobs?"
        why = "What is held, on its way, unconfirmed or running now stays as it is; nothing is sent by restoring."
        if not await self.app.push_screen_wait(ConfirmScreen(question, why, "put it back")):
            return
        before = backup_name(database.path, self.desk.now().timestamp(), "before-restore")
        restored = await self._beside(lambda: restore(database, source, before))
        if restored is not None:
            doubt = f" {restored.doubtful:,} became unconfirmed." if restored.doubtful else ""
            self.say(f"Restored: {counted(restored.jobs, 'job')}.{doubt} What was before: {before}")

    @work(group="store", exclusive=True)
    async def action_import(self) -> None:
        """Asks for another host's export, and merges it."""
        from whisul_tui.screens.store_files import StoreFileScreen
        from whisul_tui.storage.import_beside import import_beside

        explanation = "An export (json) of another host; nothing is doubled, nothing of it is ever sent."
        source = await self.app.push_screen_wait(StoreFileScreen("Import", explanation))
        if source is None:
            return
        store, now = self.session.database.path, self.desk.now().timestamp()
        imported = await self._beside(lambda: import_beside(store, source, now))
        if imported is not None:
            self.say(imported.sentence, bad=imported.bad)

    async def _beside(self, work_: Callable[[], Value]) -> Value | None:
        """Does it on a thread; None, and a toast, where it could not be done."""
        try:
            return await asyncio.to_thread(work_)
        except (StoreError, ValueError) as error:  # ValueError: a file that is no export, with a sentence
            self.say(str(error), bad=True)
        except OSError as error:
            self.say(f"{error.filename or 'The file'}: {error.strerror or error}.", bad=True)
        return None
