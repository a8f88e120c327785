"""The front buffer: what the terminal shows, cell by cell, and what is to be sent so that it shows something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whisul_tui.terminal.display_cells import Cell, Row
from whisul_tui.terminal.display_encoder import Encoder, Run, by_pen, differing
from whisul_tui.terminal.display_pens import PLAIN, blank_pen
from whisul_tui.terminal.display_scroll import Shift, find_shift

_LONG = 200  # characters from which on another order of the cells is tried
_BLANK: Cell = (" ", blank_pen(PLAIN))


@dataclass(frozen=True, slots=True)
class Span:
    """Cells of line `y` from `x` on. On a line of unsure width all spans have no cells, but `raw`, which is written."""

    y: int
    x: int
    cells: Sequence[Cell] | None
    raw: str = ""


class Front:
    """What a terminal of `width` x `height` cells shows, as far as it is known."""

    def __init__(self, width: int, height: int, *, erases: bool = False) -> None:
        """`erases`: erased cells take the pen's background."""
        self.width = width
        self.height = height
        self._erases = erases
        self._rows: list[Row] = [[None] * width for _ in range(height)]
        self._cursor: tuple[int, int] | None = None

    def frame(self, spans: Sequence[Span], cursor: tuple[int, int]) -> str:
        """What makes the terminal show the spans, and leaves the cursor at (x, y); "" where it shows them already."""
        unsure = [span for span in spans if span.cells is None]
        target = self._target(spans, {span.y for span in unsure})
        shift = None if unsure else find_shift(self._rows, target, _widest(spans))
        if shift is not None:
            for y in range(shift.top, shift.bottom + 1):
                target.setdefault(y, list(self._rows[y]))
            shift.apply(self._rows, [_BLANK] * self.width)
        runs = [run for y in sorted(target) for run in differing(y, self._rows[y], target[y])]
        for y, row in target.items():
            self._rows[y] = row
        for span in unsure:
            self._rows[span.y] = [None] * self.width
        text = self._encoded(shift, runs, unsure, cursor)
        if len(text) >= _LONG:
            text = min(text, self._encoded(shift, by_pen(runs), unsure, cursor), key=len)
        self._cursor = cursor
        return text

    def _encoded(
        self, shift: Shift | None, runs: Sequence[Run], unsure: Sequence[Span], cursor: tuple[int, int]
    ) -> str:
        encoder = Encoder(self.width, self._cursor, erases=self._erases)
        if shift is not None:
            encoder.scroll(shift.top, shift.bottom, shift.rows)
        for run in runs:
            encoder.run(run)
        for span in unsure:
            encoder.raw(span.x, span.y, span.raw)
        encoder.move(*cursor)
        return encoder.text()

    def _target(self, spans: Sequence[Span], unsure: set[int]) -> dict[int, Row]:
        """The lines that the spans concern as they are to be; half of a wide character that is left is not known."""
        target: dict[int, Row] = {}
        for span in spans:
            if span.y in unsure or not span.cells:
                continue
            row = target.get(span.y)
            if row is None:
                row = target[span.y] = list(self._rows[span.y])
            end = span.x + len(span.cells)
            if span.x and (cut := row[span.x]) is not None and not cut[0]:
                row[span.x - 1] = None
            if end < self.width and (cut := row[end]) is not None and not cut[0]:
                row[end] = None
            row[span.x : end] = span.cells
        return target


def _widest(spans: Sequence[Span]) -> dict[int, tuple[int, int]]:
    widest: dict[int, tuple[int, int]] = {}
    for span in spans:
        end = span.x + len(span.cells or ())
        x1, x2 = widest.get(span.y, (0, 0))
        if end - span.x > x2 - x1:
            widest[span.y] = (span.x, end)
    return widest
