"""A toast ends, also one whose time was over before it stood on the screen."""

from __future__ import annotations

import pytest
from textual.notifications import Notify
from textual.widgets._toast import Toast

from tests.support.stage import ALL_STATES, stage


async def test_a_toast_whose_time_is_over_while_it_is_mounted_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's timer counts backwards for ever when it is told to wait for less than no time."""
    heard: list[Notify] = []
    with stage(ALL_STATES) as scene:
        app = scene.app("jobs")
        async with app.run_test(size=(80, 24)) as pilot:
            monkeypatch.setattr(type(app), "_on_notify", lambda _app, event: heard.append(event))
            app.notify("Copied.", timeout=4, markup=False)
            app.screen.notify("Gone.", markup=False)
            await pilot.pause()
            for timeout, event in zip((4, app.NOTIFICATION_TIMEOUT), heard, strict=True):
                notice = event.notification
                assert not notice.has_expired
                assert 0 < notice.time_left <= timeout
                notice.raised_at -= timeout  # while the other toasts were made, say
                assert notice.has_expired
                late = Toast(notice)
                assert late._timeout > 0
                await app.screen.mount(late)
                while late.is_attached:
                    await pilot.pause()
