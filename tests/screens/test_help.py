"""Help, the question and the history by their keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.acting import acting
from tests.support.stage import stage
from whisul_tui.keymap import KEYS, ROOMS
from whisul_tui.screens.help import HelpScreen


@pytest.mark.parametrize(("first", "title"), [("write", "Write"), ("jobs", "Jobs"), ("listen", "Listen")])
async def test_help_begins_with_the_screen_that_one_is_on(first: str, title: str) -> None:
    async with acting(first) as shown:
        await shown.press("f1")
        assert shown.sheet == "HelpScreen"
        assert title in shown.lines()[2]


async def test_help_closes() -> None:
    async with acting("jobs") as shown:
        for key in ("escape", "q", "question_mark", "f1", "enter"):
            await shown.press("question_mark")
            assert shown.sheet == "HelpScreen"
            await shown.press(key)
            assert shown.sheet == "JobsScreen"


async def test_help_has_every_key_of_every_room() -> None:
    text = HelpScreen("jobs", {})
    async with acting("jobs", size=(100, 400)) as shown:
        shown.app.push_screen(text)
        await shown.pilot.pause()
        words = shown.text()
        assert all(room in words for room in ROOMS.values())
        assert all(key.help in words for key in KEYS.values())


async def test_help_scrolls() -> None:
    async with acting("jobs") as shown:
        await shown.press("question_mark")
        box = shown.app.screen.query_one("#help-box")
        seen = []
        for key in ("j", "down", "k", "up", "pagedown", "space", "ctrl+d", "pageup", "ctrl+u", "end", "g", "G", "home"):
            await shown.press(key)
            seen.append(box.scroll_y)
        page = box.size.height - 1
        end = box.max_scroll_y
        assert seen == [1, 2, 1, 0, page, 2 * page, 3 * page, 2 * page, page, end, 0, end, 0]


async def test_help_shows_the_users_own_keys() -> None:
    with stage() as made:
        made.settings = replace(made.settings, keys={"again": "ctrl+y", "quit": "Q"})
        app = made.app("jobs")
        async with app.run_test(size=(100, 90)) as pilot:
            await pilot.press("question_mark")
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            lines = ["".join(segment.text for segment in strip) for strip in strips]
            assert any("^y" in line and "Again" in line for line in lines)
            assert any(" Q " in line and "Quit" in line for line in lines)


PAST = [
    {"prompt": "harp study", "ago": 90.0},
    {"prompt": "sea [b]shanty[/b]", "ago": 80.0},
    {"prompt": "polka", "ago": 7.0},
]


async def test_history_by_its_keys() -> None:
    shanty = "sea [b]shanty[/b]"
    ways = {
        "enter": "polka",
        "down enter": shanty,
        "ctrl+r ctrl+n enter": "harp study",
        "down down up enter": shanty,
        "down ctrl+p enter": "polka",
        "s h a enter": shanty,
        "escape": "",
        "ctrl+g": "",
    }
    async with acting(jobs=PAST) as shown:
        for keys, taken in ways.items():
            shown.editor.put("")
            await shown.press("ctrl+r", *keys.split())
            assert shown.sheet == "WriteScreen"
            assert shown.editor.text == taken, keys


async def test_history_without_a_match_stays_open_and_says_so() -> None:
    async with acting(jobs=PAST) as shown:
        await shown.press("ctrl+r", "z", "z", "enter")
        assert shown.sheet == "HistoryScreen"
        assert "No earlier prompt has these letters." in shown.text()
        await shown.press("backspace", "backspace")
        assert "sea [b]shanty[/b]" in shown.text()


async def test_history_of_a_newcomer() -> None:
    async with acting() as shown:
        await shown.press("ctrl+r")
        assert "No prompt was sent yet." in shown.text()
