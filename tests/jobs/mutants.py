"""Wrong versions of pacing, one mistake each: what the promises' tests must be able to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.jobs.limited_service import Limits
from tests.jobs.simulation import Scenario
from whisul_tui.domain.gate import Gate
from whisul_tui.jobs import gate_rules, pacing
from whisul_tui.jobs.gate_rules import Answer
from whisul_tui.jobs.pacing import Pace, Pick, Scene
from whisul_tui.jobs.rhythm import Rhythm

_RHYTHM = "whisul_tui.jobs.rhythm.Rhythm."
_RULES = "whisul_tui.jobs.gate_rules."
_PACING = "whisul_tui.jobs.pacing."
_answered, _refused, _choose = gate_rules.answered, gate_rules._refused, pacing.choose
_next_poll = Rhythm.next_poll

CALM = Scenario(jobs=20)
LIMITED = Scenario(jobs=60, limits=Limits(30, retry_after=True), processes=3)
BRIEF = Scenario(jobs=10, limits=Limits(30, prolong=0.0))  # who ignores the gate must not be blocked for ever
BLUNT = Scenario(jobs=60, limits=Limits(20, prolong=30.0))
STEADY = Scenario(jobs=60, median=1200.0, limits=Limits(30), known=True)
FAILING = Scenario(jobs=40, limits=Limits(p500=0.1))
OUTAGE = Scenario(jobs=40, limits=Limits(outage=(100.0, 400.0)))

FLOOD = Scenario(jobs=500, spread=600.0, limits=Limits(60), known=True)


@dataclass(frozen=True)
class Mutant:
    """A mistake: what is replaced by what, in which weather it must show, and which promise it breaks."""

    name: str
    target: str
    replacement: Any
    scenario: Scenario
    breaks: str

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def _never_half(*args: Any, **kwargs: Any) -> Gate:
    return _refused(*args, **kwargs)._replace(half=False)


def _never_late(gate: Gate, answer: Answer, rhythm: Rhythm, now: float, random: Random) -> Gate:
    return _answered(gate, answer._replace(sent_at=now), rhythm, now, random)


def _deaf(gate: Gate, answer: Answer, rhythm: Rhythm, now: float, random: Random) -> Gate:
    return _answered(gate, answer._replace(retry_after=None), rhythm, now, random)


def _forgetful(gate: Gate, answer: Answer, rhythm: Rhythm, now: float, random: Random) -> Gate:
    """Counts each episode of refusals from its start: a wait never grows."""
    return _answered(gate._replace(refusals=0), answer, rhythm, now, random)


def _unlearning(gate: Gate, _now: float) -> Gate:
    return gate


def _polls_first(scene: Scene, _pace: Pace, _rhythm: Rhythm) -> Pick | None:
    if scene.overdue is not None:
        return Pick.POLL
    return Pick.SUBMISSION if scene.submission else None


def _submissions_first(scene: Scene, pace: Pace, rhythm: Rhythm) -> Pick | None:
    return Pick.SUBMISSION if scene.submission else _choose(scene, pace, rhythm)


def _hasty(self: Rhythm, accepted_at: float, asked_at: float, now: float) -> float:
    return _next_poll(self, accepted_at, asked_at, now) - 0.5


def _lazy(self: Rhythm, accepted_at: float, asked_at: float, now: float) -> float:
    return _next_poll(self, accepted_at, asked_at, now) + 3


def _constant(value: Any) -> Callable[..., Any]:
    return lambda *_args, **_kwargs: value


MUTANTS = (
    Mutant("polls half a second early", _RHYTHM + "next_poll", _hasty, CALM, "P1"),
    Mutant("polls three seconds late", _RHYTHM + "next_poll", _lazy, CALM, "P2"),
    Mutant("gate ignored", _PACING + "opens_at", _constant(0.0), BRIEF, "P3"),
    Mutant("waits that never grow", _RULES + "answered", _forgetful, BLUNT, "P3"),
    Mutant("Retry-After unheard", _RULES + "answered", _deaf, LIMITED, "P3"),
    Mutant("late answers count again", _RULES + "answered", _never_late, LIMITED, "P3"),
    Mutant("waits 5 % short", _RHYTHM + "refusal_wait", lambda s, k: 0.95 * s.waits[min(k, 5) - 1], BLUNT, "P3"),
    Mutant("no probe", _RULES + "_refused", _never_half, LIMITED, "P4"),
    Mutant("probe without lease", _PACING + "opens_at", lambda gate: gate.until, LIMITED, "P4"),
    Mutant("errors tried again at once", _RHYTHM + "after_error", lambda _s, now, _r: now + 5.0, FAILING, "P5"),
    Mutant("outages not noticed", _RULES + "OUTAGE_ERRORS", 10_000, OUTAGE, "P7"),
    Mutant("nothing learnt", _RULES + "_cut", _unlearning, BLUNT, "P9"),
    Mutant("pace that never settles", _PACING + "GROWTH", 20.0, STEADY, "P9"),
    Mutant("polls before submissions", _PACING + "choose", _polls_first, FLOOD, "P10"),
    Mutant("submissions before all polls", _PACING + "choose", _submissions_first, FLOOD, "P10"),
)
