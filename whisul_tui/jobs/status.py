"""What the engine says of itself: a snapshot for headers and verbs."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from whisul_tui.domain.gate import Gate


class Phase(StrEnum):
    """What the engine is at; the values are what screens and scripts compare with."""

    IDLE = "idle"
    POLLING = "polling"
    LIMITED = "limited"
    OFFLINE = "offline"
    KEY_REFUSED = "key_refused"
    STORE_TROUBLE = "store_trouble"


MESSAGES = {
    Phase.LIMITED: "Whisul is limiting requests (429).",
    Phase.OFFLINE: "Whisul cannot be reached.",
    Phase.KEY_REFUSED: "Whisul refused the API key. Jobs wait until there is another one.",
}


class EngineStatus(NamedTuple):
    """`until`: when the next try is, in LIMITED and OFFLINE; `next_poll_at`: when the next job is asked, if any is
    running; both in seconds since 1970. `message`: a sentence, empty when all is well. `unsaved`: ids of jobs that
    Whisul has accepted and the store could not yet take; they must be shown before the program ends."""

    phase: Phase = Phase.IDLE
    until: float | None = None
    next_poll_at: float | None = None
    message: str = ""
    unsaved: tuple[str, ...] = ()


def status_of(gate: Gate, now: float, next_poll_at: float | None, next_at: float | None, trouble: str) -> EngineStatus:
    """The status by the gate: `next_at` is when anything falls due, `trouble` the last failure's own sentence."""
    if gate.refused_key:
        return EngineStatus(Phase.KEY_REFUSED, message=trouble or MESSAGES[Phase.KEY_REFUSED])
    shut = gate.until > now or (gate.half and next_at is not None)
    if gate.reason == "limited" and shut:
        phase = Phase.LIMITED
    elif gate.reason == "offline" and (shut or (gate.errors and next_at is not None)):
        phase = Phase.OFFLINE
    else:
        return EngineStatus(Phase.IDLE if next_at is None else Phase.POLLING, next_poll_at=next_poll_at)
    until = gate.until if gate.until > now or next_at is None else max(next_at, now)
    message = trouble if phase is Phase.OFFLINE and trouble else MESSAGES[phase]
    return EngineStatus(phase, until, next_poll_at, message)
