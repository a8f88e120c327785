"""What a terminal shows, with all that can be seen of a cell: text, colours and every attribute, dim and links too."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import pyte
from pyte.screens import Char, Margins

_LINK = re.compile(r"\x1b\]8;([^\x1b]*)\x1b\\")
_LINES = frozenset({"4", "7", "9", "21", "51", "52", "53"})  # attributes that show on a blank
_OFF = {"22": "12", "23": "3", "24": "4", "25": "56", "27": "7", "28": "8", "29": "9"}


class Emulated(pyte.Screen):
    """A pyte screen whose characters carry, in their foreground, all that was set when they were drawn."""

    def __init__(self, columns: int, lines: int) -> None:
        self._attributes: set[str] = set()
        self._colours = {"3": "", "4": ""}
        self._link = ""
        super().__init__(columns, lines)
        self._stream = pyte.Stream(self)

    def feed(self, text: str) -> None:
        """Takes what a program wrote; links are taken out and kept with the characters between them."""
        at = 0
        for found in _LINK.finditer(text):
            self._stream.feed(text[at : found.start()])
            self._link = "" if found[1] == ";" else found[1]
            self._draw_with()
            at = found.end()
        self._stream.feed(text[at:])

    def select_graphic_rendition(self, *numbers: int, **_: Any) -> None:
        """Keeps every attribute and colour, as the sequence had it."""
        codes = [str(number) for number in numbers or (0,)]
        while codes:
            code = codes.pop(0)
            if code == "0":
                self._attributes, self._colours = set(), {"3": "", "4": ""}
            elif code in ("38", "48"):
                length = 4 if codes[0] == "2" else 2
                self._colours[code[0]] = ";".join([code, *codes[:length]])
                del codes[:length]
            elif code in ("39", "49"):
                self._colours[code[0]] = ""
            elif 30 <= int(code) <= 37 or 90 <= int(code) <= 97:
                self._colours["3"] = code
            elif 40 <= int(code) <= 47 or 100 <= int(code) <= 107:
                self._colours["4"] = code
            elif code in _OFF:
                self._attributes -= set(_OFF[code])
            else:
                self._attributes.add(code)
        self._draw_with()

    def _draw_with(self) -> None:
        attributes = ",".join(sorted(self._attributes))
        self.cursor.attrs = Char(" ", fg=f"{attributes}|{self._colours['3']}|{self._link}", bg=self._colours["4"])

    def seen(self, y: int) -> list[tuple[str, str, str]]:
        """A line's cells as (text, how its letter looks, background); what cannot be seen on a blank is left out."""
        line = self.buffer[y]
        return [_seen(line[x]) for x in range(self.columns)]

    def index(self) -> None:
        """A line feed; a new line at the end of the region is blank in the pen's background, as in terminals."""
        _, bottom = self.margins or Margins(0, self.lines - 1)
        scrolls = self.cursor.y == bottom
        super().index()
        if scrolls:
            self._blank(bottom)

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        """All of it in the pen's background, also the cells that were never drawn, which pyte leaves out."""
        super().erase_in_display(how, *args, **kwargs)
        for y in range(self.lines if how == 2 else 0):
            self._blank(y)

    def reverse_index(self) -> None:
        """The other way round."""
        top, _ = self.margins or Margins(0, self.lines - 1)
        scrolls = self.cursor.y == top
        super().reverse_index()
        if scrolls:
            self._blank(top)

    def _blank(self, y: int) -> None:
        for x in range(self.columns):
            self.buffer[y][x] = self.cursor.attrs

    def lost(self) -> None:
        """Somebody else has written over all of it."""
        self.reset_mode(7)
        self.select_graphic_rendition(0)
        self.cursor_position(1, 1)
        for y in range(self.lines):
            self.cursor_position(y + 1, 1)
            self.draw("#" * self.columns)
        self.cursor_position(1, 1)


@lru_cache(maxsize=65536)
def _seen(cell: Char) -> tuple[str, str, str]:
    attributes, colour, link = (cell.fg if "|" in cell.fg else "||").split("|")
    background = "" if cell.bg == "default" else cell.bg
    set_ = set(attributes.split(","))
    lines = _LINES & set_
    if cell.data == " " and not link and lines == {"7"} and colour and not {"1", "2", "5", "8"} & set_:
        return " ", "", f"4{colour[1:]}" if colour[0] == "3" else f"10{colour[1:]}"  # reversed: its letter's colour
    if cell.data == " " and not link and not lines:
        return " ", "", background
    return cell.data, cell.fg if "|" in cell.fg else "||", background
