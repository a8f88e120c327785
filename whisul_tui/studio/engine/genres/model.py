"""The shape of a genre's table. A genre is data: nothing here or in the tables computes anything.

Figures are texts of one character a sixteenth. Chords: `X` accented, `x` plain, `o` soft stroke, `-` holds, `.` rests.
Bass: `r` root, `5` fifth, `3` third, `o` octave, `7` seventh, `a` approach to the next root, capitals accented.
Arpeggios: a digit picks the chord's note from below, `b` the bass note. Drums: `X` accent, `x` stroke, `o` ghost,
`?` sometimes, `r` two quick strokes, `t` three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EVERYWHERE = "ivpcbo"  # the sections' initials: intro, verse, build (p, for pre-chorus), chorus, bridge, outro


@dataclass(frozen=True, slots=True)
class Part:
    """What one track does: who plays how, where, and how loud. `play` names a player of the compose room.

    `instruments` and `figures` are choices for the seed. `where` holds section initials. `level` in dB, `pan` from -1
    to 1, `reverb`, `delay` and `duck` (how far the kick pushes it down) from 0 to 1, `strum` in quarters a string,
    `low` and `high` bound the voicing.
    """

    role: str
    play: str
    instruments: tuple[str, ...]
    level: float
    where: str = EVERYWHERE
    figures: tuple[str, ...] = ()
    pan: float = 0.0
    reverb: float = 0.15
    delay: float = 0.0
    duck: float = 0.0
    strum: float = 0.0
    low: int = 52
    high: int = 76
    voices: int = 4


@dataclass(frozen=True, slots=True)
class Groove:
    """One bar of drums (or two): a figure a voice. `weight` is light, main or full."""

    weight: str
    lines: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Progressions:
    """Roman numerals a section kind, one a bar, two in a bar joined by a comma."""

    verse: tuple[str, ...]
    chorus: tuple[str, ...]
    bridge: tuple[str, ...]

    def all(self) -> tuple[str, ...]:
        """Every progression of the table."""
        return self.verse + self.chorus + self.bridge


@dataclass(frozen=True, slots=True)
class Mastering:
    """The sound of the whole: `loudness` in LUFS, `reverb` in seconds, `ceiling` of treble in Hz, `delay` in quarters.

    `bass` and `treble` tilt the mix in dB, `drive` above 1 saturates, `wow` is tape flutter, `bed` a noise under all:
    "crackle", "wind" or "". `step` is how far verse and bridge stand below the chorus in dB.
    """

    loudness: float = -13.0
    reverb: float = 1.8
    ceiling: float = 17_000.0
    drive: float = 1.3
    delay: float = 0.75
    bass: float = 0.0
    treble: float = 0.0
    wow: float = 0.0
    bed: str = ""
    step: float = 2.5


@dataclass(frozen=True, slots=True)
class Genre:
    """A genre's table. `forms` are section initials with bars (`i4 v8 c8`); `seconds` is the usual length.

    `swing` delays every second eighth or sixteenth (`swing_unit`, in quarters) to this share of the pair;
    `timing` (milliseconds) and `touch` are how far players stray. `melody_register` shifts the melody in semitones,
    `drum_level` the whole kit in dB.
    """

    name: str
    bpm: tuple[float, float]
    modes: tuple[tuple[str, float], ...]
    minor: Progressions
    major: Progressions
    forms: tuple[str, ...]
    parts: tuple[Part, ...]
    grooves: tuple[Groove, ...]
    kit: str
    mastering: Mastering
    seconds: float = 84.0
    swing: float = 0.5
    swing_unit: float = 0.5
    timing: float = 4.0
    touch: float = 0.08
    bars_per_chord: int = 1
    density: float = 0.5
    metre: str = "4/4"
    melody_register: int = 0
    drum_level: float = 0.0
    fills: bool = True
    risers: bool = False


def groove(weight: str, **lines: str) -> Groove:
    """A groove from one keyword a voice."""
    return Groove(weight, lines)
