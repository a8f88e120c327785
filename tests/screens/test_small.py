"""Terminals of every size: down to 40x10 of use, below 24x6 a sentence, and nowhere an end."""

from __future__ import annotations

import pytest
from textual.widgets import TextArea

from tests.support.stage import ALL_STATES, stage
from whisul_tui.screens.main import MainScreen
from whisul_tui.widgets.too_small import TooSmall

KEYS = (
    "1",
    "escape",
    "2",
    "j",
    "v",
    "escape",
    "Y",
    "escape",
    "question_mark",
    "escape",
    "enter",
    "escape",
    "3",
    "colon",
)


@pytest.mark.parametrize("size", [(1, 1), (3, 1), (10, 3), (12, 2), (20, 5), (23, 24), (120, 5), (40, 10)])
async def test_no_size_ends_it(size: tuple[int, int]) -> None:
    with stage(ALL_STATES) as made:
        app = made.app()
        async with app.run_test(size=size) as pilot:
            for key in KEYS:
                await pilot.press(key)
                await pilot.pause()
            await pilot.press("escape", "ctrl+q")
        assert app.return_code == 0


@pytest.mark.parametrize(("size", "is_told"), [((20, 5), True), ((23, 24), True), ((80, 5), True), ((24, 6), False)])
@pytest.mark.parametrize("room", ["write", "jobs", "listen"])
async def test_too_small_a_terminal_is_told(room: str, size: tuple[int, int], is_told: bool) -> None:
    with stage(ALL_STATES) as made:
        app = made.app(room)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            sentence = app.screen.query_one(TooSmall)
            assert sentence.display is is_told
            if is_told:
                assert sentence.region.size == size


async def test_a_window_made_small_and_large_again_keeps_text_and_focus() -> None:
    with stage(ALL_STATES) as made:
        app = made.app("write")
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("a", "b")
            await pilot.resize_terminal(12, 4)
            await pilot.pause()
            await pilot.press("c")
            await pilot.resize_terminal(80, 24)
            await pilot.pause()
            assert isinstance(app.screen, MainScreen)
            assert not app.screen.query_one(TooSmall).display
            assert isinstance(app.focused, TextArea)
            assert app.focused.text == "abc"
