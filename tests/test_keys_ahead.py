"""Keys that come before a dialog stands: they wait for it, and do nothing to the screen below."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.screen import ModalScreen
from textual.widget import Widget

from tests.support.stage import ALL_STATES, stage
from whisul_tui.app import WhisulApp
from whisul_tui.screens.confirm import ConfirmScreen


@pytest.fixture
def _slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody else has many turns before a dialog gets its widgets."""
    compose = Widget._compose

    async def later(self: Widget) -> None:
        for _ in range(200 if isinstance(self, ModalScreen) else 0):
            await asyncio.sleep(0)
        await compose(self)

    monkeypatch.setattr(Widget, "_compose", later)


def in_one_breath(app: WhisulApp, *keys: str) -> None:
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.usefixtures("_slow_machine")
@pytest.mark.parametrize("key", ["F", "W", "E", "i", "T", "P", "Y", "I", "comma", "question_mark"])
async def test_keys_typed_ahead_of_a_dialog_reach_it(key: str) -> None:
    with stage([*ALL_STATES, {"state": "unconfirmed"}]) as scene:
        app = scene.app("jobs")
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            in_one_breath(app, key, "down", "up")
            await pilot.pause()
            assert isinstance(app.screen, ModalScreen)
            in_one_breath(app, "escape", key, "escape")
            for _ in range(20):
                await pilot.pause()
            assert not isinstance(app.screen, ModalScreen)


@pytest.mark.usefixtures("_slow_machine")
async def test_a_letter_for_a_dialog_does_nothing_to_the_jobs_below() -> None:
    with stage(ALL_STATES) as scene:
        app = scene.app("jobs")
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            in_one_breath(app, "F", "x", "asterisk", "escape")
            for _ in range(20):
                await pilot.pause()
            assert not isinstance(app.screen, ModalScreen)
            assert [call[0] for call in scene.engine.calls if call[0] in ("forget", "star")] == []


async def test_a_dialog_that_has_closed_takes_nothing_else_away() -> None:
    """Enter's message comes a turn later than the escape behind it: the screen below stays, the answer is the first."""
    with stage(ALL_STATES) as scene:
        app = scene.app("jobs")
        async with app.run_test(size=(120, 40)) as pilot:
            answers: list[bool | None] = []
            below, above = ConfirmScreen("One?", "", "yes"), ConfirmScreen("Two?", "", "yes")
            await app.push_screen(below, answers.append)
            await app.push_screen(above)
            below.dismiss(True)  # it is not seen
            assert app.screen is above
            above.dismiss(True)
            above.dismiss(False)
            await pilot.pause()
            assert app.screen is below
            below.dismiss(False)
            below.dismiss(True)
            await pilot.pause()
            assert answers == [False]
            assert len(app.screen_stack) == 1
