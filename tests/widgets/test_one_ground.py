"""The ground of a screen is drawn as Textual draws it, and kept once."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.widget import Widget

from whisul_tui.widgets.one_ground import Columns


class Grounds(App[None]):
    """The same container twice: ours and Textual's."""

    CSS = "Horizontal { background: $boost; } .framed { border: round $accent; padding: 1; }"

    def compose(self) -> ComposeResult:
        for name in ("", "framed"):
            yield Columns(classes=name)
            yield Horizontal(classes=name)


def lines(widget: Widget, crop: Region) -> list[str]:
    return [str(list(strip)) for strip in widget.render_lines(crop)]


@pytest.mark.parametrize("crop", [Region(0, 0, 30, 5), Region(4, 2, 9, 3), Region(0, 1, 30, 1), Region(0, 0, 30, 0)])
async def test_the_ground_is_as_textual_draws_it(crop: Region) -> None:
    app = Grounds()
    async with app.run_test(size=(30, 24)):
        plain, same, framed, framed_too = app.query(Horizontal)
        assert plain.size == same.size
        assert lines(plain, crop) == lines(same, crop)
        assert lines(framed, crop) == lines(framed_too, crop)


async def test_all_lines_are_one_where_nothing_is_around_them() -> None:
    app = Grounds()
    async with app.run_test(size=(30, 24)):
        plain, framed = app.query(Columns)
        assert len({id(strip) for strip in plain.render_lines(plain.size.region)}) == 1
        assert len({id(strip) for strip in framed.render_lines(framed.size.region)}) > 1
