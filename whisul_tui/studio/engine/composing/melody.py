"""Melodies: short themes of rhythm and contour, and how they are developed."""

from __future__ import annotations

import math
from typing import NamedTuple

from whisul_tui.studio.engine.composing.figures import strokes
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Metre


class Step(NamedTuple):
    """A note of a theme: place and length in sixteenths, and its degree above the theme's own first scale degree."""

    step: int
    length: int
    degree: int


Theme = tuple[Step, ...]

# One bar of rhythm each, from still to busy.
_STILL = (
    "x---------------",
    "x-------x-------",
    "x-----x---------",
    "x-----------x---",
    "....x-----------",
    "x-----------x-x-",
)
_EASY = (
    "x---x---x-------",
    "x-----x-x-------",
    "x---x-x-x-------",
    "x--x--x---------",
    "..x-x---x-------",
    "x-------x-x-x---",
    "x-----x-x---x---",
    "x---x-----x-----",
    "....x---x---x---",
    "x-x-x-----x-----",
)
_BUSY = (
    "x-x-x---x-x-x---",
    "x--x--x-x--x--x-",
    "x-x-x-x-x---x---",
    "x--x--x---x-x---",
    "x-xxx-x-x---x-x-",
    "..x-x-x-..x-x-x-",
    "x-x---x-x-x---x-",
    "x---x-x-x-x-x-x-",
    "x-x-..x-x-x-x---",
    "x--xx-x-x--xx---",
)
_ENDINGS = (
    "x-------........",
    "x-----------....",
    "x---x-------....",
    "x-x-x-----------",
    "x--x--x---------",
    "x-----x-----....",
)

_SHAPES = ("arch", "valley", "rise", "fall", "wave", "plateau")
_MOVES = ((0, 1.1), (1, 3.0), (-1, 3.0), (2, 1.3), (-2, 1.3), (3, 0.5), (4, 0.35), (-3, 0.35))


def invent(stream: Stream, density: float, metre: Metre) -> Theme:
    """A theme of two bars: two rhythms, the second coming to rest, over one contour."""
    first = stream.pick(_rhythms(stream, density))
    second = stream.pick(_ENDINGS) if stream.chance(0.65) else stream.pick(_rhythms(stream, density * 0.8))
    rhythm = [(stroke.step, stroke.length) for stroke in strokes(first, metre)]
    rhythm += [(stroke.step + metre.steps, stroke.length) for stroke in strokes(second, metre)]
    shape = stream.pick(_SHAPES)
    height = stream.whole(2, 5)
    degree = stream.pick((0, 0, 2, 4, 4, -1))
    theme: list[Step] = []
    for place, (step, length) in enumerate(rhythm):
        target = _target(shape, place / max(1, len(rhythm) - 1), height)
        pull = 1 if target > degree + 1 else -1 if target < degree - 1 else 0
        if place:
            degree += stream.weighted(_MOVES) + pull
        theme.append(Step(step, length, max(-5, min(9, degree))))
    return tuple(theme)


def _rhythms(stream: Stream, density: float) -> tuple[str, ...]:
    spread = density + stream.bell(0.15)
    return _STILL if spread < 0.25 else _EASY if spread < 0.58 else _BUSY


def _target(shape: str, where: float, height: int) -> float:
    """The contour's degree, rounded: the last bit of a sine is not the same on every machine, and it decides notes."""
    target = {
        "arch": height * math.sin(math.pi * where),
        "valley": -height * 0.8 * math.sin(math.pi * where) + 2,
        "rise": height * 1.2 * where - 1,
        "fall": height - height * 1.2 * where,
        "wave": height * 0.7 * math.sin(2 * math.pi * where) + 1,
        "plateau": float(height if where > 0.3 else height * where * 3),
    }[shape]
    return round(target, 6)


def develop(theme: Theme, how: str, stream: Stream, metre: Metre) -> Theme:
    """The theme once more, changed: repeat, sequence, invert, tail, thin, ornament or answer."""
    if how == "sequence":
        shift = stream.pick((1, -1, 2, -2))
        return tuple(note._replace(degree=note.degree + shift) for note in theme)
    if how == "invert":
        return tuple(note._replace(degree=4 - note.degree) for note in theme)
    if how == "tail":
        keep = max(1, len(theme) * 2 // 3)
        turn = stream.pick((-2, -1, 1, 2))
        return theme[:keep] + tuple(note._replace(degree=note.degree + turn) for note in theme[keep:])
    if how == "thin":
        return tuple(note for place, note in enumerate(theme) if place % 3 != 1 or note.step % 8 == 0)
    if how == "ornament":
        return tuple(part for note in theme for part in _ornamented(note, stream))
    if how == "answer":
        half = tuple(note for note in theme if note.step < metre.steps)
        return (*half, Step(metre.steps, metre.steps - 2, 0))
    return theme


def _ornamented(note: Step, stream: Stream) -> tuple[Step, ...]:
    if note.length < 4 or not stream.chance(0.5):
        return (note,)
    half = note.length // 2
    return (note._replace(length=half), Step(note.step + half, note.length - half, note.degree + stream.pick((1, -1))))


# How a theme of two bars fills eight: hooks keep coming back as they are.
PLANS = (
    ("repeat", "sequence", "repeat", "answer"),
    ("repeat", "tail", "repeat", "answer"),
    ("repeat", "ornament", "repeat", "tail"),
    ("repeat", "repeat", "sequence", "answer"),
    ("repeat", "tail", "sequence", "answer"),
)
