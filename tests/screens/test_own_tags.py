"""T: own tags and a note, for one job and for the marked ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.screens.jobs_stage import jobs_shown
from tests.support.stage import ALL_STATES, stage
from whisul_tui.storage import View

SONGS = tuple({"prompt": f"prompt {n}", "title": f"Song {n}", "ago": 100.0 * (9 - n)} for n in range(4))


async def test_tags_and_a_note_of_one_job() -> None:
    async with jobs_shown(SONGS) as shown:
        await shown.press("T", *"demo", "comma", "space", *"Anna", "tab", *"cut", "ctrl+j", *"two", "enter")
        job = shown.screen.table.job
        assert job is not None
        assert job.own_tags == ("demo", "Anna")
        assert job.note == "cut\ntwo"
        assert "#demo #Anna" in shown.text()
        await shown.press("slash", *"tag:anna", "enter")
        assert shown.screen.table.total == 1
        await shown.press("escape", "slash", *"two", "enter")
        assert shown.screen.table.total == 1
        await shown.press("T", "escape")
        assert shown.screen.table.job == job


async def test_the_marked_ones_get_what_is_added_and_lose_what_is_taken_out() -> None:
    async with jobs_shown(SONGS) as shown:
        store, numbers = shown.stage.store, shown.stage.session.windows.numbers(View(), 9)
        store.tag(numbers, ["common"])
        store.tag(numbers[:1], ["single"])
        shown.stage.engine.tell()
        await shown.press("space", "space", "T")
        assert "common (4)" in shown.text()
        await shown.press("ctrl+u", *"new", "comma", *"-single", "enter")
        after = [store.get(number) for number in numbers]
        assert [job.own_tags for job in after if job] == [("new",), ("new",), ("common",), ("common",)]
        assert shown.screen.table.marks == {}
        assert "2 jobs of 2 tagged anew." in shown.toasts


async def test_known_tags_are_completed_in_both_fields() -> None:
    async with jobs_shown(SONGS) as shown:
        shown.stage.store.tag(shown.stage.session.windows.numbers(View(), 1), ["for Anna"])
        await shown.press("j", "T", *"x", "comma", *"fo", "right", "enter")
        job = shown.screen.table.job
        assert job is not None
        assert job.own_tags == ("x", "for Anna")
        await shown.press("slash", *"tag:", "right", "enter")
        assert shown.screen.table.view.search == 'tag:"for Anna"'
        assert shown.screen.table.total == 2


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_own_tags_picture(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    """The fields over the table, and tags in the rows behind them."""
    with stage(ALL_STATES) as made:
        made.store.tag(made.numbers[2:5], ["demo", "for Anna"])
        made.store.write_note(made.numbers[4], "second cut,\nlouder drums")
        keys = [*["j"] * 8, "T", "tab"]
        assert snap_compare(made.app(), press=keys, terminal_size=size)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_page_with_own_tags_picture(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    """Rows with own tags; at 120 columns the page tells them and the note."""
    with stage(ALL_STATES) as made:
        made.store.tag(made.numbers[2:5], ["demo", "for Anna"])
        made.store.tag(made.numbers[-1:], ["held tag"])
        made.store.write_note(made.numbers[4], "second cut,\nlouder drums")
        assert snap_compare(made.app(), press=["j"] * 8, terminal_size=size)
