"""The gate's rules one by one: what an answer changes, what a clock that was set may not."""

from __future__ import annotations

from bisect import bisect_left
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whisul_tui.domain.gate import Gate
from whisul_tui.jobs.gate_rules import (
    Answer,
    Answered,
    answered,
    clock_jumped,
    healed,
    key_changed,
    probe_withdrawn,
    served,
)
from whisul_tui.jobs.pacing import Pace, Pick, Scene, decide
from whisul_tui.jobs.rhythm import Rhythm, opens_at

NOW = 1_700_000_000.0
RHYTHM = Rhythm()
DUE = Scene(overdue=0.0, submission=False)


def after(gate: Gate, kind: Answered, now: float, sent_at: float | None = None, **more: float) -> Gate:
    answer = Answer(kind, now if sent_at is None else sent_at, **more)
    return answered(gate, answer, RHYTHM, now, Random(1))


def test_waits_in_a_row() -> None:
    gate, now = Gate(), NOW
    waits = []
    for _ in range(8):
        gate = after(gate, Answered.LIMITED, now)
        waits.append(gate.until - now)
        now = gate.until
    for wait, expected in zip(waits, (5, 10, 20, 40, 60, 60, 60, 60), strict=True):
        assert expected <= wait <= 1.1 * expected


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [(None, 5, 5.5), (2.0, 5, 5.5), (90.0, 90, 99), (-5.0, 5, 5.5), (1e9, 3600, 3960), (0.0, 5, 5.5)],
)
def test_the_longer_wait_wins(retry_after: float | None, least: float, most: float) -> None:
    """Retry-After only ever makes it longer, and an hour is the most that is believed."""
    gate = answered(Gate(), Answer(Answered.LIMITED, NOW, retry_after), RHYTHM, NOW, Random(2))
    assert least <= gate.until - NOW <= most


def test_a_late_refusal_prolongs_and_does_not_count() -> None:
    gate = after(Gate(), Answered.LIMITED, NOW)
    late = after(gate, Answered.LIMITED, NOW + 3, sent_at=NOW - 1)
    assert late.refusals == 1
    assert late.until == NOW + 8
    assert after(gate, Answered.LIMITED, NOW + 3, sent_at=NOW - 1, retry_after=30.0).until == NOW + 33
    assert (late.rate, late.epoch) == (gate.rate, gate.epoch)


def test_a_late_success_opens_nothing() -> None:
    gate = after(Gate(), Answered.LIMITED, NOW)
    late = after(gate, Answered.SERVED, NOW + 1, sent_at=NOW - 1)
    assert late._replace(accepts=()) == gate
    assert after(gate, Answered.KEY_REFUSED, NOW + 1, sent_at=NOW - 1) == gate


def test_one_probe_and_its_lease() -> None:
    """After the wait one request leaves; the next when it is answered, withdrawn, or its lease has run out."""
    gate = after(Gate(), Answered.LIMITED, NOW)
    now = gate.until
    first = decide(gate, DUE, Pace(), RHYTHM, now)
    assert (first.pick, first.probe) == (Pick.POLL, True)
    second = decide(first.gate, DUE, Pace(), RHYTHM, now + 1)
    assert second.pick is None
    assert second.until == now + RHYTHM.probe_seconds
    for gone in (after(first.gate, Answered.SERVED, now + 1), probe_withdrawn(first.gate)):
        paced = decide(gone, DUE, Pace(), RHYTHM, now + 20)
        assert paced.pick is Pick.POLL
    assert decide(first.gate, DUE, Pace(), RHYTHM, now + RHYTHM.probe_seconds).probe


def test_an_outage_closes_at_the_third_failure() -> None:
    gate = after(after(Gate(), Answered.FAILED, NOW), Answered.FAILED, NOW)
    assert gate.until == 0
    gate = after(gate, Answered.FAILED, NOW)
    assert 10 <= gate.until - NOW <= 30
    assert (gate.half, gate.reason, gate.refusals) == (True, "offline", 0)
    assert after(gate, Answered.SERVED, NOW + 30).errors == 0


def test_a_success_between_failures_keeps_it_open() -> None:
    gate = Gate()
    for kind in (Answered.FAILED, Answered.FAILED, Answered.SERVED, Answered.FAILED, Answered.FAILED):
        gate = after(gate, kind, NOW)
    assert opens_at(gate) == 0


def test_what_never_left_says_offline_at_once() -> None:
    gate = after(Gate(), Answered.UNREACHED, NOW)
    assert (gate.reason, gate.until) == ("offline", 0)
    assert after(gate, Answered.SERVED, NOW + 1).reason == ""


def test_the_key() -> None:
    """401 lets nothing out for ever; a new key does, and an old request's 401 does not stop it again."""
    gate = after(Gate(), Answered.KEY_REFUSED, NOW)
    assert decide(gate, DUE, Pace(), RHYTHM, NOW + 1e6) == decide(gate, DUE, Pace(), RHYTHM, NOW + 1e6)
    assert decide(gate, DUE, Pace(), RHYTHM, NOW + 1e6).pick is None
    fresh = key_changed(gate, NOW + 10)
    assert decide(fresh, DUE, Pace(), RHYTHM, NOW + 10).pick is Pick.POLL
    assert not after(fresh, Answered.KEY_REFUSED, NOW + 11, sent_at=NOW + 9).refused_key
    assert after(fresh, Answered.KEY_REFUSED, NOW + 12, sent_at=NOW + 11).refused_key


def test_a_pause_that_a_good_answer_asks_for() -> None:
    """RateLimit: none remain, 30 s to go. Closed until then, nothing counted, no probe afterwards."""
    gate = after(Gate(), Answered.SERVED, NOW, pause=30.0)
    assert opens_at(gate) == NOW + 30
    assert (gate.refusals, gate.half) == (0, False)
    assert opens_at(after(gate, Answered.SERVED, NOW + 1, pause=1e9)) == NOW + 1 + 3600


@pytest.mark.parametrize(
    ("taken", "known", "rate"),
    [(100, None, 0.9 * 100 / 60), (0, None, 5 / 60), (60, 2.0, 1.0), (60, 0.5, 0.45), (3, 0.2, 0.1)],
)
def test_what_is_learnt_from_a_refusal(taken: int, known: float | None, rate: float) -> None:
    """Nine tenths of what was taken in the minute; never under 5 a minute, nor under half of what was known."""
    gate = served(Gate(rate=known), [NOW - n * 59 / 100 for n in range(taken)], NOW)
    gate = after(gate, Answered.LIMITED, NOW)
    assert gate.rate == pytest.approx(rate)
    assert gate.tentative is (known is None)
    again = after(gate._replace(half=False, refusals=0), Answered.LIMITED, NOW + 30)
    assert again.tentative
    assert again.epoch == 2


def test_probes_that_fail_cut_nothing_further() -> None:
    gate = after(served(Gate(), [NOW] * 60, NOW), Answered.LIMITED, NOW)
    assert after(gate, Answered.LIMITED, gate.until).rate == gate.rate


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(rate=st.floats(5 / 60, 5.0), step=st.floats(0.05, 3.0), solid=st.booleans())
def test_any_minute_holds_at_most_66_times_the_rate(rate: float, step: float, solid: bool) -> None:
    """So a solid estimate cannot break a fixed minute's limit, which is a ninth above it, however requests come."""
    gate, pace, now, left = Gate(rate=rate, tentative=False, learnt_at=NOW), Pace(), NOW, []
    if solid:
        gate = gate._replace(slot=NOW)
    while now < NOW + 300:
        decision = decide(gate, DUE, pace, RHYTHM, now)
        gate, pace = decision.gate, decision.pace
        if decision.pick is None:
            assert decision.until is not None
            now = max(decision.until, now + 1e-6)
            continue
        left.append(now)
        now += step if len(left) % 7 == 0 else 0.0
    assert gate.rate is not None
    for first, start in enumerate(left):
        assert bisect_left(left, start + 60) - first <= 66 * gate.rate + 1


def test_an_old_estimate_is_doubted() -> None:
    gate = Gate(rate=1.0, tentative=False, learnt_at=NOW)
    assert healed(gate, RHYTHM, NOW + 86_400) is gate
    assert healed(gate, RHYTHM, NOW + 86_401).tentative


moments = st.floats(NOW - 90_000, NOW + 90_000)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    until=moments,
    closed=moments,
    slot=moments,
    probe=moments,
    half=st.booleans(),
    rate=st.sampled_from([None, 0.1, 1.0]),
)
def test_no_gate_stays_shut_for_long(
    until: float, closed: float, slot: float, probe: float, half: bool, rate: float | None
) -> None:
    """Whatever was stamped by a clock that ran wild, something may leave within the longest wait there is."""
    gate = Gate(until=until, closed_at=closed, slot=slot, probe_until=probe, half=half, rate=rate)
    if until - closed > 3960 or closed > NOW - 5 > until - 3960:
        gate = gate._replace(closed_at=until)  # no wait is longer than an hour and its jitter
    now, pace = NOW, Pace()
    for _ in range(40):
        decision = decide(gate, DUE, pace, RHYTHM, now)
        if decision.pick is not None:
            break
        assert decision.until is not None
        gate, pace, now = decision.gate, decision.pace, max(decision.until, now)
    assert decision.pick is Pick.POLL
    assert now <= NOW + 3960 + RHYTHM.probe_seconds + 70 or until > NOW + 3960


@pytest.mark.parametrize("ahead", [-86_400.0, -3600.0, -30.0, 30.0, 3600.0])
def test_a_jump_costs_at_most_one_wait_and_shortens_none(ahead: float) -> None:
    """10 s into a wait of 40 s the clock is set: from then on it lasts 40 s more, seen by however many processes."""
    gate = Gate(until=NOW + 40, closed_at=NOW, half=True)
    now = NOW + 10 + ahead
    once = clock_jumped(gate, now, ahead)
    assert once.until == now + 40
    assert clock_jumped(once, now + 1, ahead) == once
    still_open = Gate(until=NOW - 100, closed_at=NOW - 200)
    assert clock_jumped(still_open, now, ahead) == still_open
    assert opens_at(healed(still_open, RHYTHM, now)) <= now or ahead > 0


def test_a_start_after_the_clock_was_set_back() -> None:
    """Seen by nobody: the wait begins anew where a probe was due, and an open gate stays open."""
    now = NOW - 3600
    assert healed(Gate(until=NOW + 20, closed_at=NOW, half=True), RHYTHM, now).until == now + 20
    assert opens_at(healed(Gate(until=NOW + 20, closed_at=NOW), RHYTHM, now)) == now
