"""E: what is shown, or what is marked, as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.screens.jobs_stage import jobs_shown
from tests.support.stage import ALL_STATES, stage

SONGS = tuple({"prompt": f"prompt {n}", "title": f"Song {n}", "ago": 100.0 * (9 - n)} for n in range(4))


def made_in(folder: Path) -> list[Path]:
    return list((folder / "out").glob("*"))


async def test_the_shown_rows_in_their_order(tmp_path: Path) -> None:
    async with jobs_shown(SONGS, **{"downloads.folder": str(tmp_path / "out")}) as shown:
        await shown.press("s", "slash", *"song", "enter", "E")
        assert "4 jobs: all that is shown, in this order" in shown.text()
        await shown.press("enter")
        await shown.pilot.app.workers.wait_for_complete()
        (file,) = made_in(tmp_path)
        assert [job["song"]["title"] for job in json.loads(file.read_text())["jobs"]] == [f"Song {n}" for n in range(4)]
        assert any("4 jobs exported as json" in toast for toast in shown.toasts)


async def test_the_marked_ones_as_another_kind(tmp_path: Path) -> None:
    async with jobs_shown(SONGS, **{"downloads.folder": str(tmp_path / "out")}) as shown:
        await shown.press("space", "j", "space", "E", "tab", "enter")
        await shown.pilot.app.workers.wait_for_complete()
        (file,) = made_in(tmp_path)
        rows = list(csv.DictReader(file.read_text().splitlines()))
        assert [row["title"] for row in rows] == ["Song 3", "Song 1"]
        await shown.pilot.pause()
        assert shown.screen.table.marks == {}


async def test_a_wrong_name_is_said_and_escape_writes_nothing(tmp_path: Path) -> None:
    async with jobs_shown(SONGS, **{"downloads.folder": str(tmp_path / "out")}) as shown:
        await shown.press("E", "ctrl+u", *"x.json", "enter")
        assert "A whole path is wanted" in shown.text()
        await shown.press("escape")
        assert made_in(tmp_path) == []


async def test_a_folder_that_cannot_be_written_is_told() -> None:
    async with jobs_shown(SONGS, **{"downloads.folder": "/proc/nowhere"}) as shown:
        await shown.press("E", "enter")
        await shown.pilot.app.workers.wait_for_complete()
        assert any("was not written" in toast for toast in shown.toasts)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_export_picture(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    """The file's name, and what its ending means."""
    with stage(ALL_STATES) as made:
        app = made.app(**{"downloads.folder": "/home/anna/Music/whisul"})
        assert snap_compare(app, press=["E", "tab"], terminal_size=size)
