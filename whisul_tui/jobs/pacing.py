"""The one decision of pacing: what, if anything, may leave now. Pure: clock, store and network are the caller's.

Policy: one gate and one learnt pace an account, the job that was longest unobserved first, submissions before polls
that are not urgent. The gate's own rules are in `gate_rules`, the intervals in `rhythm`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from whisul_tui.domain.gate import Gate
from whisul_tui.jobs.gate_rules import SLOT_AHEAD, healed
from whisul_tui.jobs.rhythm import Rhythm, opens_at

BURST_SECONDS = 6.0  # the pace's bucket: 66 times the rate in any minute, so a solid estimate cannot break a limit
GROWTH = 1.01  # a minute of use, once the pace is solid
TENTATIVE_GROWTH = 1.5  # and while it is not
GROWTH_STEP = 10.0  # seconds of holding back that count at once
POLLS_IN_A_ROW = 2  # while a submission waits
STALE_SLOT = 5.0  # a slot not used for so long was somebody's who slept


class Pick(StrEnum):
    """What leaves."""

    POLL = "poll"
    SUBMISSION = "submission"


class Scene(NamedTuple):
    """What one look at the store saw: `overdue` seconds of the longest-unobserved due job (None: none is due), whether
    a submission is ready, and when the next of either falls due (seconds since 1970)."""

    overdue: float | None
    submission: bool
    next_at: float | None = None


class Slot(NamedTuple):
    """A place in the account's learnt pace: a request may leave `at` then, unless the pace was cut (`epoch`) since."""

    at: float
    epoch: int


class Pace(NamedTuple):
    """What a process keeps in mind between two decisions: the slot it holds, and how many polls it sent in a row."""

    slot: Slot | None = None
    polls_in_a_row: int = 0


class Decision(NamedTuple):
    """`pick` leaves now (None: nothing); `gate` and `pace` as they are after it; `until` says when to look again."""

    pick: Pick | None
    gate: Gate
    pace: Pace
    until: float | None = None
    probe: bool = False


def decide(gate: Gate, scene: Scene, pace: Pace, rhythm: Rhythm, now: float) -> Decision:
    """What may leave now, or when to look again (None: when something changes)."""
    gate = healed(gate, rhythm, now)
    if gate.refused_key:
        return Decision(None, gate, pace._replace(slot=None))
    if (opening := opens_at(gate)) > now:
        return Decision(None, gate, pace, until=opening)
    pick = choose(scene, pace, rhythm)
    if pick is None:
        return Decision(None, gate, pace, until=scene.next_at)
    if gate.rate is not None:
        slot = pace.slot if _is_usable(pace.slot, gate, now) else None
        if slot is None:
            gate, slot = _reserve(gate, gate.rate, now)
        if slot.at > now:
            return Decision(None, _grown(gate, now, slot.at), pace._replace(slot=slot), until=slot.at)
    if gate.half:
        gate = gate._replace(probe_until=now + rhythm.probe_seconds)
    row = pace.polls_in_a_row + 1 if pick is Pick.POLL else 0
    return Decision(pick, gate, Pace(None, row), probe=gate.half)


def choose(scene: Scene, pace: Pace, rhythm: Rhythm) -> Pick | None:
    """A submission goes before a poll, unless a job went unobserved for long; and then two polls at most."""
    if scene.submission:
        urgent = scene.overdue is not None and scene.overdue >= rhythm.urgent
        return Pick.POLL if urgent and pace.polls_in_a_row < POLLS_IN_A_ROW else Pick.SUBMISSION
    return None if scene.overdue is None else Pick.POLL


def _is_usable(slot: Slot | None, gate: Gate, now: float) -> bool:
    return slot is not None and slot.epoch == gate.epoch and now - STALE_SLOT <= slot.at <= now + SLOT_AHEAD


def _reserve(gate: Gate, rate: float, now: float) -> tuple[Gate, Slot]:
    """The next free place; after a rest, up to six seconds of the pace may leave at once."""
    gap = 1 / rate
    at = max(now, gate.slot)
    after = max(gate.slot, now - max(0.0, BURST_SECONDS - gap)) + gap
    return gate._replace(slot=after), Slot(at, gate.epoch)


def _grown(gate: Gate, now: float, until: float) -> Gate:
    """The pace a little faster for the time in which it holds something back: an idle client forgets nothing."""
    start = max(now, gate.grown_at)
    minutes = min(until - start, GROWTH_STEP) / 60
    if minutes <= 0 or gate.rate is None:
        return gate
    growth = TENTATIVE_GROWTH if gate.tentative else GROWTH
    return gate._replace(rate=gate.rate * growth**minutes, grown_at=until)
