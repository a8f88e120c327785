"""Scales, chords and Roman numerals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

KEY_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
}

_QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "9": (0, 4, 7, 10, 14),
    "m9": (0, 3, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "m11": (0, 3, 7, 10, 17),
    "13": (0, 4, 10, 14, 21),
    "69": (0, 4, 7, 9, 14),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 7, 10),
    "9sus4": (0, 5, 7, 10, 14),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "m7b5": (0, 3, 6, 10),
    "7b9": (0, 4, 7, 10, 13),
    "7#9": (0, 4, 7, 10, 15),
    "aug": (0, 4, 8),
}
_NUMERALS = {"i": 0, "ii": 1, "iii": 2, "iv": 3, "v": 4, "vi": 5, "vii": 6}
_SYMBOL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)\Z")
_TAKES_MINOR = frozenset({"", "6", "7", "9", "11", "add9", "7b5"})


def is_major(mode: str) -> bool:
    """Whether the mode's third is a major one."""
    return SCALES[mode][2] == 4


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord that sounds from `beat` for `length` quarters; `root` is a pitch class, `intervals` count from it."""

    beat: float
    length: float
    root: int
    intervals: tuple[int, ...]
    symbol: str

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The chord's notes as pitch classes, root first."""
        return tuple((self.root + interval) % 12 for interval in self.intervals)

    @property
    def fifth(self) -> int:
        """Semitones from the root to the chord's own fifth."""
        return next((interval for interval in self.intervals if interval in (6, 7, 8)), 7)

    @property
    def third(self) -> int:
        """Semitones from the root to the chord's own third, or its suspension."""
        return next((interval for interval in self.intervals if interval in (3, 4, 5, 2)), 7)


@lru_cache(maxsize=1024)
def spell(symbol: str, mode: str) -> tuple[int, tuple[int, ...]]:
    """Semitones from the tonic to the root, and the intervals, of a Roman numeral such as `bVImaj7` or `ii7b5`.

    Degrees count in the plain major or minor scale of the mode's family: a table's `VI` means the same in dorian, and
    a mode's own colour is written as `bII` or `#iv`. Raises ValueError for a symbol that is none.
    """
    match = _SYMBOL.match(symbol)
    if match is None:
        raise ValueError(f"{symbol!r} is no chord symbol")
    accidental, numeral, suffix = match.groups()
    scale = SCALES["major" if is_major(mode) else "minor"]
    root = scale[_NUMERALS[numeral.lower()]] + {"b": -1, "#": 1, "": 0}[accidental]
    quality = "m" + suffix if numeral.islower() and suffix in _TAKES_MINOR else suffix
    if quality not in _QUALITIES:
        raise ValueError(f"{symbol!r} has no known quality")
    return root % 12, _QUALITIES[quality]


def voicing(chord: Chord, before: tuple[int, ...], low: int, high: int, voices: int = 4) -> tuple[int, ...]:
    """The chord as `voices` pitches between low and high, moving as little as it can from the voicing before.

    Rooted chords of five notes lose the fifth first, then the root, which the bass has.
    """
    return _voicing(chord.root, chord.intervals, before, low, high, voices)


@lru_cache(maxsize=20_000)
def _voicing(
    root: int, intervals: tuple[int, ...], before: tuple[int, ...], low: int, high: int, voices: int
) -> tuple[int, ...]:
    classes = list(dict.fromkeys((root + interval) % 12 for interval in intervals))
    if len(classes) > voices:
        classes = [pitch for pitch in classes if pitch != (root + 7) % 12]
    if len(classes) > voices:
        classes = classes[1:]
    classes = classes[:voices]
    best: tuple[int, ...] = ()
    lowest_cost = float("inf")
    for base in range(low, min(low + 14, high)):
        for first in range(len(classes)):
            shape = _stack(classes[first:] + classes[:first], base, high, voices)
            if not shape:
                continue
            cost = _cost(shape, before, (low + high) / 2)
            if cost < lowest_cost:
                best, lowest_cost = shape, cost
    return best or tuple(sorted(low + (pitch - low) % 12 for pitch in classes))


def _stack(classes: list[int], base: int, high: int, voices: int) -> tuple[int, ...]:
    pitches: list[int] = []
    floor = base
    for pitch_class in classes:
        pitch = floor + (pitch_class - floor) % 12
        pitches.append(pitch)
        floor = pitch + 1
    if len(pitches) < voices and pitches[0] + 12 <= high:
        pitches.append(pitches[0] + 12)
    return tuple(pitches) if pitches[-1] <= high else ()


def _cost(shape: tuple[int, ...], before: tuple[int, ...], centre: float) -> float:
    cost = abs(sum(shape) / len(shape) - centre) * 0.35
    if before:
        cost += sum(min(abs(pitch - old) for old in before) for pitch in shape)
    cost += sum(2.5 for lower, upper in pairwise(shape) if upper - lower == 1)
    return cost + (4.0 if len(shape) > 1 and shape[0] < 50 and shape[1] - shape[0] < 4 else 0.0)
