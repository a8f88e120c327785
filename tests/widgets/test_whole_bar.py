"""The table's scroll bar looks and answers as Textual's own does in whole cells, and makes nothing anew to scroll."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender

from whisul_tui.widgets.whole_bar import WholeBar


class InWholeCells(ScrollBarRender):
    """Textual's own bar without its eighths."""

    VERTICAL_BARS = [" "]


class TextualsBar(ScrollBar):
    renderer = InWholeCells


class Host(App[None]):
    """Both bars."""

    CSS = "ScrollBar { dock: right; width: 1; }"

    def compose(self) -> ComposeResult:
        yield WholeBar(name="vertical", thickness=1)
        yield TextualsBar(name="vertical", thickness=1)


async def test_each_cell_is_as_textual_draws_it_and_the_strips_stay_the_same_objects() -> None:
    app = Host()
    async with app.run_test(size=(20, 20)) as pilot:
        own, theirs = app.query_one(WholeBar), app.query_one(TextualsBar)
        seen = set()
        for rows, position in ((0, 0), (20, 0), (21, 0), (21, 1), (100, 0), (100, 17), (100, 80), (10**6, 5 * 10**5)):
            for bar in (own, theirs):
                bar.window_virtual_size, bar.window_size, bar.position = rows, 20, position
            await pilot.pause()
            whole = Region(0, 0, 1, 20)
            lines = own.render_lines(whole)
            assert lines == theirs.render_lines(whole), (rows, position)
            assert own.render_lines(Region(0, 5, 1, 3)) == lines[5:8]
            seen |= {id(line) for line in lines}
        assert len(seen) == 4
