"""A short form of each torture, and a sign that it can fail; the full ones are commands, see the README."""

from __future__ import annotations

import shutil

import pytest

from tests.torture import outbox_model, syscall_kills
from whisul_tui.jobs.outbox import Outbox


def may_trace() -> bool:
    return shutil.which("strace") is not None


@pytest.mark.skipif(not may_trace(), reason="strace is not installed")
def test_killed_at_system_calls() -> None:
    verdict = syscall_kills.run(["202"], points=5, seed=3)
    assert verdict.points == 5
    assert verdict.killed
    assert (verdict.lost, verdict.doubled, verdict.broken) == ([], [], [])


def test_any_order_of_prompts_answers_crashes_and_clocks() -> None:
    outbox_model.check(12, 30)


def test_the_model_sees_a_prompt_that_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def held_again(self: Outbox, number: int, _evidence: str) -> None:
        self.not_sent(number, 0.0)

    monkeypatch.setattr(Outbox, "_unconfirmed", held_again)
    with pytest.raises(AssertionError, match="sent twice"):
        outbox_model.check(60, 40, shrink=False)


def test_the_model_sees_an_id_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Outbox._accepted
    monkeypatch.setattr(Outbox, "_accepted", lambda self, job, job_id: right(self, job, f"{job_id}-not"))
    with pytest.raises(AssertionError, match="was taken, and is running"):
        outbox_model.check(60, 40, shrink=False)
