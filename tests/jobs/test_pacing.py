"""The order of what leaves, and the intervals of a rhythm."""

from __future__ import annotations

from random import Random

import pytest

from whisul_tui.domain.gate import Gate
from whisul_tui.jobs.pacing import Pace, Pick, Scene, Slot, decide
from whisul_tui.jobs.rhythm import Rhythm

NOW = 1_700_000_000.0
RHYTHM = Rhythm()


@pytest.mark.parametrize(
    ("overdue", "submission", "row", "pick"),
    [
        (None, False, 0, None),
        (None, True, 0, Pick.SUBMISSION),
        (-20.0, False, 0, Pick.POLL),
        (59.0, True, 0, Pick.SUBMISSION),
        (60.0, True, 0, Pick.POLL),
        (900.0, True, 1, Pick.POLL),
        (900.0, True, 2, Pick.SUBMISSION),
        (0.0, False, 50, Pick.POLL),
    ],
)
def test_what_goes_first(overdue: float | None, submission: bool, row: int, pick: Pick | None) -> None:
    """Submissions, unless a job went unobserved for a minute; then two polls, then a submission again."""
    decision = decide(Gate(), Scene(overdue, submission, NOW + 7), Pace(None, row), RHYTHM, NOW)
    assert decision.pick is pick
    if pick is None:
        assert decision.until == NOW + 7
    assert decision.pace.polls_in_a_row == (row + 1 if pick is Pick.POLL else 0 if pick else row)


def test_one_slot_is_held_and_void_after_a_cut() -> None:
    """A request waits for its place in the pace; a cut makes the place void, so does sleeping past it."""
    scene = Scene(0.0, False)
    gate = Gate(rate=0.1, tentative=False, learnt_at=NOW, slot=NOW + 8)
    waits = decide(gate, scene, Pace(), RHYTHM, NOW)
    assert (waits.pick, waits.until, waits.pace.slot) == (None, NOW + 8, Slot(NOW + 8, 0))
    assert waits.gate.slot == NOW + 18
    same = decide(waits.gate, scene, waits.pace, RHYTHM, NOW + 1)
    assert (same.until, same.gate.slot) == (NOW + 8, NOW + 18)
    assert decide(same.gate, scene, same.pace, RHYTHM, NOW + 8).pick is Pick.POLL
    late = decide(same.gate, scene, same.pace, RHYTHM, NOW + 14)
    assert late.until == NOW + 18
    cut = decide(Gate(rate=0.1, epoch=1, slot=NOW + 12), scene, same.pace, RHYTHM, NOW + 8)
    assert cut.until == NOW + 12


def test_the_pace_grows_in_use_alone() -> None:
    """1 % a minute when solid, 50 % when not; a wait that two processes hold counts once."""
    for tentative, growth in ((False, 1.01), (True, 1.5)):
        gate = Gate(rate=0.1, tentative=tentative, learnt_at=NOW, slot=NOW + 10)
        held = decide(gate, Scene(0.0, False), Pace(), RHYTHM, NOW).gate
        assert held.rate == pytest.approx(0.1 * growth ** (10 / 60))
        assert decide(held, Scene(0.0, False), Pace(), RHYTHM, NOW).gate.grown_at > held.grown_at
        idle = decide(gate, Scene(None, False), Pace(), RHYTHM, NOW + 3600).gate
        assert idle.rate == 0.1


@pytest.mark.parametrize(
    ("age", "latency", "least", "most"),
    [(0.0, 0.2, 9.7, 10.0), (39.0, 0.2, 9.7, 10.0), (40.0, 0.2, 5.2, 5.2), (600.0, 0.2, 5.2, 5.2),
     (0.0, 8.0, 13.0, 13.0), (-3600.0, 0.2, 9.7, 10.0)],
)  # fmt: skip
def test_the_next_poll(age: float, latency: float, least: float, most: float) -> None:
    """Counted from question to question: 10 s below 45 s of age, then 5 s after the answer; the floor always."""
    due = RHYTHM.next_poll(NOW - age, NOW, NOW + latency)
    assert least <= due - NOW <= most + 1e-6
    assert due - (NOW + latency) >= RHYTHM.poll_min_seconds


@pytest.mark.parametrize(
    ("running", "pause"), [(1, 5.2), (100, 5.2), (104, 5.2), (150, 7.5), (194, 9.7), (1000, 9.75), (100_000, 9.75)]
)
def test_a_crowd_is_asked_less_often_but_within_the_ceiling(running: int, pause: float) -> None:
    """Up to a hundred jobs nothing changes; from two hundred on each is asked as late as it may be."""
    due = RHYTHM.next_poll(NOW - 600.0, NOW, NOW + 0.2, running)
    assert due - NOW == pytest.approx(pause)
    assert RHYTHM.is_crowd(running) == (running > 100)
    gathered = RHYTHM.burst_pause(running)
    assert (gathered or 0.0) < RHYTHM.margin
    assert (gathered is not None) == (running > 500)


@pytest.mark.parametrize(("low", "high"), [(0.5, 1.0), (5.0, 5.0), (5.0, 60.0), (0.05, 0.1)])
def test_every_rhythm_keeps_its_own_floor_and_ceiling(low: float, high: float) -> None:
    rhythm = Rhythm(low, high)
    for age in (0.0, 2 * high, 10 * high):
        for running in (1, 10_000):
            due = rhythm.next_poll(NOW - age, NOW, NOW, running)
            assert low - 1e-6 <= due - NOW <= high + 1e-6
    assert low - 1e-6 <= rhythm.first_poll(NOW) - NOW <= high + 1e-6
    assert rhythm.refusal_wait(1) == 5.0  # what the documents ask for does not shrink with the interval


@pytest.mark.parametrize(("low", "high"), [(0.5, 1.0), (5.0, 10.0), (5.0, 5.0), (5.0, 60.0)])
def test_a_stale_claim_cannot_break_the_floor(low: float, high: float) -> None:
    """Left as late as it may, a poll is still the floor apart from that of whoever claims when the lease is over."""
    rhythm = Rhythm(low, high)
    assert rhythm.lease - rhythm.stale_claim > low
    assert rhythm.stale_claim > 0


def test_what_failed_comes_again_within_10_to_30_s() -> None:
    waits = [RHYTHM.after_error(NOW, Random(seed)) - NOW for seed in range(200)]
    assert all(10 <= wait <= 30 for wait in waits)
    assert max(waits) - min(waits) > 15


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0), (5.0, 4.0)])
def test_an_impossible_rhythm(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="poll_min"):
        Rhythm(low, high)
