"""The front buffer: what the terminal shows, cell by cell, and what is to be sent so that it shows something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from whisul_tui.terminal.display_cells import Cell, Row
from whisul_tui.terminal.display_encoder import Encoder
from whisul_tui.terminal.display_pens import PLAIN, Pen, blank_pen, pen_of
from whisul_tui.terminal.display_runs import Run, by_pen, differing
from whisul_tui.terminal.display_scroll import Shift, find_shift
from whisul_tui.terminal.handed_over import Painted

_LONG = 200  # characters from which on another order of the cells is tried
_MANY = 8  # runs from which on line by line is hardly ever the shorter order


class Span(NamedTuple):
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
        self._pen: Pen | None = None
        self._ahead: dict[int, Row] | None = None  # what is to be shown once it is let go
        self._awaits_next = False  # it is let go with the next frame

    def primed(self, painted: Painted) -> None:
        """Takes over what the first frame has drawn; what comes is kept back until `let_go`."""
        blank: Cell = (" ", blank_pen(pen_of(painted.base)))
        self._rows = [[blank] * self.width for _ in range(self.height)]
        for y, x, text, codes in painted.pieces:
            pen = pen_of(codes)
            cells: list[Cell] = [(letter, blank_pen(pen) if letter == " " else pen) for letter in text]
            self._rows[y][x : x + len(cells)] = cells
        self._pen, self._ahead = PLAIN, {}

    @property
    def is_kept_back(self) -> bool:
        """Whether what is to be shown is not sent yet."""
        return self._ahead is not None

    def let_go(self, cursor: tuple[int, int] | None) -> str:
        """All that was kept back, as one frame."""
        target, self._ahead, self._awaits_next = self._ahead or {}, None, False
        return self._changed(target, [], None, cursor)

    def frame(self, spans: Sequence[Span], cursor: tuple[int, int] | None, *, is_half: bool = False) -> str:
        """What makes the terminal show the spans; "" where it shows them already.

        The cursor is left at (x, y), or anywhere where that is None; the pen is left as it is. `is_half`: the frame is
        kept back, since the next one follows at once and draws all anew.
        """
        unsure = [span for span in spans if span.cells is None]
        target = self._target(spans, {span.y for span in unsure})
        if is_half and self._ahead is None:
            self._ahead, self._awaits_next = {}, True
        if self._ahead is not None:
            self._ahead.update(target)
            if not unsure and (is_half or not self._awaits_next):
                return ""
            target, self._ahead, self._awaits_next = self._ahead, None, False
        shift = None if unsure else find_shift(self._rows, target, _widest(spans))
        return self._changed(target, unsure, shift, cursor)

    def _changed(
        self,
        target: dict[int, Row],
        unsure: Sequence[Span],
        shift: Shift | None,
        cursor: tuple[int, int] | None,
    ) -> str:
        cells = 0
        if shift is None:
            runs = self._runs(self._rows, target)
            cells = sum(run.end - run.start for run in runs)
            encoder = self._written(self._encoder(), runs)
        else:
            for y in range(shift.top, shift.bottom + 1):
                target.setdefault(y, list(self._rows[y]))
            blanks = self._blanks(target[shift.bottom if shift.rows > 0 else shift.top])
            encoder = _shortest(self._shifted(shift, blank, target) for blank in blanks)
        for y, row in target.items():
            self._rows[y] = row
        is_most = cells > self.width * self.height // 2  # only then can it be shorter to begin with an empty screen
        if is_most and self._erases and not any(None in row for row in self._rows):
            encoder = _shortest([encoder, self._all_drawn()])
        for span in unsure:
            encoder.raw(span.x, span.y, span.raw)
            self._rows[span.y] = [None] * self.width
        encoder.end(cursor)
        self._cursor, self._pen = encoder.cursor, encoder.pen
        return encoder.text()

    def _encoder(self) -> Encoder:
        return Encoder(self.width, self._cursor, self._pen, erases=self._erases)

    def _runs(self, rows: Sequence[Row], target: Mapping[int, Row]) -> list[Run]:
        return [run for y in sorted(target) for run in differing(y, rows[y], target[y], erases=self._erases)]

    def _shifted(self, shift: Shift, blank: Pen, target: Mapping[int, Row]) -> Encoder:
        """Lines moved by the terminal, new ones blank in this pen, and what then still differs."""
        encoder, rows = self._encoder(), list(self._rows)
        encoder.scroll(shift.top, shift.bottom, shift.rows, blank)
        shift.apply(rows, [(" ", blank)] * self.width)
        return self._written(encoder, self._runs(rows, target))

    def _blanks(self, new: Row) -> list[Pen]:
        """What new lines may be blank with: the background that most of them is to have, or that of the pen."""
        if not self._erases:
            return [blank_pen(PLAIN)]
        pens = Counter(cell[1] for cell in new if cell is not None and cell[1].is_blank)
        found = [pen for pen, _ in pens.most_common(1)] + [blank_pen(self._pen)] * (self._pen is not None)
        return list(dict.fromkeys(pen for pen in found if pen.is_blank)) or [blank_pen(PLAIN)]

    def _written(self, encoder: Encoder, runs: Sequence[Run]) -> Encoder:
        """The encoder that has taken these runs, line by line or pen by pen."""
        first = encoder.fork()
        if len(runs) < _MANY:
            first.take(runs)
            if len(first.text()) < _LONG:
                return first
        encoder.take(by_pen(runs, encoder.pen))
        return encoder if len(runs) >= _MANY else _shortest([first, encoder])

    def _all_drawn(self) -> Encoder:
        """All that there is now, on an empty screen."""
        blanks = Counter(cell for row in self._rows for cell in row if cell is not None and cell[1].is_blank)
        blank: Cell = blanks.most_common(1)[0][0] if blanks else (" ", blank_pen(PLAIN))
        encoder = Encoder(self.width, None, self._pen, erases=True)
        encoder.clear(blank[1])
        runs = self._runs([[blank] * self.width] * self.height, dict(enumerate(self._rows)))
        encoder.take(by_pen(runs, encoder.pen))
        return encoder

    def runs_of(self, y: int) -> list[tuple[int, str, Pen]]:
        """What line `y` shows, as (cell, text, pen); nothing where that is not known, and no link."""
        row = self._rows[y]
        if None in row:
            return []
        runs: list[tuple[int, str, Pen]] = []
        for x, (text, pen) in enumerate(cell for cell in row if cell is not None):
            if runs and runs[-1][2] == pen:
                runs[-1] = (runs[-1][0], runs[-1][1] + text, pen)
            elif not pen.link:
                runs.append((x, text, pen))
        return runs

    def _target(self, spans: Sequence[Span], unsure: set[int]) -> dict[int, Row]:
        """The lines that the spans concern as they are to be; half of a wide character that is left is not known."""
        target: dict[int, Row] = {}
        for span in spans:
            if span.y in unsure or not span.cells:
                continue
            row = target.get(span.y)
            if row is None:
                row = target[span.y] = list((self._ahead or {}).get(span.y, self._rows[span.y]))
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


def _shortest(encoders: Iterable[Encoder]) -> Encoder:
    return min(encoders, key=lambda encoder: len(encoder.text()))
