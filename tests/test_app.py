"""The app: keys that act everywhere, the palette, hostile text, small terminals, and a quick end."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace

import pytest
from textual.widgets import Input

from tests.support.acting import acting
from tests.support.stage import ALL_STATES, stage
from whisul_tui.app import WhisulApp, first_room
from whisul_tui.domain import JobState
from whisul_tui.domain.clean import clean_line, clean_text
from whisul_tui.paths import find_paths
from whisul_tui.session import open_session
from whisul_tui.settings import load_settings
from whisul_tui.storage import View


@pytest.mark.parametrize("first", ["jobs", "listen"])
async def test_each_screen_is_one_key_away(first: str) -> None:
    async with acting(first, [{}]) as shown:
        for key, mode in {"c": "write", "1": "write", "2": "jobs", "f2": "jobs", "3": "listen", "f3": "listen"}.items():
            shown.app.switch_mode(first)
            await shown.pilot.pause()
            await shown.press(key)
            assert shown.mode == mode


async def test_from_the_editor_the_function_keys_lead_away() -> None:
    async with acting("write", [{}]) as shown:
        await shown.press("x", "f2")
        assert shown.mode == "jobs"
        await shown.press("1", "f3")
        assert shown.mode == "listen"


async def test_the_palettes_cursor_stands_still() -> None:
    """Each blink would be sent over SSH, twice a second."""
    with stage([{}]) as made:
        app = made.app("jobs")
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("ctrl+p")
            await pilot.pause()
            field = app.screen.query_one(Input)
            assert field.has_focus
            assert not field.cursor_blink
            await pilot.press("escape")


async def test_the_palette_opens_and_closes() -> None:
    async with acting("jobs", [{}]) as shown:
        for key in ("colon", "ctrl+p"):
            await shown.press(key)
            assert shown.sheet == "CommandPalette"
            await shown.press("escape")
            assert shown.sheet == "JobsScreen"


@pytest.mark.parametrize("first", ["write", "jobs", "listen"])
async def test_ctrl_q_ends_it_anywhere(first: str) -> None:
    async with acting(first, [{}]) as shown:
        await shown.press("ctrl+q")
        assert not shown.app.is_running
        assert shown.app.return_value == 0


async def test_q_ends_it_on_jobs_alone() -> None:
    async with acting("listen", [{}]) as shown:
        await shown.press("q")
        assert shown.app.is_running
        await shown.press("2", "q")
        assert not shown.app.is_running


async def test_open_jobs_are_counted_for_the_last_word() -> None:
    with stage(ALL_STATES) as made:
        app = made.app("jobs")
        async with app.run_test() as pilot:
            await pilot.press("q")
        assert app.still_open == 4


def test_the_first_screen_is_the_jobs_where_there_are_any() -> None:
    with stage() as made:
        assert first_room(made.session) == "write"
        made.store.hold("x", account="default@whisul.com", now=1.0, not_before=2.0)
        assert first_room(made.session) == "jobs"


async def test_an_unknown_key_binding_and_a_wrong_setting_are_told() -> None:
    with stage() as made:
        made.settings = replace(made.settings, keys={"agian": "z"})
        session = replace(made.session, settings=made.settings)
        app = WhisulApp(
            session.paths, made.settings, session, first="jobs", problem="No key: api_key_command ended with 1."
        )
        async with app.run_test() as pilot:
            await pilot.pause()
            told = [toast.message for toast in app._notifications]
            assert told[0] == "No key: api_key_command ended with 1."
            assert "agian: there is no such action" in told[1]


async def test_a_remapped_key_acts_and_the_old_one_does_not() -> None:
    with stage([{}]) as made:
        made.settings = replace(made.settings, keys={"screen.listen": "9"})
        app = made.app("jobs")
        async with app.run_test() as pilot:
            await pilot.press("3")
            assert app.current_mode == "jobs"
            await pilot.press("9")
            assert app.current_mode == "listen"


# The palette --------------------------------------------------------------------------------------------------------


RUNS = {
    "jobs": {
        "forget": lambda shown: shown.called("forget"),
        "down": lambda shown: shown.sheet == "JobsScreen",
        "all jobs": lambda shown: shown.mode == "jobs",
        "compose": lambda shown: shown.mode == "write",
    },
    "listen": {
        "star": lambda shown: shown.called("star"),
        "link sheet": lambda shown: shown.sheet == "LinkSheet",
    },
    "write": {
        "new line": lambda shown: shown.editor.text == "x\n",
        "theme: whisul-light": lambda shown: shown.app.theme == "whisul-light",
        "send the prompt": lambda shown: shown.called("submit") == [("x", None)],
        "search earlier": lambda shown: shown.sheet == "HistoryScreen",
    },
}


@pytest.mark.parametrize("first", RUNS)
async def test_the_palette_runs_what_it_shows(first: str) -> None:
    async with acting(first, [{}, {}]) as shown:
        if first == "write":
            await shown.type("x")
        for typed, there in RUNS[first].items():
            await shown.press("ctrl+p")
            await shown.type(typed)
            for _ in range(200):  # hits are gathered by workers of the palette's own
                await shown.pilot.pause(0.01)
                if shown.app.screen.query("CommandList").first().option_count:  # type: ignore[attr-defined]
                    break
            await shown.press("enter")
            await shown.pilot.pause()
            assert there(shown), typed


async def test_the_palette_begins_with_this_screens_own_and_has_no_foreign_commands() -> None:
    async with acting("write", [{}], size=(80, 60)) as shown:
        await shown.press("ctrl+p")
        await shown.pilot.pause(0.1)
        lines = [line for line in shown.lines() if "│" in line]
        assert "Send the prompt" in lines[1]
        for foreign in ("Screenshot", "Maximize", "Keys"):
            assert foreign not in shown.text()


# Hostile text, small terminals ---------------------------------------------------------------------------------------

HOSTILE = "[/] [bold]x[/bold] [@click=app.quit]quit[/] [link=x]y[/link] {0} %s \\ "
WIDE = "夜のローファイ e\u0301\u0301\u0301 \u200b\u202eabc\u2066 \x1b[31m\x1b]52;c;AAAA\x07"


@pytest.mark.parametrize(("first", "size"), [("write", (120, 40)), ("jobs", (80, 24)), ("listen", (120, 40))])
async def test_hostile_text_is_shown_literally(first: str, size: tuple[int, int]) -> None:
    """As it is after the border's cleaning: markup, links and actions are only text, and no escape leaves."""
    jobs = [
        {
            "prompt": clean_text(HOSTILE + WIDE), "title": clean_line(HOSTILE + WIDE), "tags": (clean_line(HOSTILE),),
            "message": clean_line(HOSTILE), "state": state, "ago": 900.0 + number,
        }
        for number, state in enumerate(("completed", "failed", "rejected", "running", "held", "unconfirmed", "expired"))
    ]  # fmt: skip
    async with acting(first, jobs, size=size) as shown:
        assert "[/] [bold]x[/bold]" in shown.text()
        for keys in (["ctrl+p", "escape"], ["f1", "escape"], ["f2", "a"], ["y"], ["f3", "v"], ["escape"], ["c"]):
            await shown.press(*keys)
            for forbidden in ("\x1b", "\x07", "\u202e", "\u2066", "\u200b"):
                assert forbidden not in shown.text()
        await shown.type("[@click=app.quit]")
        await shown.pilot.click("PromptEditor", offset=(5, 1))
        assert shown.app.is_running


@pytest.mark.parametrize("size", [(40, 10), (20, 5), (1, 1)])
async def test_no_size_breaks_a_screen(size: tuple[int, int]) -> None:
    async with acting("write", ALL_STATES, size=size) as shown:
        steps = [
            "x",
            "enter",
            "ctrl+r",
            "escape",
            "ctrl+p",
            "escape",
            "f1",
            "escape",
            "f2",
            "j",
            "enter",
            "escape",
            "f3",
        ]
        for key in (*steps, "v", "escape", "Y", "escape", "d", "K", "enter", "escape", "escape"):
            await shown.press(key)
        assert shown.app.is_running
        for again in ((80, 24), size):
            await shown.pilot.resize_terminal(*again)
            await shown.pilot.pause()
        assert shown.app._exception is None


async def test_at_40x10_the_editor_has_room_and_the_screen_its_name() -> None:
    async with acting("write", size=(40, 10)) as shown:
        await shown.type("soft rain")
        assert "1 Write" in shown.lines()[0]
        assert "soft rain" in shown.text()
        assert "enter send" in shown.text()


# The real engine -----------------------------------------------------------------------------------------------------


async def test_with_the_real_engine_a_prompt_is_held_and_the_end_is_quick() -> None:
    """Nothing of Whisul's is reached: the undo delay is longer than the test."""
    paths = find_paths()
    settings = load_settings(paths, environ={"WHISUL_API_KEY": "wh_0123456789abcdef"})
    settings = replace(settings, values={**settings.values, "undo_seconds": 60.0})
    with ExitStack() as stack:
        session = stack.enter_context(open_session(paths, settings))
        app = WhisulApp(paths, settings, session)
        stack.callback(app.close)
        async with app.run_test() as pilot:
            await pilot.press(*"rain", "enter")
            for _ in range(200):
                await pilot.pause(0.01)
                if session.windows.total(View()):
                    break
            assert session.store.counts()[JobState.HELD] == 1
            began = time.monotonic()
            await pilot.press("ctrl+q")
        stack.close()
        assert time.monotonic() - began < 5
        assert (app.still_open, app.paused) == (1, 0)
