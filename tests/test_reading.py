"""Trouble with the store on the side of the screens: told once, shown in the header, and never the end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.acting import Acting, acting
from tests.support.stage import ALL_STATES, stage
from whisul_tui.reading import Reading
from whisul_tui.storage import StoreBusy, StoreError, StoreMissing

GONE = "The job store jobs.db was deleted or replaced while it was in use. Put it back, then start whisul-tui again."


def test_the_last_answer_stays_while_there_is_trouble() -> None:
    told: list[str] = []
    reading = Reading(told.append)

    def broken() -> int:
        raise StoreBusy("held by another")

    assert reading.ask("a", broken, 0) == 0
    assert reading.ask("a", lambda: 7, 0) == 7
    assert reading.trouble == ""
    assert [reading.ask("a", broken, 0), reading.ask("b", broken, -1), reading.ask("a", broken, 0)] == [7, -1, 7]
    assert reading.trouble == "held by another"
    assert told == ["held by another", "held by another"]  # once for each time that it began


def test_what_is_remembered_is_bounded() -> None:
    reading = Reading()
    for number in range(1000):
        reading.ask(number, lambda: "x", "")
    assert len(reading._last) == 32


def test_only_trouble_with_the_store_is_calmed() -> None:
    with pytest.raises(ZeroDivisionError):
        Reading().ask("a", lambda: 1 / 0, 0.0)


def break_store(shown: Acting, error: StoreError) -> None:
    """From now on every read of the open store raises."""

    def broken(*_: Any, **__: Any) -> Any:
        raise error

    database = shown.stage.session.database
    for name in ("query", "read", "snapshot", "data_version"):
        setattr(database, name, broken)
    shown.stage.engine.fails = error


@pytest.mark.parametrize("first", ["write", "jobs", "listen"])
async def test_no_key_ends_the_program_when_the_store_is_gone(first: str) -> None:
    """What was there stays on the screen, the header says what is wrong, and one toast has the whole sentence."""
    async with acting(first, ALL_STATES) as shown:
        before = shown.lines()[3:6]
        break_store(shown, StoreMissing(GONE))
        await shown.tell()
        assert shown.lines()[3:6] == before
        assert "store: The job store" in shown.lines()[0]
        assert shown.toasts.count(GONE) == 1
        keys = {
            "write": ["a", "enter", "ctrl+z", "ctrl+r", "escape", "up", "down", "escape", "1"],
            "jobs": [
                "j",
                "G",
                "s",
                "f",
                "escape",
                "o",
                "a",
                "y",
                "x",
                "u",
                "asterisk",
                "r",
                "T",
                "enter",
                "F",
                "s",
                "x",
                "enter",
                "escape",
                "escape",
                "W",
                "space",
                "escape",
                "i",
                "escape",
                "E",
                "escape",
                "slash",
                "x",
                "escape",
                "B",
                "R",
                "escape",
                "e",
                "escape",
                "c",
            ],
            "listen": ["j", "k", "y", "asterisk", "x", "u", "a", "escape", "3"],
        }[first]
        for key in keys:
            await shown.press(key)
        assert shown.app.is_running
        assert shown.app._exception is None


async def test_a_prompt_is_not_lost_when_the_store_is_gone() -> None:
    async with acting("write") as shown:
        await shown.type("keep me")
        break_store(shown, StoreMissing(GONE))
        await shown.press("enter")
        assert shown.editor.text == "keep me"


async def test_what_no_read_has_calmed_ends_with_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """The last net: a sentence and exit code 1, no traceback."""

    def broken() -> None:
        raise StoreMissing(GONE)

    with stage() as made:
        app = made.app("write")
        ended = asyncio.create_task(app.run_async(headless=True, size=(80, 24)))
        app.call_later(broken)
        await asyncio.wait_for(ended, 10)
        assert app.return_code == 1
        assert " ".join(capsys.readouterr().err.split()) == GONE
