"""Step figures of the genre tables, turned into strokes in the metre at hand."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from whisul_tui.studio.engine.score import Metre


class Stroke(NamedTuple):
    """A stroke of a figure: where and how long in sixteenths from the bar's start, and its character."""

    step: int
    length: int
    sign: str


@lru_cache(maxsize=2048)
def strokes(figure: str, metre: Metre) -> tuple[Stroke, ...]:
    """The strokes of a one-bar figure written in 4/4, fitted to the metre."""
    text = fitted(figure, metre)
    found: list[Stroke] = []
    for step, sign in enumerate(text):
        if sign in ".-":
            continue
        length = 1
        while step + length < len(text) and text[step + length] == "-":
            length += 1
        found.append(Stroke(step, length, sign))
    return tuple(found)


def fitted(figure: str, metre: Metre) -> str:
    """A 4/4 figure cut or stretched to the metre's groups: each group begins like one of the figure's halves."""
    if metre.steps == 16 or not figure:
        return figure
    if len(metre.accents) == 1:
        return figure[: metre.steps]
    middle = metre.accents[1]
    first, second = figure[:16][:middle], (figure[8:16] + figure[8:16])[: metre.steps - middle]
    return first + second.replace("-", ".", 1) if second.startswith("-") else first + second


@lru_cache(maxsize=512)
def drum_strokes(voice: str, figure: str, metre: Metre) -> tuple[Stroke, ...]:
    """A drum line in the metre: three-four and six-eight get the back beat that belongs to them."""
    if metre.name == "3/4":
        if voice == "k":
            figure = figure[0] + "..." + ".." + "?" + "." * 5 if figure.count("X") < 4 else "X..........."
        elif voice in "sc":
            figure = "....x...x..." if "X" in figure or "x" in figure else "............"
    elif metre.pulse == 1.5:
        groups = metre.steps // 6
        if voice == "k":
            figure = ("X....." + "..?...") * (groups // 2)
        elif voice in "sc":
            figure = ("......" + "X.....") * (groups // 2)
        elif voice in "hro":
            figure = "x.o.o." * groups
        else:
            figure = fitted(figure, metre)
        return strokes_of(figure)
    return strokes_of(fitted(figure, metre))


def strokes_of(text: str) -> tuple[Stroke, ...]:
    """Every sign that is no rest as a stroke of one sixteenth."""
    return tuple(Stroke(step, 1, sign) for step, sign in enumerate(text) if sign not in ".-")
