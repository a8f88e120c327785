"""What an action has changed is painted at once, unless something else has to come first."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widget import Widget

from whisul_tui.terminal import straight_frames
from whisul_tui.terminal.straight_frames import StraightFrames


class Word(Widget):
    """A word that an action makes another one."""

    word = "before"

    def render(self) -> str:
        return self.word


class Program(StraightFrames, App[None]):
    frames = 0

    def compose(self) -> ComposeResult:
        yield Word()

    def action_change(self, way: str) -> None:
        word = self.query_one(Word)
        word.word = "after"
        word.refresh(layout=way == "layout")
        if way == "key":
            self.post_message(events.Key("a", "a"))

    def post_display_hook(self) -> None:
        super().post_display_hook()
        self.frames += 1


@pytest.mark.parametrize(("way", "at_once"), [("", 1), ("layout", 0), ("key", 0), ("a moment ago", 0)])
async def test_it_is_painted_before_anything_else_has_its_turn(way: str, at_once: int) -> None:
    """Not where it is to be laid out first, where another key waits, or with the frame of a moment ago."""
    program = Program()
    async with program.run_test() as pilot:
        await pilot.pause(0.05)
        program._painted_at = float("inf") if way == "a moment ago" else 0.0
        before = program.frames
        await program._dispatch_action(program, "change", (way,))
        assert program.frames - before == at_once
        while program.frames == before:
            await pilot.pause(0.01)


async def test_another_release_of_textual_paints_when_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(straight_frames, "KNOWN", frozenset())
    program = Program()
    async with program.run_test() as pilot:
        await pilot.pause(0.05)
        before = program.frames
        await program._dispatch_action(program, "change", ("",))
        assert program.frames == before
        while program.frames == before:
            await pilot.pause(0.01)
