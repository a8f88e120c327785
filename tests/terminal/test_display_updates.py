"""Only what is dirty is composed anew, and where that fails Textual composes as ever."""

from __future__ import annotations

import pytest
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tests.support.stage import ALL_STATES, stage
from tests.terminal.twin import Twin
from whisul_tui.terminal import display
from whisul_tui.terminal.display_updates import partial_update


class Page(Widget):
    """Remembers which of its lines were asked for."""

    def __init__(self, letter: str) -> None:
        super().__init__(id=letter)
        self.asked: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.asked.append(y)
        return Strip.blank(self.size.width)


class Host(App[None]):
    """Two pages below each other, and one that covers the lower half of both."""

    CSS = """
    Screen { layers: below above; }
    Vertical { layer: below; }
    Page { height: 6; }
    #c { layer: above; offset: 0 3; height: 6; width: 10; }
    """

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Page("a")
            yield Page("b")
        yield Page("c")

    def pages(self) -> list[Page]:
        return [self.query_one(f"#{letter}", Page) for letter in "abc"]


async def test_a_widget_is_asked_for_its_dirty_uncovered_lines_alone() -> None:
    """Those between two dirty places, and those behind others, stay as they were."""
    app = Host()
    async with app.run_test(size=(10, 12)):
        a, b, c = app.pages()
        compositor = app.screen._compositor
        for page in (a, b, c):
            page._styles_cache.clear()
            page.asked.clear()
        compositor._dirty_regions = {Region(0, 1, 10, 1), Region(0, 4, 10, 1), Region(0, 11, 10, 1)}
        update = partial_update(compositor)
        assert update is not None
        assert [page.asked for page in (a, b, c)] == [[1], [5], [1]]
        assert not compositor._dirty_regions
        assert partial_update(compositor) is None


async def test_what_is_composed_leaves_no_garbage() -> None:
    """A strip that holds itself is there until all garbage is collected: megabytes after some hundred keys."""
    app = Host()
    async with app.run_test(size=(10, 12)):
        compositor = app.screen._compositor
        for page in app.pages():
            page._styles_cache.clear()
        compositor._dirty_regions = {Region(0, 0, 10, 12)}
        update = partial_update(compositor)
        assert update is not None
        strips = [strip for line in update.chops for strip in update.chops[line].values() if strip is not None]  # type: ignore[attr-defined]
        assert len(strips) == 12
        assert not [strip for strip in strips if any(strip in parts for parts in _kept(strip))]


def _kept(strip: Strip) -> list[list[Strip]]:
    return [strip._divide_cache.get(key) or [] for key in strip._divide_cache.keys()]  # noqa: SIM118 - no mapping


async def test_where_it_fails_textual_composes_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that found it is answered all the same, and both terminals show the same."""

    def failing(compositor: Compositor) -> ChopsUpdate | None:
        compositor._dirty_regions.clear()
        raise LookupError

    with stage(ALL_STATES) as here:
        made = here.app("jobs")
        app = Twin(made.paths, made.settings, here.session, now=lambda: here.now)
        app.own_display = True
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("j")
            monkeypatch.setattr(display, "partial_update", failing)
            frames = app.frames
            await pilot.press("j")
            await pilot.pause()
            assert not app.own_display
            assert app.frames > frames
