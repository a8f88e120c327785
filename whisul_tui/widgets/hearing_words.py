"""What is heard, as a sign, a sentence and the part of the song bar whose colours it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from whisul_tui.desk import Hearing

if TYPE_CHECKING:
    from whisul_tui.listening.steering import Steer

_SIGNS = {"playing": ("▶", ">"), "paused": ("‖", "="), "failed": ("!", "!"), "away": ("!", "!"), "quiet": ("-", "-")}


@dataclass(frozen=True, slots=True)
class Heard:
    """`part` is playing, paused, away, failed or quiet."""

    part: str
    words: str

    def sign(self, *, unicode: bool) -> str:
        """One cell that says the same as the colour."""
        return _SIGNS[self.part][0 if unicode else 1]


def heard(hearing: Hearing, number: int | None) -> Heard | None:
    """What to say beneath the song of this number: of another song only that it plays; None for nothing."""
    here = number is not None and hearing.number == number
    if not hearing.sentence or not (here or hearing.playing):
        return None
    state = hearing.seen() if hearing.playing else None
    part, words = _told(hearing, state)
    return Heard(part, words if here else f"{hearing.name}: {words}")


def _told(hearing: Hearing, state: Steer | None) -> tuple[str, str]:
    if hearing.failed or (state is not None and state.failed):
        return "failed", hearing.sentence if hearing.failed or state is None else state.failed
    if not hearing.playing or (state is not None and state.ended):
        return "quiet", hearing.sentence
    if state is None:
        return "playing", hearing.sentence
    if state.away:
        return "away", state.away
    if state.paused:
        return "paused", f"Paused on {state.where}."
    # A player that tells no position has been started: whether it sounds, nobody has seen.
    return "playing", hearing.sentence if state.position is None else f"Playing on {state.where}."
