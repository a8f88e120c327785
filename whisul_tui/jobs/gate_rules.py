"""How an account's gate changes with the answers that come in: closing, probing, learning the pace. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from random import Random
from typing import NamedTuple

from whisul_tui.domain.gate import Gate
from whisul_tui.jobs.rhythm import RETRY_AFTER_LIMIT, Rhythm

CUT = 0.9  # of what was accepted in the minute before a 429
SLOWEST = 5 / 60  # requests a second: the learnt pace never falls below it
OUTAGE_ERRORS = 3  # failures in a row after which the gate closes: it is not this one request
SOLID_AFTER = 60.0  # a cut that comes sooner after another one says that the pace is not understood yet
LEARNT_FOR = 24 * 3600.0  # a pace learnt longer ago is doubted: limits change
CLOCK_SLACK = 5.0  # two processes may read the clock so far apart; more is a clock that was set back
SLOT_AHEAD = 60.0  # no honest queue of slots reaches further


class Answered(StrEnum):
    """What came of a request, as far as the gate cares."""

    SERVED = "served"  # any answer of Whisul's but the ones below
    LIMITED = "limited"  # 429
    FAILED = "failed"  # 5xx, time-out, lost connection, an answer that is not Whisul's
    UNREACHED = "unreached"  # never left: no connection
    KEY_REFUSED = "key refused"  # 401


class Answer(NamedTuple):
    """An answer to a request that left at `sent_at` (seconds since 1970).

    `retry_after`: seconds, as the 429 said; `pause`: seconds that a good answer asks for (RateLimit: none remain).
    """

    kind: Answered
    sent_at: float
    retry_after: float | None = None
    pause: float | None = None


def answered(gate: Gate, answer: Answer, rhythm: Rhythm, now: float, random: Random) -> Gate:
    """The gate after an answer.

    An answer to a request that left before the gate closed is late: it may prolong the wait, it is no further refusal,
    and it opens nothing.
    """
    late = answer.sent_at < gate.closed_at
    match answer.kind:
        case Answered.LIMITED:
            return _refused(gate, answer.retry_after, rhythm, now, random, late=late)
        case Answered.KEY_REFUSED:
            return gate if late else gate._replace(refused_key=True, probe_until=0.0)
        case Answered.FAILED | Answered.UNREACHED:
            return _failed(gate, answer.kind, rhythm, now, random, late=late)
        case Answered.SERVED:
            gate = served(gate, (now,), now)
            if not late:
                gate = gate._replace(refusals=0, half=False, probe_until=0.0, errors=0, reason="")
            return _paused(gate, answer.pause, now) if answer.pause else gate


def served(gate: Gate, times: Iterable[float], now: float) -> Gate:
    """The gate with requests counted that Whisul took at these times, and what is over a minute old forgotten."""
    counts = dict(gate.accepts)
    for time in times:
        counts[int(time)] = counts.get(int(time), 0) + 1
    return gate._replace(accepts=tuple(sorted(item for item in counts.items() if now - 60 < item[0] <= now)))


def probe_withdrawn(gate: Gate) -> Gate:
    """The gate when the probe that was to leave did not: another may go."""
    return gate._replace(probe_until=0.0)


def key_changed(gate: Gate, now: float) -> Gate:
    """The gate when the user gave another key; a 401 still under way for the old one counts as late."""
    return gate._replace(refused_key=False, closed_at=max(gate.closed_at, now))


def healed(gate: Gate, rhythm: Rhythm, now: float) -> Gate:
    """The gate with what a clock set back, or a day's rest, has made untrue put right; the same gate when all is well.

    A wait that was on begins anew: a jump of the clock costs at most one wait and shortens none.
    """
    if now < gate.closed_at - CLOCK_SLACK:
        until = now + max(0.0, _wait(gate)) if gate.half else min(gate.until, now)
        gate = gate._replace(closed_at=now, until=until)
    if gate.slot > now + SLOT_AHEAD:
        gate = gate._replace(slot=now)
    if gate.probe_until > now + rhythm.probe_seconds:
        gate = gate._replace(probe_until=now + rhythm.probe_seconds)
    if max(gate.cut_at, gate.learnt_at) > now + CLOCK_SLACK or gate.grown_at > now + SLOT_AHEAD:
        gate = gate._replace(
            cut_at=min(gate.cut_at, now), learnt_at=min(gate.learnt_at, now), grown_at=min(gate.grown_at, now)
        )
    if gate.rate is not None and not gate.tentative and gate.learnt_at < now - LEARNT_FOR:
        gate = gate._replace(tentative=True)
    return gate


def clock_jumped(gate: Gate, now: float, ahead: float) -> Gate:
    """The gate after the wall clock was seen to jump by `ahead` seconds (below 0: back) between two looks at it.

    A wait that was on before the jump begins anew; without this, a clock set forward would open the gate. Every
    process may see the same jump: the first one to tell moves `closed_at` past it, so that it counts once. Set back by
    less than has been waited, the wait ends later by that and needs no help.
    """
    before = now - ahead
    is_told = gate.closed_at > before if ahead > 0 else gate.closed_at <= now
    if gate.until <= before or is_told:
        return gate
    return gate._replace(closed_at=now, until=now + max(0.0, _wait(gate)))


def _wait(gate: Gate) -> float:
    """How long the gate was closed for, within what can have been asked for."""
    return min(gate.until - gate.closed_at, 1.1 * RETRY_AFTER_LIMIT)


def _paused(gate: Gate, pause: float, now: float) -> Gate:
    until = now + min(pause, RETRY_AFTER_LIMIT)
    return gate._replace(until=until, closed_at=now, reason="limited") if until > gate.until else gate


def _refused(gate: Gate, retry_after: float | None, rhythm: Rhythm, now: float, random: Random, *, late: bool) -> Gate:
    asked = min(max(retry_after or 0.0, 0.0), RETRY_AFTER_LIMIT)
    if late:
        return gate._replace(until=max(gate.until, now + max(rhythm.refusal_wait(gate.refusals), asked)))
    refusals = min(gate.refusals + 1, len(rhythm.waits))
    wait = max(rhythm.refusal_wait(refusals), asked) * (1 + random.uniform(0, rhythm.jitter))
    gate = gate._replace(
        until=max(gate.until, now + wait),
        refusals=refusals,
        half=True,
        probe_until=0.0,
        errors=0,
        closed_at=now,
        reason="limited",
    )
    return _cut(gate, now) if refusals == 1 else gate  # once an episode, not at every probe that fails


def _failed(gate: Gate, kind: Answered, rhythm: Rhythm, now: float, random: Random, *, late: bool) -> Gate:
    reason = "offline" if kind is Answered.UNREACHED else gate.reason
    gate = gate._replace(errors=gate.errors + 1, reason=reason)
    if late or not (gate.half or gate.errors >= OUTAGE_ERRORS):
        return gate
    return gate._replace(
        until=max(gate.until, rhythm.after_error(now, random)),
        half=True,
        probe_until=0.0,
        closed_at=now,
        reason="offline",
    )


def _cut(gate: Gate, now: float) -> Gate:
    """The pace after the first 429 of an episode: nine tenths of what Whisul took in the last minute."""
    taken = sum(count for second, count in gate.accepts if now - 60 < second <= now) / 60
    known = gate.rate
    new = CUT * (taken if known is None else min(known, taken))
    return gate._replace(
        rate=max(SLOWEST, new, 0.0 if known is None else known / 2),
        tentative=known is None or now - gate.cut_at < SOLID_AFTER,
        cut_at=now,
        slot=now,
        grown_at=now,
        learnt_at=now,
        epoch=gate.epoch + 1,
    )
