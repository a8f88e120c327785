"""i: the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.screens.jobs_stage import jobs_shown
from tests.support.stage import ALL_STATES, Stage, stage
from whisul_tui.widgets.dashboard_lines import spark

MANY: tuple[dict[str, Any], ...] = (
    *({"prompt": f"p {n}", "ago": 7e3 * n, "took": 60.0 + (n * 37) % 90, "title": f"T {n}"} for n in range(40, 0, -1)),
    *ALL_STATES,
)  # fmt: skip


def count(made: Stage) -> None:
    with made.store.turn() as turn:
        turn.count_requests(made.session.account, 210, 3)


async def test_it_tells_the_day_and_closes() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        count(shown.stage)
        await shown.press("i")
        text = shown.text()
        assert "2026-02-17" in text
        assert "210" in text
        assert "lofi 5" in text
        assert "usually 1:30, 9 in 10 within 1:46" in text
        shown.stage.store.tag(shown.stage.numbers[2:4], ["demo"])
        await shown.press("r")
        assert "#demo 2" in shown.text()
        await shown.press("i")
        assert "lofi 5" not in shown.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_dashboard_picture(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    """Two weeks of songs, with 429s."""
    with stage(MANY) as made:
        count(made)
        made.store.tag(made.numbers[:9], ["demo", "for Anna"])
        assert snap_compare(made.app(), press=["i"], terminal_size=size)


def test_dashboard_plain_picture(snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without colours and Unicode."""
    monkeypatch.setenv("NO_COLOR", "1")
    with stage(MANY) as made:
        assert snap_compare(made.app(glyphs="ascii"), press=["i"], terminal_size=(80, 24))


def test_empty_dashboard_picture(snap_compare: Callable[..., bool]) -> None:
    """Before the first job."""
    with stage() as made:
        assert snap_compare(made.app(), press=["i"], terminal_size=(80, 24))


def test_a_line_of_durations() -> None:
    assert spark([0, 50, 100], 9, unicode=True) == "▁▄█"
    assert spark([1, 50, 100], 2, unicode=False) == "=@"
    assert spark([], 9, unicode=True) == ""
    assert spark([0, 0], 9, unicode=True) == "▁▁"
