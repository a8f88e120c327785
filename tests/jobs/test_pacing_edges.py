"""Pacing and the gate's rules at their edges: what happens exactly at each figure, and just beside it."""

from __future__ import annotations

from random import Random

import pytest

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
from whisul_tui.jobs.pacing import Pace, Pick, Scene, Slot, choose, decide
from whisul_tui.jobs.rhythm import Rhythm, opens_at

NOW = 1_800_000_000.0
RHYTHM = Rhythm(jitter=0.0)
DUE, READY, IDLE = Scene(1.0, False, None), Scene(None, True, None), Scene(None, False, NOW + 7)
SOLID = Gate(rate=0.5, tentative=False, learnt_at=NOW, grown_at=NOW, slot=NOW - 100)


def test_a_refused_key_stops_all_and_holds_no_place() -> None:
    pace = Pace(Slot(NOW, 0), 1)
    for scene in (DUE, READY):
        decision = decide(Gate(refused_key=True), scene, pace, RHYTHM, NOW)
        assert (decision.pick, decision.until, decision.probe) == (None, None, False)
        assert decision.pace == Pace(None, 1)


@pytest.mark.parametrize("half", [True, False])
def test_only_behind_a_gate_that_is_ajar_a_request_is_a_probe(half: bool) -> None:
    decision = decide(Gate(half=half), DUE, Pace(), RHYTHM, NOW)
    assert (decision.pick, decision.probe) == (Pick.POLL, half)
    assert decision.gate.probe_until == (NOW + 35.0 if half else 0.0)


def test_a_closed_gate_says_when_it_opens_and_keeps_the_pace() -> None:
    pace = Pace(Slot(NOW + 3, 0), 2)
    decision = decide(Gate(until=NOW + 4, closed_at=NOW), DUE, pace, RHYTHM, NOW)
    assert (decision.pick, decision.until, decision.pace, decision.probe) == (None, NOW + 4, pace, False)
    assert decide(Gate(until=NOW, closed_at=NOW - 5), DUE, pace, RHYTHM, NOW).pick is Pick.POLL
    assert opens_at(Gate(until=5.0, probe_until=9.0)) == 5.0
    assert opens_at(Gate(until=5.0, probe_until=9.0, half=True)) == 9.0


def test_nothing_to_do_waits_for_the_next_thing() -> None:
    decision = decide(Gate(), IDLE, Pace(None, 1), RHYTHM, NOW)
    assert (decision.pick, decision.until, decision.pace) == (None, NOW + 7, Pace(None, 1))


@pytest.mark.parametrize(
    ("overdue", "row", "pick"),
    [(60.0, 0, Pick.POLL), (59.9, 0, Pick.SUBMISSION), (60.0, 1, Pick.POLL), (60.0, 2, Pick.SUBMISSION),
     (None, 0, Pick.SUBMISSION)],
)  # fmt: skip
def test_a_submission_goes_first_unless_a_job_is_a_minute_overdue_and_then_two_polls(
    overdue: float | None, row: int, pick: Pick
) -> None:
    assert choose(Scene(overdue, True), Pace(None, row), RHYTHM) is pick


def test_polls_in_a_row_are_counted_and_a_submission_begins_anew() -> None:
    assert decide(Gate(), DUE, Pace(None, 1), RHYTHM, NOW).pace == Pace(None, 2)
    assert decide(Gate(), READY, Pace(None, 2), RHYTHM, NOW).pace == Pace(None, 0)
    assert Pace() == Pace(None, 0)
    assert choose(Scene(0.0, False), Pace(), RHYTHM) is Pick.POLL
    assert choose(Scene(None, False), Pace(), RHYTHM) is None


def test_after_a_rest_six_seconds_of_the_pace_leave_at_once() -> None:
    gate, pace, left = SOLID, Pace(), 0
    while (decision := decide(gate, DUE, pace, RHYTHM, NOW)).pick is not None:
        gate, pace, left = decision.gate, decision.pace, left + 1
    assert left == 3  # two seconds each
    assert decision.until == NOW + 2.0
    assert decision.pace.slot == Slot(NOW + 2.0, 0)
    assert decision.gate.slot == NOW + 4.0


def test_a_slow_pace_has_no_burst() -> None:
    slow = SOLID._replace(rate=0.1)
    first = decide(slow, DUE, Pace(), RHYTHM, NOW)
    assert (first.pick, first.gate.slot) == (Pick.POLL, NOW + 10.0)
    assert decide(first.gate, DUE, first.pace, RHYTHM, NOW).until == NOW + 10.0


@pytest.mark.parametrize(
    ("at", "epoch", "is_used"),
    [(NOW - 5.0, 0, True), (NOW - 5.1, 0, False), (NOW + 60.0, 0, True), (NOW + 60.1, 0, False), (NOW, 1, False)],
)
def test_a_place_is_used_unless_it_is_old_far_off_or_of_another_pace(at: float, epoch: int, is_used: bool) -> None:
    gate = SOLID._replace(slot=NOW + 30.0)
    decision = decide(gate, DUE, Pace(Slot(at, epoch)), RHYTHM, NOW)
    assert (decision.gate.slot == gate.slot) is is_used


@pytest.mark.parametrize(("tentative", "growth"), [(True, 1.5), (False, 1.01)])
@pytest.mark.parametrize(("ahead", "counted"), [(4.0, 4.0), (10.0, 10.0), (40.0, 10.0)])
def test_the_pace_grows_while_it_holds_something_back(
    tentative: bool, growth: float, ahead: float, counted: float
) -> None:
    gate = SOLID._replace(tentative=tentative, slot=NOW + ahead)
    decision = decide(gate, DUE, Pace(), RHYTHM, NOW)
    assert decision.gate.rate == pytest.approx(0.5 * growth ** (counted / 60))
    assert decision.gate.grown_at == NOW + ahead
    again = decide(decision.gate, DUE, decision.pace, RHYTHM, NOW)
    assert again.gate.rate == decision.gate.rate  # the same wait is counted once


# The gate's own rules -------------------------------------------------------------------------------------------------


def limited(gate: Gate, now: float = NOW, retry_after: float | None = None, sent_at: float | None = None) -> Gate:
    answer = Answer(Answered.LIMITED, now if sent_at is None else sent_at, retry_after)
    return answered(gate, answer, RHYTHM, now, Random(1))


def failed(gate: Gate, kind: Answered = Answered.FAILED, now: float = NOW) -> Gate:
    return answered(gate, Answer(kind, now), RHYTHM, now, Random(1))


@pytest.mark.parametrize(("since", "tentative"), [(59.9, True), (60.0, False)])
def test_a_pace_cut_twice_within_a_minute_is_not_trusted(since: float, tentative: bool) -> None:
    gate = limited(SOLID._replace(cut_at=NOW - since, grown_at=NOW - 50, learnt_at=NOW - 50))
    assert gate.tentative is tentative
    assert (gate.cut_at, gate.slot, gate.grown_at, gate.learnt_at, gate.epoch) == (NOW, NOW, NOW, NOW, 1)


@pytest.mark.parametrize(
    ("known", "accepted", "rate"),
    [(None, 60, 0.9), (None, 1, 5 / 60), (2.0, 60, 1.0), (1.0, 600, 0.9), (0.5, 6, 0.25), (None, 0, 5 / 60)],
)
def test_the_pace_after_a_429_is_nine_tenths_of_what_was_taken_and_no_less_than_half(
    known: float | None, accepted: int, rate: float
) -> None:
    gate = Gate(rate=known, accepts=((int(NOW) - 30, accepted),) if accepted else (), cut_at=NOW - 1000)
    assert limited(gate).rate == pytest.approx(rate)


def test_what_was_taken_over_a_minute_ago_does_not_count() -> None:
    edges = ((int(NOW) - 60, 600), (int(NOW) - 59, 60), (int(NOW), 60), (int(NOW) + 1, 600))
    assert limited(Gate(accepts=edges)).rate == pytest.approx(0.9 * 2)
    assert [second for second, _ in served(Gate(accepts=edges), (), NOW).accepts] == [int(NOW) - 59, int(NOW)]
    assert served(Gate(), (NOW, NOW, NOW - 1), NOW).accepts == ((int(NOW) - 1, 1), (int(NOW), 2))


def test_waits_in_a_row_and_a_longer_retry_after() -> None:
    gate, now, waits = Gate(), NOW, []
    for _ in range(6):
        gate = limited(gate, now)
        waits.append(gate.until - now)
        now = gate.until
    assert waits == [5, 10, 20, 40, 60, 60]
    assert (gate.refusals, gate.half, gate.reason, gate.probe_until) == (5, True, "limited", 0.0)
    assert limited(Gate(), retry_after=33.0).until == NOW + 33
    assert limited(Gate(), retry_after=4000.0).until == NOW + 3600
    assert limited(Gate(), retry_after=-4.0).until == NOW + 5
    assert limited(Gate(until=NOW + 50)).until == NOW + 50
    assert limited(Gate(half=True, probe_until=NOW + 9)).probe_until == 0.0
    assert failed(Gate(half=True, probe_until=NOW + 9)).probe_until == 0.0


def test_a_late_refusal_prolongs_and_counts_for_nothing_else() -> None:
    closed = limited(Gate())
    late = limited(closed, NOW + 2, retry_after=30.0, sent_at=NOW - 1)
    assert late == closed._replace(until=NOW + 32)
    assert limited(closed, NOW + 2, sent_at=NOW - 1) == closed._replace(until=NOW + 7)


def test_three_failures_in_a_row_are_an_outage() -> None:
    gate = failed(failed(Gate()))
    assert (gate.errors, gate.half, gate.until) == (2, False, 0.0)
    gate = failed(gate)
    assert (gate.errors, gate.half, gate.reason, gate.closed_at) == (3, True, "offline", NOW)
    assert NOW + 10 <= gate.until <= NOW + 30
    assert failed(Gate(half=True)).reason == "offline"
    assert failed(Gate(), Answered.UNREACHED).reason == "offline"
    assert failed(Gate()).reason == ""


def test_a_served_request_opens_all_and_a_pause_closes_it() -> None:
    ajar = limited(Gate())._replace(errors=2, probe_until=NOW + 9)
    gate = answered(ajar, Answer(Answered.SERVED, NOW), RHYTHM, NOW, Random(1))
    assert (gate.refusals, gate.half, gate.errors, gate.probe_until, gate.reason) == (0, False, 0, 0.0, "")
    late = answered(ajar, Answer(Answered.SERVED, NOW - 1), RHYTHM, NOW, Random(1))
    assert (late.refusals, late.half, late.accepts) == (1, True, ((int(NOW), 1),))
    paused = answered(Gate(), Answer(Answered.SERVED, NOW, pause=20.0), RHYTHM, NOW, Random(1))
    assert (paused.until, paused.closed_at, paused.reason) == (NOW + 20, NOW, "limited")
    longer = Gate(until=NOW + 20)
    assert answered(longer, Answer(Answered.SERVED, NOW, pause=20.0), RHYTHM, NOW, Random(1)).reason == ""
    assert answered(Gate(), Answer(Answered.SERVED, NOW, pause=9999.0), RHYTHM, NOW, Random(1)).until == NOW + 3600


def test_keys() -> None:
    refused = answered(Gate(probe_until=NOW), Answer(Answered.KEY_REFUSED, NOW), RHYTHM, NOW, Random(1))
    assert (refused.refused_key, refused.probe_until) == (True, 0.0)
    anew = key_changed(refused, NOW + 5)
    assert (anew.refused_key, anew.closed_at) == (False, NOW + 5)
    assert key_changed(Gate(closed_at=NOW + 9), NOW).closed_at == NOW + 9
    assert not answered(anew, Answer(Answered.KEY_REFUSED, NOW), RHYTHM, NOW + 6, Random(1)).refused_key
    assert probe_withdrawn(Gate(probe_until=NOW, half=True)) == Gate(half=True)


def test_a_clock_set_back_begins_a_wait_anew() -> None:
    closed = limited(Gate(refusals=2))
    assert healed(closed, RHYTHM, NOW - 5) == closed
    assert healed(closed, RHYTHM, NOW - 5.1).until == NOW - 5.1 + 20
    assert healed(closed._replace(half=False), RHYTHM, NOW - 5.1).until == NOW - 5.1
    assert healed(Gate(slot=NOW + 60), RHYTHM, NOW).slot == NOW + 60
    assert healed(Gate(slot=NOW + 60.1), RHYTHM, NOW).slot == NOW
    assert healed(Gate(probe_until=NOW + 35), RHYTHM, NOW).probe_until == NOW + 35
    assert healed(Gate(probe_until=NOW + 99), RHYTHM, NOW).probe_until == NOW + 35
    stamps = healed(Gate(cut_at=NOW + 5.1, learnt_at=NOW + 3, grown_at=NOW + 70), RHYTHM, NOW)
    assert (stamps.cut_at, stamps.learnt_at, stamps.grown_at) == (NOW, NOW, NOW)
    assert healed(Gate(cut_at=NOW + 5, learnt_at=NOW + 5, grown_at=NOW + 60), RHYTHM, NOW).cut_at == NOW + 5
    assert healed(Gate(learnt_at=NOW + 5.1), RHYTHM, NOW).learnt_at == NOW
    assert healed(Gate(grown_at=NOW + 60.1), RHYTHM, NOW).grown_at == NOW


def test_a_pace_of_yesterday_is_doubted() -> None:
    assert not healed(SOLID._replace(learnt_at=NOW - 86_400), RHYTHM, NOW).tentative
    assert healed(SOLID._replace(learnt_at=NOW - 86_401), RHYTHM, NOW).tentative
    assert not healed(Gate(tentative=False), RHYTHM, NOW).tentative


def test_a_jump_of_the_clock_is_told_once() -> None:
    closed = Gate(until=NOW + 20, closed_at=NOW, half=True)
    jumped = clock_jumped(closed, NOW + 105, 100)
    assert (jumped.closed_at, jumped.until) == (NOW + 105, NOW + 125)
    assert clock_jumped(jumped, NOW + 105.5, 100) == jumped
    assert clock_jumped(closed, NOW + 125, 100) == closed  # it was over before the jump
    assert clock_jumped(closed, NOW - 50, -52).until == NOW - 30
    assert clock_jumped(closed, NOW, -2) == closed


def test_the_rhythm() -> None:
    usual, local = Rhythm(), Rhythm(poll_min_seconds=0.5, poll_max_seconds=1.0)
    assert (usual.young, usual.urgent, usual.margin, usual.lease, usual.stale_claim) == (45.0, 60.0, 0.25, 10.0, 2.0)
    assert (local.young, local.urgent, local.margin, local.lease) == (4.5, 6.0, 0.03, 1.0)
    assert local.stale_claim == 0.25
    assert usual.refresh_floor == 5.25
    assert Rhythm(poll_min_seconds=9.0).lease == 13.5
    assert (usual.in_flight, usual.submissions_in_flight, usual.probe_seconds, usual.jitter) == (4, 3, 35.0, 0.1)
    assert usual.first_poll(NOW) == NOW + 9.75
    assert Rhythm(poll_min_seconds=9.9).first_poll(NOW) == NOW + 9.9
    assert usual.next_poll(NOW, NOW + 10, NOW + 11) == NOW + 19.75
    assert usual.next_poll(NOW, NOW + 10, NOW + 17) == NOW + 22
    assert usual.next_poll(NOW, NOW + 39, NOW + 39.9) == NOW + 48.75
    assert usual.next_poll(NOW, NOW + 39, NOW + 40) == NOW + 45
    assert usual.after_refusal(NOW, NOW + 2) == NOW + 5
    assert usual.after_refusal(NOW, NOW + 7) == NOW + 7
    assert usual.error_wait == (10.0, 30.0)
    assert 10 <= usual.after_error(NOW, Random(1)) - NOW <= 30
    assert [usual.refusal_wait(n) for n in range(8)] == [5, 5, 10, 20, 40, 60, 60, 60]
    for low, high in ((0, 1), (2, 1), (-1, 1)):
        with pytest.raises(ValueError, match=r"^poll_min_seconds must be above 0 and not above poll_max_seconds\.$"):
            Rhythm(poll_min_seconds=low, poll_max_seconds=high)
    Rhythm(poll_min_seconds=1, poll_max_seconds=1)
