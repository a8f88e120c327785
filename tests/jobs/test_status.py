"""What is said of the gate: the words of the header come from here."""

from __future__ import annotations

import pytest

from whisul_tui.domain.gate import Gate
from whisul_tui.jobs.status import EngineStatus, Phase, status_of

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("gate", "next_at", "phase", "until"),
    [
        (Gate(), None, Phase.IDLE, None),
        (Gate(), NOW + 4, Phase.POLLING, None),
        (Gate(until=NOW + 20, half=True, reason="limited"), NOW, Phase.LIMITED, NOW + 20),
        (Gate(until=NOW - 1, half=True, reason="limited"), NOW + 1, Phase.LIMITED, NOW + 1),
        (Gate(until=NOW - 1, half=True, reason="limited"), None, Phase.IDLE, None),
        (Gate(until=NOW + 12, half=True, errors=3, reason="offline"), NOW, Phase.OFFLINE, NOW + 12),
        (Gate(errors=1, reason="offline"), NOW + 14, Phase.OFFLINE, NOW + 14),
        (Gate(errors=1), NOW + 14, Phase.POLLING, None),
        (Gate(refused_key=True), NOW + 4, Phase.KEY_REFUSED, None),
    ],
)
def test_phase_and_next_try(gate: Gate, next_at: float | None, phase: Phase, until: float | None) -> None:
    status = status_of(gate, NOW, None, next_at, "")
    assert (status.phase, status.until) == (phase, until)
    assert bool(status.message) is (phase not in (Phase.IDLE, Phase.POLLING))


def test_the_failures_own_words() -> None:
    """An outage and a refused key are told in the sentence of the error; a limit in its own."""
    assert status_of(Gate(refused_key=True), NOW, None, None, "No key at all.").message == "No key at all."
    assert status_of(Gate(errors=1, reason="offline"), NOW, None, NOW, "No such host.").message == "No such host."
    assert "429" in status_of(Gate(until=NOW + 5, half=True, reason="limited"), NOW, None, NOW, "x").message
    assert EngineStatus().phase == "idle"
