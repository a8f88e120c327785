"""calm: nothing on the screens moves by itself; what happens is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.screens.jobs_stage import jobs_shown
from tests.support.acting import acting
from tests.support.stage import ALL_STATES, NOW, Status, stage
from whisul_tui.domain import JobState
from whisul_tui.widgets.header import poller_words


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_time_alone_changes_nothing(size: tuple[int, int]) -> None:
    async with jobs_shown(ALL_STATES, size, calm=True) as shown:
        shown.stage.engine.current = Status("polling", next_poll_at=NOW.timestamp() + 4)
        await shown.press("j", "j")
        before = shown.text()
        assert "next poll" not in before
        shown.stage.now += timedelta(seconds=20)
        shown.stage.engine.tell(*shown.stage.numbers)  # a poll, and nothing new
        await shown.pilot.pause()
        assert shown.text() == before


async def test_an_end_is_shown() -> None:
    async with jobs_shown(ALL_STATES, calm=True) as shown:
        number = next(n for n in shown.stage.numbers if _state(shown.stage.store, n) is JobState.RUNNING)
        assert "2 running" in shown.text()
        shown.stage.store.settled(number, JobState.FAILED, NOW.timestamp(), message="The violins broke.")
        shown.stage.engine.tell(number)
        await shown.pilot.pause()
        assert "The violins" in shown.text()
        assert "1 running" in shown.text()


def _state(store: object, number: int) -> object:
    job = store.get(number)  # type: ignore[attr-defined]
    return job.state


async def test_no_timer_runs_on_any_screen() -> None:
    async with acting("write", ALL_STATES, calm=True) as shown:
        for room in ("write", "jobs", "listen"):
            await shown.app.switch_mode(room)
            await shown.pilot.pause()
            nodes = [shown.app.screen, *shown.app.screen.query("*")]
            at_work = [timer for node in nodes for timer in node._timers if timer._active.is_set()]
            assert [timer for timer in at_work if timer._repeat is None] == [], room


def test_the_header_tells_times_of_day(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = Status("limited", until=NOW.timestamp() + 20)
    assert poller_words(limited, NOW, calm=True) == ("429: waiting until 16:00:20", "limited")
    assert poller_words(replace(limited, phase="offline"), NOW, calm=True) == ("offline: retry at 16:00:20", "offline")
    assert poller_words(Status("polling", next_poll_at=NOW.timestamp() + 4), NOW, calm=True) == ("", None)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_calm_picture(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    """Times of day in the place of seconds."""
    with stage(ALL_STATES) as made:
        made.engine.current = Status("limited", until=NOW.timestamp() + 20)
        assert snap_compare(made.app(calm=True), press=["j", "j"], terminal_size=size)
