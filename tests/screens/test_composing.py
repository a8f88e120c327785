"""Composing several songs: braces and files are shown before anything is sent, and leave and come back together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.acting import acting
from whisul_tui.domain import JobState
from whisul_tui.domain.budget import Budget

FOUR = "{lofi|jazz} beat, {rain|no rain}"
PROMPTS = ("lofi beat, rain", "lofi beat, no rain", "jazz beat, rain", "jazz beat, no rain")


async def test_braces_are_counted_shown_and_sent_after_one_question() -> None:
    async with acting() as shown:
        await shown.paste(FOUR)
        assert "4 songs" in shown.text()
        await shown.press("enter")
        assert shown.sheet == "PreviewScreen"
        assert "4 songs: this costs 4 submissions" in shown.text()
        assert all(prompt in shown.text() for prompt in PROMPTS)
        await shown.press("enter", "n")
        assert shown.editor.text == FOUR
        assert not shown.called("submit_all")
        await shown.press("enter", "y")
        assert shown.called("submit_all") == [PROMPTS]
        assert shown.editor.text == ""
        await shown.press("ctrl+z")
        assert shown.editor.text == FOUR
        assert shown.stage.store.counts()[JobState.HELD] == 0


async def test_a_brace_that_is_open_is_told_and_the_cursor_goes_there() -> None:
    async with acting() as shown:
        await shown.paste("calm lofi\nslow {a|b")
        assert "Line 2, character 6: this { is never closed" in shown.text()
        await shown.press("enter")
        assert not shown.called("submit_all")
        assert shown.editor.text == "calm lofi\nslow {a|b"
        assert shown.editor.cursor_location == (1, 5)


async def test_a_prompt_with_braces_of_its_own_comes_back_as_itself() -> None:
    prompt = r"calm {a|b} lofi"
    async with acting("jobs", [{"prompt": prompt, "state": "failed"}]) as shown:
        await shown.press("e")
        assert shown.editor.text == r"calm \{a\|b\} lofi"
        await shown.press("enter")
        assert [call[0] for call in shown.called("submit")] == [prompt]


async def test_at_the_limit_of_the_budget_a_question_is_asked() -> None:
    async with acting() as shown:
        shown.stage.engine.budget = Budget(day=5)
        await shown.paste(FOUR)
        await shown.press("enter")
        assert "today 0 of 5" in shown.text()
        await shown.press("y")
        await shown.paste("{a|b} calm lofi")
        await shown.press("enter", "y")
        assert shown.sheet == "ConfirmScreen"
        assert "4 of 5 today" in shown.text()
        await shown.press("n")
        assert shown.editor.text == "{a|b} calm lofi"
        assert shown.stage.store.counts()[JobState.HELD] == 4
        await shown.press("enter", "y", "y")
        assert shown.stage.store.counts()[JobState.HELD] == 6
        assert shown.editor.text == ""


async def test_again_asks_at_the_limit_too() -> None:
    async with acting("jobs", [{"prompt": "sea shanty", "state": "failed"}], same_prompt_seconds=0) as shown:
        shown.stage.engine.budget = Budget(day=1, month=1)
        shown.stage.engine._now += 86_400.0 * 14  # the failed one was sent in another month
        await shown.press("a")
        assert shown.sheet != "ConfirmScreen"
        await shown.press("g", "j", "a")
        assert "1 of 1 today and 1 of 1 this" in shown.text()
        await shown.press("escape")
        assert shown.stage.store.counts()[JobState.HELD] == 1


async def test_prompts_of_a_file_are_shown_and_sent_so_many_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "songs.txt").write_text("soft rain {literal|braces}\n\nloud thunder\n", encoding="utf-8")
    async with acting() as shown:
        await shown.type("a draft")
        await shown.press("ctrl+o")
        await shown.type("none.txt")
        await shown.press("enter")
        assert "cannot be read: No such file" in shown.words()
        await shown.press(*["backspace"] * 8)
        await shown.type("songs.txt")
        await shown.press("enter")
        assert "2 songs: this costs 2 submissions" in shown.text()
        assert "at most 4 with Whisul at a time" in shown.text()
        await shown.press("minus", "minus", "y")
        assert shown.called("submit_all") == [("soft rain {literal|braces}", "loud thunder")]
        assert shown.editor.text == "a draft"
        rows = shown.stage.session.database.query("SELECT template, at_once FROM families")
        assert [tuple(row) for row in rows] == [("", 2)]


async def test_advice_stands_under_the_editor_and_keeps_nothing_back() -> None:
    async with acting() as shown:
        await shown.type("a song about my cat")
        assert "left open: genre, mood, tempo" in shown.text()
        await shown.press("enter")
        assert shown.called("submit") == [("a song about my cat", None)]
        assert "left open" not in shown.text()


async def test_advice_can_be_off() -> None:
    async with acting(lint=False) as shown:
        await shown.type("a song about my cat")
        assert "left open" not in shown.text()


async def test_the_header_counts_the_budget() -> None:
    async with acting("jobs", [{"prompt": "sea shanty", "state": "failed", "ago": 60.0}]) as shown:
        assert "today" not in shown.lines()[0]
        shown.stage.engine.budget = Budget(day=2, month=300)
        await shown.tell()
        assert "today 1/2  month 1/300" in shown.lines()[0]
        await shown.press("a", "y")
        assert "today 2/2" in shown.lines()[0]


async def test_at_the_end_paused_prompts_are_counted_apart() -> None:
    async with acting() as shown:
        await shown.paste(FOUR)
        await shown.press("enter", "y", "escape", "O", "space", "escape")
        await shown.press("ctrl+q")
        await shown.pilot.pause()
    assert (shown.app.still_open, shown.app.paused) == (3, 1)
