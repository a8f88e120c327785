"""The short forms of the long tortures; `python -m tests.e2e.kill_torture` and `tests.e2e.fleet` are the long ones."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.fleet import sail
from tests.e2e.kill_torture import torture_generate, torture_tui


def test_killed_tuis_lose_nothing_and_send_nothing_twice(tmp_path: Path) -> None:
    verdict, torture = torture_tui(tmp_path, kills=3, seed=1)
    assert verdict.breaches == []
    assert len(torture.killed) == 3
    assert sum(count for fate, count in verdict.fates.items() if fate.startswith("accepted")) > 0


def test_killed_verbs_lose_nothing_and_send_nothing_twice(tmp_path: Path) -> None:
    verdict, torture = torture_generate(tmp_path, kills=3, seed=2)
    assert verdict.breaches == []
    assert len(torture.killed) == 3


def test_two_tuis_and_a_wait_share_the_work_though_they_are_killed_and_stopped(tmp_path: Path) -> None:
    report = sail(tmp_path, seconds=12, jobs=5, tuis=2, floor=1.0, ceiling=2.0, seed=3)
    assert report.breaches == []
    assert report.polls >= 5 * 4
    assert report.kills > 0
    assert report.stops > 0
