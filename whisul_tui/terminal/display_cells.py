"""Strips of Textual as cells of the terminal; text that terminals measure differently is told apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from textual.strip import Strip

from whisul_tui.terminal.display_pens import PLAIN, Pen, blank_pen, pen_of

Cell = tuple[str, Pen]  # a character with its marks, and its pen; the second half of a wide one has the text ""
Row = list[Cell | None]  # None: nobody knows what the terminal shows there
_KEPT = 256  # strips whose cells are remembered: the parts of a screen, and some of the one before


class UnsureWidthError(Exception):
    """There is text whose width terminals do not agree on."""


class ControlError(Exception):
    """There is a control character in what is to be drawn."""


class Cells:
    """Makes cells of strips in one system of colours, and remembers those of the strips that come again."""

    def __init__(self, colours: ColorSystem) -> None:
        self.colours = colours
        self._known: dict[int, tuple[Strip, list[Cell]]] = {}

    def of(self, strip: Strip) -> list[Cell]:
        """The strip's cells, not to be changed; raises UnsureWidthError or ControlError."""
        known = self._known.get(id(strip))
        if known is not None and known[0] is strip:
            return known[1]
        cells = _cells(strip, self.colours)
        if len(cells) != strip.cell_length:  # as where a filter has changed the text of a strip that was measured
            raise UnsureWidthError
        if len(self._known) >= _KEPT:
            del self._known[next(iter(self._known))]
        self._known[id(strip)] = (strip, cells)  # held, so that the id is not given to another one meanwhile
        return cells


class _Letters(dict[str, Cell]):
    """The cells of a pen by their character, each once: there are a hundred thousand after some pages."""

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen

    def __missing__(self, character: str) -> Cell:
        cell = self[character] = (character, blank_pen(self._pen) if character == " " else self._pen)
        return cell


_letters = lru_cache(maxsize=256)(_Letters)


def _cells(segments: Iterable[Segment], colours: ColorSystem) -> list[Cell]:
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            raise ControlError
        pen = PLAIN
        if style is not None:
            codes = style._ansi if style._ansi is not None else Strip.render_ansi(style, colours)
            pen = pen_of(codes, f"id={style._link_id};{style._link}" if style._link else "")
        if text.isascii():
            if not text.isprintable():
                raise ControlError
            letters = _letters(pen)
            cells += [letters[character] for character in text]
        else:
            _add(text, pen, blank_pen(pen), cells)
    return cells


def _add(text: str, pen: Pen, blank: Pen, cells: list[Cell]) -> None:
    begins = len(cells)
    for character in text:
        width = cell_width(character)
        if width == 0:
            at = len(cells) - (2 if cells and not cells[-1][0] else 1)
            if at < begins or cells[at][0] == " ":
                raise UnsureWidthError
            cells[at] = (cells[at][0] + character, pen)
            continue
        cells.append((character, blank if character == " " else pen))
        if width == 2:
            cells.append(("", pen))


@lru_cache(maxsize=8192)
def cell_width(character: str) -> int:
    """Cells that every terminal gives to a character: 0, 1 or 2; raises UnsureWidthError or ControlError."""
    code, category = ord(character), unicodedata.category(character)
    if category == "Cc":
        raise ControlError
    if category == "Mn" and 0x300 <= code <= 0x36F:
        width = 0
    elif category[0] in "CM" or _is_of_a_cluster(code):
        raise UnsureWidthError
    else:
        width = 2 if unicodedata.east_asian_width(character) in "WF" else 1
    if get_character_cell_size(character) != width:
        raise UnsureWidthError
    return width


def _is_of_a_cluster(code: int) -> bool:
    """Whether it joins with its neighbours where a terminal can: Jamo, flags, and colours of skin."""
    return any(
        first <= code <= last
        for first, last in ((0x1160, 0x11FF), (0xD7B0, 0xD7FF), (0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF))
    )
