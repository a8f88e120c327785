"""Backup, restore and import from the palette."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.screens.jobs_stage import Shown, jobs_shown
from tests.support.stage import ALL_STATES, stage
from whisul_tui.storage import View
from whisul_tui.storage.backup import FOLDER
from whisul_tui.storage.export_file import write_export
from whisul_tui.storage.exporting import Format, export

SONGS = tuple({"prompt": f"prompt {n}", "title": f"Song {n}", "ago": 100.0 * (9 - n)} for n in range(3))


async def run(shown: Shown, words: str, *keys: str) -> None:
    """Runs a command of the palette by its words."""
    await shown.press("colon", *words)
    await shown.pilot.app.workers.wait_for_complete()
    await shown.press("enter", *keys)
    for _ in range(3):
        await shown.pilot.pause()


async def worked(shown: Shown) -> None:
    await shown.pilot.app.workers.wait_for_complete()
    await shown.pilot.pause()


async def test_a_backup_is_made_and_put_back() -> None:
    async with jobs_shown(SONGS) as shown:
        await shown.screen.run_action("backup")
        await worked(shown)
        folder = shown.stage.session.database.path.parent / FOLDER
        assert [path.name for path in folder.glob("*")] == ["jobs-20260217-160000.db"]
        assert any(toast.startswith("Backed up: 3 jobs, in ") for toast in shown.toasts)
        await shown.press("x")
        assert shown.screen.table.total == 2
        await shown.screen.run_action("restore")
        await shown.pilot.pause()
        assert "jobs-20260217-160000.db" in shown.text()
        await shown.press("enter")
        assert "nothing is sent by restoring" in shown.text()
        await shown.press("y")
        await worked(shown)
        shown.stage.engine.tell()
        await shown.pilot.pause()
        assert shown.screen.table.total == 3
        assert any(toast.startswith("Restored: 3 jobs. What was before: ") for toast in shown.toasts)


async def test_another_hosts_export_is_merged(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    with stage(SONGS) as other:
        numbers = other.session.windows.numbers(View(), 9)
        write_export(file, export(other.session.database, numbers, Format.JSON, host="there", now=1.0))
        with other.session.database.write() as connection:
            connection.execute("DELETE FROM jobs")
    async with jobs_shown([]) as shown:
        await shown.screen.run_action("import")
        await shown.pilot.pause()
        await shown.press(*"nowhere", "enter")
        assert "There is no such file." in shown.text()
        shown.app.screen.query_one("Input").value = str(file)  # type: ignore[attr-defined]
        await shown.press("enter")
        await worked(shown)
        assert "From there: 3 new, 0 that learnt something, 0 known already." in shown.toasts
        shown.stage.engine.tell()
        await shown.pilot.pause()
        assert shown.screen.table.total == 3


async def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    file.write_text("no store")
    async with jobs_shown(SONGS) as shown:
        for action, words in (("restore", "is not a SQLite file"), ("import", "is no export of whisul-tui")):
            await shown.screen.run_action(action)
            await shown.pilot.pause()
            shown.app.screen.query_one("Input").value = str(file)  # type: ignore[attr-defined]
            await shown.press("enter", "y")
            await worked(shown)
            assert any(words in toast for toast in shown.toasts), shown.toasts
        assert shown.screen.table.total == 3


async def test_all_three_are_in_the_palette() -> None:
    async with jobs_shown(SONGS) as shown:
        await shown.press("colon", *"backup")
        await worked(shown)
        assert "Back up the store" in shown.text()
        await shown.press("escape")
        await run(shown, "restore")
        assert "Which backup is to be put back?" in shown.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_restore_picture(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    """Backups to choose from, the newest first."""
    with stage(ALL_STATES) as made:
        folder = made.session.database.path.parent / FOLDER
        folder.mkdir(mode=0o700)
        for name in ("jobs-20260101-120000", "before-restore-20260217-155959", "jobs-20260217-120000"):
            (folder / f"{name}.db").touch()

        async def open_it(pilot: object) -> None:
            await pilot.app.screen.run_action("restore")  # type: ignore[attr-defined]
            await pilot.pause()  # type: ignore[attr-defined]

        assert snap_compare(made.app(), terminal_size=size, run_before=open_it)
