"""Faults on purpose, by a seeded die: what a service and its network do wrong, for tests and demonstrations."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from enum import StrEnum

HTML_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
    "<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>\n"
)
# What a terminal must never be given: a title set, a clipboard write, a C1 CSI, a bidi override, a bell.
_POISON = "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x9b31m\u202egnp\x00"


class Fault(StrEnum):
    """The kinds. The first three come instead of the request, the others after it was served."""

    ERROR = "500"
    DROP = "drop"
    HTML = "html"
    SLOW = "slow"
    GARBAGE = "garbage"
    LOST202 = "lost202"
    JOBFAIL = "jobfail"


BEFORE = (Fault.ERROR, Fault.DROP, Fault.HTML)
AFTER = (Fault.SLOW, Fault.GARBAGE)
ON_SUBMISSION = (Fault.LOST202,)


def parse_fault(text: str) -> tuple[Fault, float]:
    """Reads `KIND=P` with P from 0 to 1; raises ValueError with a sentence."""
    kind, _, share = text.partition("=")
    try:
        probability = float(share)
        if 0.0 <= probability <= 1.0:
            return Fault(kind), probability
    except ValueError:
        pass
    raise ValueError(f"a fault is KIND=P with P from 0 to 1 and KIND one of {', '.join(Fault)}, not {text!r}")


class Faults:
    """The die: which fault, if any, befalls a request."""

    def __init__(self, shares: Mapping[Fault, float], dice: random.Random) -> None:
        """`shares` are probabilities a request; only kinds of a share above 0 use up random numbers."""
        self._shares = {kind: shares[kind] for kind in Fault if shares.get(kind, 0.0) > 0.0}
        self._dice = dice

    def draw(self, kinds: tuple[Fault, ...]) -> Fault | None:
        """The first of the kinds that hits."""
        for kind in kinds:
            if kind in self._shares and self._dice.random() < self._shares[kind]:
                return kind
        return None

    def slow_seconds(self) -> float:
        """How long a slow answer takes: 2 to 8 s."""
        return self._dice.uniform(2.0, 8.0)

    def html_status(self) -> int:
        """The status that an HTML page comes with."""
        return self._dice.choice((200, 502))

    def mangle(self, body: bytes) -> bytes:
        """A JSON answer spoilt: cut in half, every text poisoned with control characters, or bytes that are no text."""
        way = self._dice.randrange(3)
        if way == 0:
            return body[: max(1, len(body) // 2)]
        if way == 1:
            return json.dumps(_poisoned(json.loads(body))).encode()
        return bytes(self._dice.randrange(128, 256) for _ in range(64))


def _poisoned(value: object) -> object:
    if isinstance(value, str):
        return value + _POISON
    if isinstance(value, dict):
        # job_id and status stay whole: the poison is for what people read
        return {name: item if name in ("job_id", "status") else _poisoned(item) for name, item in value.items()}
    return value
