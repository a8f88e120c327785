"""How a cell is drawn (attributes, colours, link), and the shortest control sequence from one way to another."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
_SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
_CHANGES_COLOUR = frozenset({"1", "2", "5", "8"})  # a reversed blank may then be brighter, dimmer or not seen


class Pen(NamedTuple):
    """Attributes as SGR numbers, the codes of both colours ("" is the terminal's own), and a link's OSC 8 parameters.

    `is_blank`: for a blank cell, on which colour and weight of the letters do not show; any pen with this background
    and without lines draws it.
    """

    attributes: frozenset[str] = frozenset()
    colour: str = ""
    background: str = ""
    link: str = ""
    is_blank: bool = False


PLAIN = Pen()
RESET = "\x1b[m"


@lru_cache(maxsize=4096)
def pen_of(codes: str, link: str = "") -> Pen:
    """The pen of SGR codes as Textual writes them: attributes, then the colour, then the background."""
    attributes: set[str] = set()
    colour = background = ""
    parts = codes.split(";") if codes else []
    at = 0
    while at < len(parts):
        length = 1
        if parts[at] in ("38", "48"):
            length = 5 if parts[at + 1] == "2" else 3
        part = ";".join(parts[at : at + length])
        number = int(parts[at])
        if 30 <= number <= 39 or 90 <= number <= 97:
            colour = "" if number == 39 else part
        elif 40 <= number <= 49 or 100 <= number <= 107:
            background = "" if number == 49 else part
        else:
            attributes.add(part)
        at += length
    return Pen(frozenset(attributes), colour, background, link)


def codes_of(pen: Pen) -> str:
    """The SGR codes that `pen_of` makes this pen of."""
    return ";".join([*sorted(pen.attributes), *filter(None, (pen.colour, pen.background))])


@lru_cache(maxsize=4096)
def blank_pen(pen: Pen) -> Pen:
    """The pen of a blank that is drawn with this one: where nothing of the letters shows, any that looks the same."""
    seen = pen.attributes & _SEEN_ON_BLANKS
    if pen.link:
        return pen
    if seen == {"7"} and pen.colour and not pen.attributes & _CHANGES_COLOUR:
        return Pen(background=_as_background(pen.colour), is_blank=True)
    return pen if seen else Pen(background=pen.background, is_blank=True)


def _as_background(colour: str) -> str:
    first, _, rest = colour.partition(";")
    return f"{int(first) + 10}{';' if rest else ''}{rest}"


@lru_cache(maxsize=16384)
def change(old: Pen, new: Pen) -> tuple[str, Pen]:
    """What turns the terminal's pen `old` into one that draws as `new`, and the pen that the terminal has then."""
    if new.is_blank:
        new = Pen(old.attributes - _SEEN_ON_BLANKS, old.colour, new.background)
    if old == new:
        return "", new
    link = "" if old.link == new.link else f"\x1b]8;{new.link or ';'}\x1b\\"
    return link + _sgr(old, new), new


def _sgr(old: Pen, new: Pen) -> str:
    if old[:3] == new[:3]:
        return ""
    if new[:3] == PLAIN[:3]:
        return RESET
    whole = f"\x1b[{';'.join(['0', *sorted(new.attributes), *filter(None, new[1:3])])}m"
    lost = old.attributes - new.attributes
    if not lost <= _OFF.keys() or not old.attributes <= _OFF.keys():
        return whole
    codes = sorted({_OFF[attribute] for attribute in lost})
    kept = {attribute for attribute in new.attributes & old.attributes if _OFF[attribute] in codes}
    codes += sorted((new.attributes - old.attributes) | kept)
    if old.colour != new.colour:
        codes.append(new.colour or "39")
    if old.background != new.background:
        codes.append(new.background or "49")
    step = f"\x1b[{';'.join(codes)}m"
    return min(step, whole, key=len)
