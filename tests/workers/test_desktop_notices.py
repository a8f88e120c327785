"""Notices outside the program: gathered, and only while nobody looks."""

from __future__ import annotations

import os

import pytest
from textual import events

from tests.support.acting import Acting, acting
from tests.support.stage import NOW
from whisul_tui.app import WhisulApp
from whisul_tui.domain import JobState, Song
from whisul_tui.terminal.remembered import remember

RUNNING = [{"prompt": f"prompt {n}", "state": "running", "ago": 60.0 - n} for n in range(5)]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Rings of the bell, and notices."""
    found: list[str] = []
    monkeypatch.setattr(WhisulApp, "bell", lambda self: found.append("bell"))
    monkeypatch.setattr("whisul_tui.workers.desktop_notices.write_terminal", lambda app, text: found.append(text))
    monkeypatch.setattr("whisul_tui.workers.desktop_notices._GATHERED", 3600.0)  # `gathered` says when it is over
    monkeypatch.delenv("TMUX", raising=False)
    return found


async def end(shown: Acting, first: int, last: int) -> None:
    for number in shown.stage.numbers[first:last]:
        song = Song(f"Title; {number}", 80, 180, "https://cdn.example/a.mp3")
        shown.stage.store.settled(number, JobState.COMPLETED, NOW.timestamp(), song=song)
        await shown.tell(number)


async def gathered(shown: Acting) -> None:
    """The time in which ends are gathered is over."""
    assert shown.app.sitting is not None
    await shown.app.sitting._notices._outside._tell()


async def test_many_at_once_are_one_notice(written: list[str]) -> None:
    async with acting("write", RUNNING, notify="osc777") as shown:
        await end(shown, 0, 4)
        assert written == []
        await gathered(shown)
        assert written == ["\x1b]777;notify;whisul: 4 completed;Title, 1, Title, 2, Title, 3 and 1 more\x07"]
        await end(shown, 4, 5)
        await gathered(shown)
        assert written[1] == "\x1b]777;notify;whisul: completed;Title, 5\x07"


async def test_what_doctor_saw_is_used_and_else_the_bell_rings(written: list[str]) -> None:
    async with acting("write", RUNNING) as shown:
        await end(shown, 0, 1)
        assert written == ["bell"]
        remember(shown.stage.session.paths.state_dir, os.environ, {"OSC 9": True})
        await end(shown, 1, 2)
        await gathered(shown)
        assert written[1].startswith("\x1b]9;whisul: completed")


@pytest.mark.parametrize(("notify", "expected"), [("off", []), ("bell", ["bell"])])
async def test_off_and_bell_alone(written: list[str], notify: str, expected: list[str]) -> None:
    async with acting("write", RUNNING, notify=notify) as shown:
        await end(shown, 0, 1)
        assert written == expected


async def test_nothing_while_the_user_is_known_to_look(written: list[str]) -> None:
    async with acting("write", RUNNING) as shown:
        shown.app.post_message(events.AppBlur())
        await shown.pilot.pause()
        await end(shown, 0, 1)
        assert written == ["bell"]
        shown.app.post_message(events.AppFocus())
        await shown.pilot.pause()
        await end(shown, 1, 2)
        assert written == ["bell"]
