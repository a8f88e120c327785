"""What `doctor` finds at one layer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from whisul_tui.cli.exits import Exit


class Verdict(StrEnum):
    """`note`: it works, with something worth knowing; `skipped`: a layer below is broken."""

    OK = "ok"
    NOTE = "note"
    BROKEN = "broken"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """A layer, how it is, the mend where one is needed, and the exit code that a broken one gives."""

    layer: str
    verdict: Verdict
    told: str
    mend: str = ""
    code: Exit = Exit.DONE


def fine(layer: str, told: str) -> Finding:
    """A layer that works."""
    return Finding(layer, Verdict.OK, told)


def note(layer: str, told: str, mend: str = "") -> Finding:
    """A layer that works, with something worth knowing."""
    return Finding(layer, Verdict.NOTE, told, mend)


def broken(layer: str, told: str, mend: str, code: Exit) -> Finding:
    """A layer that does not work."""
    return Finding(layer, Verdict.BROKEN, told, mend, code)


def skipped(layer: str, below: str) -> Finding:
    """A layer that cannot be judged while one below it is broken."""
    return Finding(layer, Verdict.SKIPPED, f"not checked: first mend {below}")
