"""The header: every phase of the poller, every width, trouble of the store, and silence while nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.widget import Widget

from tests.support.acting import acting
from tests.support.stage import ALL_STATES, NOW, Status
from whisul_tui.key_words import with_keys
from whisul_tui.storage import StoreMissing
from whisul_tui.widgets.header import Header, poller_words
from whisul_tui.widgets.outbox_lines import OutboxLines

AT = NOW.timestamp()
SENTENCE = (
    "The job store /home/somebody/.local/share/whisul-tui/jobs.db cannot be written. Make it and its folder writable."
)
PHASES = [
    (Status("idle"), "", None),
    (Status("polling", None, AT + 4.2), "next poll 4s", None),
    (Status("polling", None, AT - 3), "next poll 0s", None),
    (Status("limited", AT + 20), "429: waiting 20s", "limited"),
    (Status("offline", AT + 12), "offline: retry 12s", "offline"),
    (Status("offline", None), "offline: retry 0s", "offline"),
    (Status("key_refused"), "key refused: {setup} gives another", "refused"),
    (Status("store_trouble", message="The disk is full."), "store: The disk is full.", "trouble"),
    (Status("store_trouble"), "store: trouble", "trouble"),
]


@pytest.mark.parametrize(("status", "words", "alarm"), PHASES)
def test_the_words_of_every_phase(status: Status, words: str, alarm: str | None) -> None:
    assert poller_words(status, NOW) == (words, alarm)


async def test_every_phase_fits_every_width() -> None:
    """From 40 columns on the screen's own name and the beginning of the phase are whole."""
    async with acting("jobs", ALL_STATES, size=(200, 24)) as shown:
        header = shown.app.screen.query_one(Header)
        for status, words, _ in [*PHASES, (Status("store_trouble", message=SENTENCE), "store: The job", "trouble")]:
            shown.stage.engine.current = status
            for width in range(40, 201):
                line = header.compose_line(width).plain
                assert len(line) == width
                assert "2 Jobs" in line
                assert with_keys(words, {})[:20] in line, (width, line)


async def test_below_40_columns_nothing_breaks() -> None:
    async with acting("jobs", ALL_STATES, size=(80, 24)) as shown:
        header = shown.app.screen.query_one(Header)
        for status, _, _ in PHASES:
            shown.stage.engine.current = status
            for width in range(1, 40):
                assert len(header.compose_line(width).plain) <= width


async def test_counts_come_in_the_order_of_what_wants_attention() -> None:
    """At 120 columns all of them, at 80 what runs and what is unconfirmed."""
    async with acting("jobs", ALL_STATES, size=(120, 24)) as shown:
        line = shown.lines()[0]
        words = ["2 running", "1 unconfirmed", "1 held", "1 failed", "5 completed"]
        assert [line.index(word) for word in words] == sorted(line.index(word) for word in words)
        assert line.rstrip().endswith("default")
        await shown.pilot.resize_terminal(80, 24)
        await shown.pilot.pause()
        assert "2 running  1 unconfirmed" in shown.lines()[0]


async def test_counts_follow_the_jobs() -> None:
    async with acting("write", ALL_STATES) as shown:
        shown.stage.store.expired(shown.stage.numbers[-3], AT, "gone")
        await shown.tell()
        assert "1 running" in shown.lines()[0]
        await shown.press("escape")
        assert "1 running" in shown.lines()[0]


async def test_seconds_are_counted_down() -> None:
    async with acting("write") as shown:
        shown.stage.engine.current = Status("limited", AT + 20)
        await shown.tell()
        assert "429: waiting 20s" in shown.lines()[0]
        header = shown.app.screen.query_one(Header)
        header._desk = replace(header._desk, now=lambda: NOW.replace(second=7))
        header.tick()
        await shown.pilot.pause()
        assert "429: waiting 13s" in shown.lines()[0]


@pytest.mark.parametrize("first", ["write", "jobs", "listen"])
async def test_nothing_is_drawn_while_nothing_changes(first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An idle terminal costs nothing: not one widget asks to be drawn again, however often time and news pass."""
    async with acting(first, [{"prompt": "an old one"}]) as shown:
        drawn: list[Widget] = []
        refresh: Callable[..., Any] = Widget.refresh

        def counted(self: Widget, *regions: Any, **options: Any) -> Any:
            drawn.append(self)
            return refresh(self, *regions, **options)

        monkeypatch.setattr(Widget, "refresh", counted)
        for _ in range(5):
            for widget in shown.app.screen.query("*").results():
                if isinstance(widget, Header | OutboxLines):
                    widget.tick()
            if first == "jobs":
                shown.app.screen.tick()  # type: ignore[attr-defined]
            await shown.tell()
        assert drawn == []


async def test_an_engine_that_raises_is_shown_as_trouble() -> None:
    async with acting("write") as shown:

        def broken() -> Status:
            raise StoreMissing("The job store was deleted while it was in use.")

        shown.stage.engine.status = broken  # type: ignore[method-assign]
        shown.app.screen.query_one(Header).tick()
        await shown.pilot.pause()
        assert "store: The job store was" in shown.lines()[0]
