"""How well a text is read on its ground (WCAG 2.2, 1.4.3), and the nearest colour that is read well enough."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from textual.color import Color

LEAST = 4.5
_STEPS = 64


@cache
def luminance(colour: Color) -> float:
    """The relative luminance as WCAG defines it, 0 black to 1 white."""
    parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(text: Color, ground: Color) -> float:
    """The ratio of two opaque colours, 1 to 21."""
    low, high = sorted((luminance(text), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


def lowest(text: Color, grounds: Iterable[Color]) -> float:
    """The lowest ratio of a text on any of these grounds."""
    return min(contrast(text, ground) for ground in grounds)


def readable_on(text: Color, grounds: tuple[Color, ...], least: float = LEAST) -> Color:
    """The text's colour, as far towards white or black (the better of the two) as every ground needs, no further."""
    if lowest(text, grounds) >= least:
        return text
    ends = sorted((Color(255, 255, 255), Color(0, 0, 0)), key=lambda end: -lowest(end, grounds))
    for step in range(1, _STEPS + 1):
        moved = text.blend(ends[0], step / _STEPS, alpha=1.0)
        if lowest(moved, grounds) >= least:
            return moved
    return ends[0]
