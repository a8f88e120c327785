"""F and W: saved filters and columns, remembered across restarts; u after a restart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.screens.jobs_stage import Shown, jobs_shown
from tests.support.stage import ALL_STATES, stage
from whisul_tui.storage import Sort, View
from whisul_tui.widgets.job_columns import USUAL, columns_for, read_layout, write_layout
from whisul_tui.widgets.jobs_table import JobsTable

SONGS = tuple({"prompt": f"prompt {n}", "title": f"Song {n}", "ago": 100.0 * (9 - n)} for n in range(4))


def heads(shown: Shown) -> str:
    return next(line for line in shown.text().split("\n") if "STATE" in line)


async def test_a_filter_is_saved_taken_renamed_deleted_and_brought_back() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("s", "slash", *"rain", "enter", "F", "s", *"my rain", "enter")
        assert "A name has letters" in shown.text()
        await shown.press(*["backspace"] * 5, "minus", *"rain", "enter")
        assert "@my-rain" in shown.text()
        assert "rain, oldest first" in shown.text()
        await shown.press("escape", "escape", "s")
        assert (shown.screen.table.view.search, shown.screen.table.view.sort) == ("", Sort.TITLE)
        await shown.press("F", "enter")
        assert shown.screen.table.view == View(Sort.OLDEST, "rain")
        await shown.press("F", "r", "2", "enter", "escape")
        kept = shown.stage.store.kept
        assert list(kept.texts("filter")) == ["my-rain2"]
        await shown.press("F", "x")
        assert kept.texts("filter") == {}
        await shown.press("u", "escape")
        assert list(kept.texts("filter")) == ["my-rain2"]


async def test_a_name_in_the_search_stands_for_its_filter() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("slash", *"state:completed", "enter", "F", "s", *"done", "enter", "escape", "escape")
        await shown.press("slash", *"@do", "right", "space", *"-neon", "enter")
        assert shown.screen.table.view.search == "state:completed -neon"
        assert shown.screen.table.total == 4


async def test_columns_are_chosen_moved_sized_and_reset() -> None:
    async with jobs_shown(SONGS, (100, 24)) as shown:
        await shown.press("W", *["j"] * 8, "space")
        table = shown.screen.table
        assert table.layout_chosen == (*USUAL, ("id", 8))
        await shown.press("K", "K", "less_than_sign")
        assert [name for name, _ in table.layout_chosen or ()] == [
            *(name for name, _ in USUAL[:-2]), "id", "age", "star"]  # fmt: skip
        assert dict(table.layout_chosen or ())["id"] == 7
        await shown.press("escape")
        assert "JOB" in heads(shown)
        assert "000000…" in shown.text()
        kept = shown.stage.store.kept.text("columns", "jobs")
        assert read_layout(kept) == table.layout_chosen
        again = JobsTable(shown.stage.session.windows, shown.screen.facts, View())
        again.choose(read_layout(kept))
        assert again.layout_chosen == table.layout_chosen
        await shown.press("W", "x", "escape")
        assert table.layout_chosen is None
        assert shown.stage.store.kept.text("columns", "jobs") is None


async def test_columns_come_back_with_the_screen() -> None:
    with stage(SONGS) as made:
        made.store.kept.put("columns", "jobs", write_layout((("id", 8), ("own", 12))), 1.0)
        app = made.app()
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            assert app.screen.query_one(JobsTable).layout_chosen == (("id", 8), ("own", 12))


async def test_what_was_forgotten_comes_back_after_a_restart() -> None:
    with stage(SONGS) as made:
        first, second = made.app(), made.app()
        async with first.run_test(size=(80, 24)) as pilot:
            await pilot.press("space", "space", "x")
            await pilot.pause()
            await pilot.press("x")
            await pilot.pause()
        assert made.session.windows.total(View()) == 1
        made.engine._now += 1
        async with second.run_test(size=(80, 24)) as pilot:
            await pilot.press("u")
            await pilot.pause()
            await pilot.press("u")
            await pilot.pause()
        assert made.session.windows.total(View()) == 4


@pytest.mark.parametrize("text", ["", "7", "[]", '[["id", true]]', '[["id"]]', '{"id": 8}', "[" * 9999, '[["x", 3]]'])
def test_a_layout_that_is_none_of_ours(text: str) -> None:
    assert not read_layout(text)


def test_a_layout_is_bounded_and_gives_way_to_the_title() -> None:
    assert read_layout('[["id", 999], ["id", 3], ["bpm", -5], ["nope", 2]]') == (("id", 40), ("bpm", 1))
    wide = (("tags", 40), ("own", 40), ("id", 8))
    assert [column.name for column in columns_for(80, wide).figures] == ["tags"]
    assert [column.name for column in columns_for(120, wide).figures] == ["tags", "own"]
    assert [column.name for column in columns_for(140, wide).figures] == ["tags", "own", "id"]
    for width in range(1, 200):
        columns = columns_for(width, wide)
        assert columns.title.width >= 0
        assert all(column.at >= columns.title.end for column in columns.figures)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("key", ["F", "W"])
def test_shelf_picture(snap_compare: Callable[..., bool], size: tuple[int, int], key: str) -> None:
    """Saved filters, and columns over the table that shows them at once."""
    with stage(ALL_STATES) as made:
        made.store.tag(made.numbers[2:5], ["demo"])
        made.store.kept.put("filter", "done", '{"search": "state:completed", "order": "title"}', 1.0)
        made.store.kept.put("filter", "slow-rain", '{"search": "rain bpm:60..80"}', 1.0)
        layout = (("elapsed", 7), ("usually", 11), ("own", 12), ("age", 3))
        made.store.kept.put("columns", "jobs", write_layout(layout), 1.0)
        assert snap_compare(made.app(), press=["j", key, "j"], terminal_size=size)


@pytest.mark.parametrize("size", [(40, 10), (24, 6), (300, 80)])
async def test_every_sheet_opens_and_closes_at_any_size(size: tuple[int, int]) -> None:
    async with jobs_shown(ALL_STATES, size) as shown:
        for key in ("T", "E", "F", "W", "i"):
            await shown.press(key)
            assert len(shown.app.screen_stack) == 2, key
            await shown.press("escape")
            assert len(shown.app.screen_stack) == 1, key
