"""The table: the cursor is a job, only rows on screen are asked for, and nothing is painted that did not change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.geometry import Region
from textual.pilot import Pilot

from tests.widgets.making import NOW, EndlessRows, ListedRows, make_job
from whisul_tui.domain import JobState
from whisul_tui.storage.windows import Sort, View
from whisul_tui.stylesheets import sheets
from whisul_tui.themes import OWN_THEMES
from whisul_tui.widgets.job_words import Facts
from whisul_tui.widgets.jobs_table import JobsTable
from whisul_tui.widgets.row_pages import PAGE


class Host(App[None]):
    """Nothing but the table, and a clock."""

    CSS_PATH = sheets("app", "jobs_table")

    def __init__(self, source: ListedRows) -> None:
        super().__init__()
        for theme in OWN_THEMES:
            self.register_theme(theme)
        self.theme = "whisul-dark"
        self.source = source
        self.facts = Facts(NOW, (65.0, 110.0))
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield JobsTable(self.source, lambda: self.facts, View())

    def on_jobs_table_opened(self, message: JobsTable.Opened) -> None:
        self.heard.append(message)

    def on_jobs_table_head_clicked(self, message: JobsTable.HeadClicked) -> None:
        self.heard.append(message)

    @property
    def table(self) -> JobsTable:
        return self.query_one(JobsTable)


@asynccontextmanager
async def table_on(
    source: ListedRows, size: tuple[int, int] = (80, 21)
) -> AsyncIterator[tuple[JobsTable, Pilot[None], Host]]:
    app = Host(source)
    async with app.run_test(size=size) as pilot:
        app.table.reload()
        await pilot.pause()
        yield app.table, pilot, app


def number(table: JobsTable) -> int | None:
    return table.job.number if table.job else None


def screen_line(table: JobsTable) -> int:
    return table.place.line


def jobs(count: int) -> list:  # type: ignore[type-arg]
    return [make_job(n) for n in range(1, count + 1)]


async def test_the_newest_is_selected_first() -> None:
    async with table_on(ListedRows(jobs(50))) as (table, _, _):
        assert number(table) == 50
        assert table.total == 50


async def test_new_jobs_move_neither_cursor_nor_rows() -> None:
    source = ListedRows(jobs(50))
    async with table_on(source) as (table, pilot, _):
        table.move(5)
        source.put(make_job(51), make_job(52))
        table.reload()
        await pilot.pause()
        assert number(table) == 45
        assert screen_line(table) == 5
        assert table.news == 2
        table.go(1)
        await pilot.pause()
        assert table.news == 1
        table.go(0)
        await pilot.pause()
        assert table.news == 0
        assert number(table) == 52


async def test_after_a_submission_the_newest_is_selected() -> None:
    source = ListedRows(jobs(50))
    async with table_on(source) as (table, pilot, _):
        table.go(49)
        source.put(make_job(51))
        table.reload()
        table.focus_newest()
        await pilot.pause()
        assert number(table) == 51
        assert table.top == 0


async def test_sorting_and_filtering_keep_the_cursor_on_its_job() -> None:
    source = ListedRows([make_job(n, prompt="rain" if n % 3 else "snow", state=JobState.FAILED) for n in range(1, 100)])
    async with table_on(source) as (table, pilot, _):
        table.go(40)
        job, line = number(table), screen_line(table)
        for view in (View(Sort.OLDEST), View(Sort.TITLE), View(Sort.NEWEST, "rain"), View(state=JobState.FAILED)):
            table.show(view)
            await pilot.pause()
            assert number(table) == job
            assert 0 <= screen_line(table) < table.rows_shown
        assert screen_line(table) == line


async def test_a_job_that_is_not_shown_leaves_the_cursor_at_the_first_row_and_an_anchor_brings_it_back() -> None:
    source = ListedRows([make_job(n, prompt="rain" if n % 2 else "snow") for n in range(1, 100)])
    async with table_on(source) as (table, pilot, _):
        table.go(1)
        anchor = number(table)
        assert anchor == 98
        table.show(View(search="rain"), anchor)
        await pilot.pause()
        assert number(table) == 99
        table.show(View(), anchor)
        await pilot.pause()
        assert number(table) == anchor


async def test_a_forgotten_job_gives_its_line_to_the_next() -> None:
    source = ListedRows(jobs(50))
    async with table_on(source) as (table, pilot, _):
        table.go(5)
        del source.jobs[45]
        table.reload()
        await pilot.pause()
        assert number(table) == 44
        assert screen_line(table) == 5


async def test_the_last_rows_can_go() -> None:
    source = ListedRows(jobs(3))
    async with table_on(source) as (table, pilot, _):
        table.go(2)
        source.jobs.clear()
        table.reload()
        await pilot.pause()
        assert table.job is None
        table.move(1)
        table.toggle_mark()
        table.focus_newest()
        source.put(make_job(9))
        table.reload()
        await pilot.pause()
        assert number(table) == 9


async def test_only_rows_around_the_screen_are_asked_for() -> None:
    source = EndlessRows()
    async with table_on(source) as (table, pilot, _):
        for index in (0, 999_999, 500_000, 123):
            source.asked.clear()
            table.go(index)
            await pilot.pause()
            assert number(table) == 1_000_000 - index
            assert sum(limit for _, limit in source.asked) <= 2 * PAGE
            assert all(abs(offset - index) < 2 * PAGE for offset, _ in source.asked)
        source.asked.clear()
        for _ in range(10):
            table.move(1)
        await pilot.pause()
        assert len(source.asked) <= 1


async def test_a_million_rows_scroll_to_the_last_and_back() -> None:
    source = EndlessRows()
    async with table_on(source) as (table, pilot, _):
        table.go(999_999)
        await pilot.pause()
        assert table.top == 1_000_000 - table.rows_shown
        assert "Title 1 " in table.render_line(table.rows_shown).text
        source.count += 2
        table.reload()
        await pilot.pause()
        assert number(table) == 1
        assert table.place.index == 1_000_001
        table.scroll_to(y=0, animate=False, force=True)
        await pilot.pause()
        assert "1000002" in table.render_line(1).text


async def test_rows_are_exactly_as_wide_as_the_table_whatever_their_text() -> None:
    hostile = "[bold red]not markup[/] %s {0} $PATH \\ 夜のローファイ🌧️ e\u0301\u0301 " * 4
    source = ListedRows([make_job(n, prompt=hostile, state=state) for n, state in enumerate(JobState, 1)])
    for width in (120, 80, 40):
        async with table_on(source, (width, 12)) as (table, _, _):
            for y in range(12):
                strip = table.render_line(y)
                assert cell_len(strip.text) == table.size.width
            assert any("[bold red]" in table.render_line(y).text for y in range(12))


async def test_a_second_repaints_cells_of_running_jobs_and_nothing_else() -> None:
    source = ListedRows([make_job(1), make_job(2, JobState.RUNNING, ago=41), make_job(3), make_job(4, JobState.FAILED)])
    async with table_on(source) as (table, pilot, app):
        painted: list[Region] = []
        refresh = table.refresh

        def spy(*regions: Region, **options: bool) -> JobsTable:
            painted.extend(regions)
            return refresh(*regions, **options)

        table.refresh = spy  # type: ignore[method-assign]
        app.facts = app.facts._replace(now=NOW + timedelta(seconds=1))
        table.tick()
        await pilot.pause()
        assert len(painted) == 1
        assert painted[0].y == 3
        assert painted[0].width <= 7
        assert "0:42" in table.render_line(3).text
        painted.clear()
        table.tick()
        assert painted == []
        source.put(make_job(2))
        table.reload()
        await pilot.pause()
        painted.clear()
        app.facts = app.facts._replace(now=NOW + timedelta(seconds=9))
        table.tick()
        assert painted == []


async def test_ages_are_looked_at_as_often_as_they_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the minute those of a day, the others now and then: nothing running must cost nothing."""
    source = ListedRows(
        [make_job(1, ago=86_399), make_job(2, ago=3 * 86_400 - 700), make_job(3, JobState.RUNNING, ago=9)]
    )
    async with table_on(source) as (table, _, app):
        looked: list[int] = []
        pieces = table._pieces
        monkeypatch.setattr(
            table, "_pieces", lambda index, job, facts: (looked.append(job.number), pieces(index, job, facts))[1]
        )
        for second in range(1, 901):
            app.facts = app.facts._replace(now=NOW + timedelta(seconds=second))
            table.tick()
        assert looked.count(3) == 900
        assert looked.count(2) == 1
        assert looked.count(1) == 1, "it was a day old within the first 15 seconds"
        assert "3d" in table.render_line(2).text


async def test_a_change_that_cannot_be_seen_paints_nothing() -> None:
    source = ListedRows(jobs(30))
    async with table_on(source) as (table, pilot, _):
        await pilot.pause()
        painted: list[Region] = []
        refresh = table.refresh
        table.refresh = lambda *regions, **options: (painted.extend(regions), refresh(*regions, **options))[1]  # type: ignore[method-assign,assignment]
        source.put(source.jobs[25]._replace(polled_at=NOW))
        table.reload()
        assert painted == []
        source.put(source.jobs[25]._replace(starred=True))
        table.reload()
        assert [region.y for region in painted] == [6]
        assert "★" in table.render_line(6).text


async def test_marks_stay_with_their_jobs() -> None:
    source = ListedRows(jobs(30))
    async with table_on(source) as (table, pilot, _):
        table.toggle_mark()
        table.toggle_mark()
        assert list(table.marks) == [30, 29]
        assert number(table) == 28
        source.put(make_job(31))
        table.reload()
        await pilot.pause()
        assert list(table.marks) == [30, 29]
        table.go(1)
        table.toggle_mark()
        assert list(table.marks) == [29]
        assert table.mark_all() == 31
        assert table.mark_all() == 0


async def test_matches_of_the_search_are_marked_literally() -> None:
    source = ListedRows([make_job(1, JobState.FAILED, prompt="Soft RAIN (50%)")])
    async with table_on(source) as (table, pilot, _):
        table.show(View(search="rain 50%"))
        await pilot.pause()
        marked = [segment.text for segment in table.render_line(1) if segment.style and segment.style.underline]
        assert marked == ["RAIN", "50%"]


async def test_the_mouse_selects_opens_sorts_and_scrolls() -> None:
    async with table_on(ListedRows(jobs(100))) as (table, pilot, app):
        await pilot.click(JobsTable, offset=(20, 4))
        assert number(table) == 97
        await pilot.click(JobsTable, offset=(20, 4), times=2)
        assert len(app.heard) == 1
        await pilot.click(JobsTable, offset=(20, 0))
        assert isinstance(app.heard[-1], JobsTable.HeadClicked)
        assert app.heard[-1].sorts == (Sort.TITLE,)
        table.post_message(MouseScrollDown(table, 5, 5, 0, 1, 0, False, False, False))
        await pilot.pause()
        assert table.top > 0
        assert number(table) == 97
        await pilot.click(JobsTable, offset=(20, 20))
        assert number(table) == 100 - table.top - 19


async def test_another_width_keeps_the_cursor_on_screen() -> None:
    async with table_on(ListedRows(jobs(100)), (120, 40)) as (table, pilot, _):
        table.go(37)
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        assert number(table) == 63
        assert 0 <= screen_line(table) < 9
        await pilot.resize_terminal(3, 2)
        await pilot.pause()
        assert number(table) == 63
