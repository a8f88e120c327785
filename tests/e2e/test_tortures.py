"""The short forms of the long tortures; `python -m tests.e2e.kill_torture` and `tests.e2e.fleet` are the long ones."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.fleet import sail
from tests.e2e.kill_torture import torture_generate, torture_tui
from tests.e2e.meanwhile import meanwhile


@meanwhile
def test_killed_tuis_lose_nothing_and_send_nothing_twice(folder: Path) -> None:
    verdict, torture = torture_tui(folder, kills=4, seed=1)
    assert verdict.breaches == []
    assert len(torture.killed) == 4
    assert sum(count for fate, count in verdict.fates.items() if fate.startswith("accepted")) > 0


@meanwhile
def test_killed_verbs_lose_nothing_and_send_nothing_twice(folder: Path) -> None:
    verdict, torture = torture_generate(folder, kills=6, seed=2)
    assert verdict.breaches == []
    assert len(torture.killed) == 6


@meanwhile
def test_two_tuis_and_a_wait_share_the_work_though_they_are_killed_and_stopped(folder: Path) -> None:
    report = sail(folder, seconds=12, jobs=5, tuis=2, floor=1.0, ceiling=2.0, seed=3)
    assert report.breaches == []
    assert report.polls >= 5 * 4
    assert report.kills > 0
    assert report.stops > 0
