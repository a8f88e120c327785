"""Cells that differ as the shortest bytes: cursor moves, changes of the pen, and text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from whisul_tui.terminal.display_cells import Row
from whisul_tui.terminal.display_pens import PLAIN, RESET, Pen, change
from whisul_tui.terminal.display_runs import BRIDGE, STRETCH, TO_THE_END, Run

_LETTERS: Callable[[Any], str] = itemgetter(0)
_PEN: Callable[[Any], Pen] = itemgetter(1)
_LEAST = " " * (TO_THE_END + 1)


def _stretches(run: Run) -> Iterator[tuple[int, int]]:
    """Where a run has so many blanks of one background that erasing them is shorter."""
    at = run.start
    while at < run.end:
        cell = run.row[at]
        end = at + 1
        if cell is not None and cell[1].is_blank:
            while end < run.end and run.row[end] == cell:
                end += 1
            if end - at >= STRETCH or (end == len(run.row) and end - at > TO_THE_END):
                yield at, end
        at = end


def erases_in_colour(environ: Mapping[str, str]) -> bool:
    """Whether what the terminal erases takes the pen's background, as all but screen and very old ones do."""
    terminal = environ.get("TERM", "")
    if terminal.startswith(("xterm", "tmux", "alacritty", "foot", "rxvt", "wezterm", "linux", "st-", "contour")):
        return True
    return terminal.startswith("screen") and bool(environ.get("TMUX"))


class Encoder:
    """Bytes of one frame; knows where the terminal's cursor is and what its pen is."""

    def __init__(self, width: int, cursor: tuple[int, int] | None, pen: Pen | None, *, erases: bool = False) -> None:
        """`cursor` and `pen` are what the last frame has left, None where that is not known.

        `erases`: what is erased takes the pen's background.
        """
        self._width = width
        self._erases = erases
        self._out: list[str] = [] if pen else [RESET]
        self.pen = pen or PLAIN
        self._y = cursor[1] if cursor else -1
        self._x = cursor[0] if cursor else -1  # -1: not known, as after the last column

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Where the terminal's cursor is, as far as that is known."""
        return None if self._x < 0 or self._y < 0 else (self._x, self._y)

    def end(self, cursor: tuple[int, int] | None) -> None:
        """The frame is over: no link stays open, and the cursor goes where it is wanted."""
        if self.pen.link:
            self._draw_with(self.pen._replace(link=""))
        if cursor is not None:
            self.move(*cursor)

    def fork(self) -> Encoder:
        """Another one that has come as far as this one, to try another way from here."""
        other = Encoder(self._width, self.cursor, self.pen, erases=self._erases)
        other._out, other._x, other._y = list(self._out), self._x, self._y
        return other

    def take(self, runs: Iterable[Run]) -> None:
        """Writes or erases all of them, in this order."""
        for run in runs:
            self._run(run)

    def clear(self, blank: Pen) -> None:
        """Makes the whole screen blank in this pen; only for terminals that erase in colour."""
        self._draw_with(blank)
        self._out.append("\x1b[2J")

    def text(self) -> str:
        """All of it; the pen stays as it is."""
        return "".join(self._out)

    def scroll(self, top: int, bottom: int, rows: int, blank: Pen) -> None:
        """Moves the lines from `top` to `bottom` up by `rows`, or down where that is negative; new ones are blank.

        With line feeds and reverse indexes, which every terminal has since the VT100, unlike SU and SD.
        """
        self._draw_with(blank)
        start, steps = (bottom, "\n" * rows) if rows > 0 else (top, "\x1bM" * -rows)
        self._out.append(f"\x1b[{top + 1};{bottom + 1}r\x1b[{start + 1}H{steps}\x1b[r")
        self._x = self._y = -1

    def _draw_with(self, pen: Pen) -> None:
        sequence, self.pen = change(self.pen, pen)
        self._out.append(sequence)

    def raw(self, x: int, y: int, text: str) -> None:
        """Text with its own sequences, whose width is not known; it ends in the plain pen."""
        self._draw_with(PLAIN)
        self._out.append(f"\x1b[{y + 1};{x + 1}H{text}")
        self._x = self._y = -1

    def _run(self, run: Run) -> None:
        """Writes the cells of a run, or erases them."""
        y, at, end, row, erase, pen = run
        if erase is not None:
            self._erase(y, at, end, row, erase)
            return
        if self._erases and end - at > TO_THE_END and _LEAST in "".join(map(_LETTERS, row[at:end])):
            for start, stop in _stretches(run):
                if start > at:
                    self._write(y, at, start, row, pen)
                if (cell := row[start]) is not None:
                    self._erase(y, start, stop, row, cell[1])
                at = stop
        if at < end:
            self._write(y, at, end, row, pen)

    def _erase(self, y: int, start: int, end: int, row: Row, pen: Pen) -> None:
        """Blanks in the pen's background, without writing each; the cursor stays before them."""
        self._come_to(start, y, row)
        self._draw_with(pen)
        self._out.append("\x1b[K" if end == self._width else f"\x1b[{end - start}X")

    def _write(self, y: int, start: int, end: int, row: Row, pen: Pen | None) -> None:
        """Writes cells with their pens, or with the one that draws them all."""
        self._come_to(start, y, row)
        if pen is not None:
            self._draw_with(pen)
            self._out.append("".join(map(_LETTERS, row[start:end])))
        else:
            for wanted, cells in groupby(row[start:end], _PEN):
                self._draw_with(wanted)
                self._out.append("".join(map(_LETTERS, cells)))
        self._x = end if end < self._width else -1
        self._y = y

    def _come_to(self, x: int, y: int, row: Row) -> None:
        if (x, y) != (self._x, self._y):
            way = self._way(x, y)
            self._out.append(self._rewritten(x, y, row, len(way)) or way)
            self._x, self._y = x, y

    def _rewritten(self, x: int, y: int, new: Row, longest: int) -> str:
        """The few cells before `x` once more, where no change of the pen draws them and that is no longer; else ""."""
        down = y - self._y
        if down == 0 and 0 <= self._x < x:
            start, back = self._x, ""
        elif self._y >= 0 and down in (0, 1):
            start, back = 0, "\r\n" if down else "\r"
        else:
            return ""
        if not 0 < x - start <= BRIDGE:
            return ""
        for cell in new[start:x]:
            if cell is None or not cell[0].isascii() or not cell[0] or change(self.pen, cell[1])[0]:
                return ""
            back += cell[0]
        return back if len(back) <= longest else ""

    def move(self, x: int, y: int) -> None:
        """Brings the cursor to a cell by the shortest way."""
        if (self._x, self._y) != (x, y):
            self._out.append(self._way(x, y))
            self._x, self._y = x, y

    def _way(self, x: int, y: int) -> str:
        if y == self._y:
            return _along(self._x, x)
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"]
        if self._y >= 0:
            down = y - self._y
            if down == 1:
                ways.append("\r\n" + _steps(x, "C"))
            if self._x >= 0:
                vertical = _steps(down, "B") if down >= 0 else _steps(-down, "A")
                ahead = x - self._x
                ways.append(vertical + (_steps(ahead, "C") if ahead >= 0 else _back(-ahead)))
        return min(ways, key=len)


@lru_cache(maxsize=4096)
def _along(start: int, x: int) -> str:
    """The shortest way along a line; from where is not known where `start` is negative."""
    ways = ["\r" + _steps(x, "C"), f"\x1b[{x + 1}G"]
    if start >= 0:
        ways.insert(0, _steps(x - start, "C") if x >= start else _back(start - x))
    return min(ways, key=len)


def _steps(count: int, way: str) -> str:
    return "" if count == 0 else f"\x1b[{way}" if count == 1 else f"\x1b[{count}{way}"


def _back(count: int) -> str:
    return min("\b" * count, _steps(count, "D"), key=len)
