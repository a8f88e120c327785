"""Which cells of a frame are written or erased, and in which order: what differs, one pen after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import compress
from operator import ne
from typing import NamedTuple

from whisul_tui.terminal.display_cells import Cell, Row
from whisul_tui.terminal.display_pens import PLAIN, Pen, change

STRETCH = 12  # blanks that are erased rather than written, which costs up to ten bytes with the move behind them
TO_THE_END = 3  # the same at the end of a line, where it is three bytes
BRIDGE = 4  # equal cells that may be written again where a move would be longer
_ERASE = 6  # bytes of one erasing


class Run(NamedTuple):
    """Cells from `start` to before `end` of line `y` that are to be written as `row` has them; all are known.

    `erase`: they are erased in this pen instead, whatever `row` has there; what else it has is written afterwards.
    `pen`: draws them all.
    """

    y: int
    start: int
    end: int
    row: Row
    erase: Pen | None = None
    pen: Pen | None = None


def differing(y: int, old: Row, new: Row, *, erases: bool) -> list[Run]:
    """The runs that turn the line `old` into `new`; cells that are None in `new` are left alone."""
    if old == new:
        return []
    differs = list(map(ne, old, new))
    runs = list(_runs(y, new, differs))
    erased = _erased_first(y, new, differs) if erases else None
    return runs if erased is None else erased


def _runs(y: int, new: Row, differs: list[bool]) -> Iterator[Run]:
    at, width = 0, len(new)
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


def _erased_first(y: int, new: Row, differs: list[bool]) -> list[Run] | None:
    """The line's blanks erased in one go and its letters written over that, where this is shorter; None where not."""
    blanks = [cell for cell in compress(new, differs) if cell is not None and cell[1].is_blank]
    if len(blanks) < STRETCH:
        return None
    blank, count = Counter(blanks).most_common(1)[0] if blanks.count(blanks[0]) < len(blanks) else (blanks[0], STRETCH)
    if count < STRETCH:
        return None
    start = next(x for x, cell in enumerate(new) if differs[x] and cell == blank)
    end = 1 + next(x for x in range(len(new) - 1, -1, -1) if differs[x] and new[x] == blank)
    gain, passed, background = -_ERASE, 0, blank[1].background
    for cell, other in zip(new[start:end], differs[start:end], strict=True):
        if cell is blank or cell == blank:
            passed += other
            continue
        if cell is None or cell[1].background != background:
            return None
        if passed:
            gain, passed = gain + _saved(passed), 0
        if not other:
            gain -= len(cell[0].encode())
    gain += _saved(passed)
    if gain <= 0:
        return None
    return [Run(y, start, end, new, blank[1]), *_runs(y, new, _letters(new, differs, start, end, blank))]


def _saved(blanks: int) -> int:
    """Bytes that so many blanks in a row cost more than a move past them: they are written, or erased and passed."""
    return min(_ERASE - 1, max(0, blanks - BRIDGE))


def _letters(new: Row, differs: list[bool], start: int, end: int, blank: Cell) -> list[bool]:
    """What is to be written once the cells from `start` to `end` are blank: what stands there, and what differs."""
    wanted = list(differs)
    wanted[start:end] = [
        cell is not blank and (cell is None or cell[0] != " " or not cell[1].is_blank) for cell in new[start:end]
    ]
    return wanted


def by_pen(runs: Iterable[Run], pen: Pen) -> list[Run]:
    """The same cells, one pen after the other from this one on: more moves, which are shorter than colours."""
    pieces: dict[Pen, list[Run]] = {}
    erased: dict[str, list[Run]] = {}
    for run in runs:
        if run.erase is not None:
            erased.setdefault(run.erase.background, []).append(run)
        else:
            for wanted, piece in _pieces(run):
                pieces.setdefault(wanted, []).append(piece)
    backgrounds = list(dict.fromkeys([*(pen.background for pen in pieces), *erased]))
    backgrounds.sort(key=lambda background: background != pen.background)
    ordered: list[Run] = []
    for background in backgrounds:
        ordered += erased.get(background, ())
        left = [wanted for wanted in pieces if wanted.background == background]
        while left:
            at = pen
            pen = min(left, key=lambda wanted: (wanted.is_blank, len(change(at, wanted)[0])))
            left.remove(pen)
            ordered += pieces[pen]
    return ordered


def _pieces(run: Run) -> Iterator[tuple[Pen, Run]]:
    """The parts of a run that one pen draws."""
    start, pen = run.start, None
    for x in range(run.start, run.end):
        cell = run.row[x]
        wanted = cell[1] if cell is not None else PLAIN
        if wanted is pen:
            continue
        if pen is None or (pen.is_blank and not change(wanted, pen)[0]):
            pen = wanted  # blanks before a letter are drawn with its pen
        elif not (wanted.is_blank and not change(pen, wanted)[0]) and wanted != pen:
            yield pen, Run(run.y, start, x, run.row, pen=pen)
            start, pen = x, wanted
    if pen is not None:
        yield pen, Run(run.y, start, run.end, run.row, pen=pen)
