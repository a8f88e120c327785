"""Cells that differ as the shortest bytes: cursor moves, changes of the pen, and text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import ne
from typing import NamedTuple

from whisul_tui.terminal.display_cells import Row
from whisul_tui.terminal.display_pens import PLAIN, Pen, change

_STRETCH = 12  # blanks that are erased rather than written, which costs up to ten bytes with the move behind them
_TO_THE_END = 3  # the same at the end of a line, where it is three bytes
_BRIDGE = 4  # equal cells that may be written again where a move would be longer


class Run(NamedTuple):
    """Cells from `start` to before `end` of line `y` that are to be written as `row` has them; all are known."""

    y: int
    start: int
    end: int
    row: Row


def differing(y: int, old: Row, new: Row) -> Iterator[Run]:
    """The runs that turn the line `old` into `new`; cells that are None in `new` are left alone."""
    if old == new:
        return
    at, width = 0, len(new)
    differs = list(map(ne, old, new))
    while True:
        try:
            start = differs.index(True, at)
        except ValueError:
            return
        cell = new[start]
        if cell is None:
            at = start + 1
            continue
        if not cell[0] and start > at and new[start - 1] is not None:
            start -= 1  # the second half of a wide character is written with the first
        end = start + 1
        while end < width and (follower := new[end]) is not None and (differs[end] or not follower[0]):
            end += 1
        yield Run(y, start, end, new)
        at = end


def by_pen(runs: Iterable[Run]) -> list[Run]:
    """The same cells, one pen after the other: more moves, which are shorter than colours where those are many."""
    pieces: dict[Pen, list[Run]] = {}
    for run in runs:
        start, pen = run.start, None
        for x in range(run.start, run.end):
            cell = run.row[x]
            wanted = cell[1] if cell is not None else PLAIN
            if wanted is pen:
                continue
            if pen is None or (pen.is_blank and not change(wanted, pen)[0]):
                pen = wanted  # blanks before a letter are drawn with its pen
            elif not (wanted.is_blank and not change(pen, wanted)[0]) and wanted != pen:
                pieces.setdefault(pen, []).append(Run(run.y, start, x, run.row))
                start, pen = x, wanted
        if pen is not None:
            pieces.setdefault(pen, []).append(Run(run.y, start, run.end, run.row))
    order: list[Pen] = []
    for background in dict.fromkeys(pen.background for pen in pieces):
        same = [pen for pen in pieces if pen.background == background]
        same.sort(key=lambda pen: (pen.is_blank, sorted(pen.attributes), pen.colour))
        if order and same[-1].colour == order[-1].colour:
            same.reverse()  # so that the step to another background is not one to another colour, too
        order += same
    return [piece for pen in order for piece in pieces[pen]]


def _stretches(run: Run) -> Iterator[tuple[int, int]]:
    """Where a run has so many blanks of one background that erasing them is shorter."""
    at = run.start
    while at < run.end:
        cell = run.row[at]
        end = at + 1
        if cell is not None and cell[1].is_blank:
            while end < run.end and run.row[end] == cell:
                end += 1
            if end - at >= _STRETCH or (end == len(run.row) and end - at > _TO_THE_END):
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

    def __init__(self, width: int, cursor: tuple[int, int] | None, *, erases: bool = False) -> None:
        """`cursor` is where the last frame has left it, None where that is not known; `erases`: in the pen's colour."""
        self._width = width
        self._erases = erases
        self._out: list[str] = []
        self._pen = PLAIN
        self._y = cursor[1] if cursor else -1
        self._x = cursor[0] if cursor else -1  # -1: not known, as after the last column

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be sent."""
        return not self._out

    def text(self) -> str:
        """All of it; the pen is plain at the end, as Textual leaves it."""
        if self._pen != PLAIN:
            self._out.append(change(self._pen, PLAIN)[0])
            self._pen = PLAIN
        return "".join(self._out)

    def scroll(self, top: int, bottom: int, rows: int) -> None:
        """Moves the lines from `top` to `bottom` up by `rows`, or down where that is negative, in the plain pen.

        With line feeds and reverse indexes, which every terminal has since the VT100, unlike SU and SD.
        """
        start, steps = (bottom, "\n" * rows) if rows > 0 else (top, "\x1bM" * -rows)
        self._out.append(f"\x1b[{top + 1};{bottom + 1}r\x1b[{start + 1}H{steps}\x1b[r")
        self._x = self._y = -1

    def raw(self, x: int, y: int, text: str) -> None:
        """Text with its own sequences, whose width is not known; it ends in the plain pen."""
        if self._pen != PLAIN:
            self._out.append(change(self._pen, PLAIN)[0])
            self._pen = PLAIN
        self._out.append(f"\x1b[{y + 1};{x + 1}H{text}")
        self._x = self._y = -1

    def run(self, run: Run) -> None:
        """Writes the cells of a run."""
        y, at, end, row = run
        if self._erases and end - at > _TO_THE_END:
            for start, stop in _stretches(run):
                if start > at:
                    self._write(y, at, start, row)
                self._erase(y, start, stop, row)
                at = stop
        if at < end:
            self._write(y, at, end, row)

    def _erase(self, y: int, start: int, end: int, row: Row) -> None:
        """Blanks in the pen's background, without writing each; the cursor stays before them."""
        self._come_to(start, y, row)
        cell = row[start]
        if cell is not None:
            sequence, self._pen = change(self._pen, cell[1])
            self._out.append(f"{sequence}\x1b[K" if end == self._width else f"{sequence}\x1b[{end - start}X")

    def _write(self, y: int, start: int, end: int, row: Row) -> None:
        self._come_to(start, y, row)
        out, pen = self._out, self._pen
        fits: Pen | None = None  # the terminal's pen draws these two as they are, the other of letters and blanks
        too: Pen | None = None
        for cell in row[start:end]:
            if cell is None:
                continue  # the caller has seen to that
            text, wanted = cell
            if wanted is not fits and wanted is not too:
                sequence, pen = change(pen, wanted)
                if sequence:
                    out.append(sequence)
                    fits = wanted
                too = wanted
            out.append(text)
        self._pen = pen
        self._x = end if end < self._width else -1
        self._y = y

    def _come_to(self, x: int, y: int, row: Row) -> None:
        if not self._bridged(x, y, row):
            self.move(x, y)

    def _bridged(self, x: int, y: int, new: Row) -> bool:
        """Writes the few equal cells between the cursor and `x` again, where that is shorter than a move."""
        gap = x - self._x
        if y != self._y or self._x < 0 or not 0 < gap <= _BRIDGE:
            return False
        text = ""
        for cell in new[self._x : x]:
            if cell is None or not cell[0].isascii() or not cell[0] or change(self._pen, cell[1])[0]:
                return False
            text += cell[0]
        if len(text) > len(_right(gap)):
            return False
        self._out.append(text)
        self._x = x
        return True

    def move(self, x: int, y: int) -> None:
        """Brings the cursor to a cell by the shortest way."""
        if (self._x, self._y) == (x, y):
            return
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"]
        if self._y >= 0:
            if y == self._y:
                ways.append("\r" + _right(x))
                if self._x >= 0:
                    ways.append(_right(x - self._x) if x > self._x else "\b" * (self._x - x))
            elif y == self._y + 1:
                ways.append("\r\n" + _right(x))
                if 0 <= self._x - x <= 2 and self._x >= 0:
                    ways.append("\x1b[B" + "\b" * (self._x - x))
                elif self._x >= 0 and x > self._x:
                    ways.append("\x1b[B" + _right(x - self._x))
        self._out.append(min(ways, key=len))
        self._x, self._y = x, y


def _right(cells: int) -> str:
    return "" if cells == 0 else "\x1b[C" if cells == 1 else f"\x1b[{cells}C"
