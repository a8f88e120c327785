"""The painted side of the jobs table: which rows are on screen, how they look, and which of them look otherwise now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from whisul_tui.domain import Job, JobState
from whisul_tui.domain.job_filter import sought
from whisul_tui.storage.windows import View
from whisul_tui.widgets.job_columns import Columns, Layout, columns_for
from whisul_tui.widgets.job_row import Piece, bond_of, row_pieces
from whisul_tui.widgets.job_words import Facts, is_ticking
from whisul_tui.widgets.row_pages import RowPages, RowSource
from whisul_tui.widgets.row_paint import RowPaint
from whisul_tui.widgets.table_head import empty_pieces, head_pieces
from whisul_tui.widgets.whole_bar import WholeBar

_AGES_EVERY = 15  # ticks between two looks at ages, which change by the minute
_OLD_AGES_EVERY = 900  # ticks between two looks at those that change by the day at most
_OLD = timedelta(days=1)
_PARTS = (
    "row", "cursor", "marked", "head", "sorted", "news", "mark", "late", "title", "prompt", "behind", "match", "note",
    "elapsed", "figure", "number", "star", "own", "empty", "advice",
)  # fmt: skip


@dataclass(slots=True)
class _Line:
    """A row as it was painted last, by its kind: the cursor comes and goes, and changes no piece of it."""

    job: Job
    pieces: tuple[Piece, ...]
    strips: dict[str, Strip] = field(default_factory=dict)


class TableWindow(ScrollView, can_focus=True, inherit_bindings=False):
    """A head and rows below it, as many as there is room for; strips are kept until their row looks otherwise.

    `total` rows are in the view, `news` of them came above the window unseen, `empty` is said where there is none.
    """

    COMPONENT_CLASSES = {f"jobs-table--{part}" for part in (*JobState, *_PARTS)}
    ALLOW_SELECT = False

    def __init__(self, source: RowSource, facts: Callable[[], Facts], view: View) -> None:
        super().__init__()
        self.view = view
        self.total = 0
        self.news = 0
        self.empty: tuple[str, ...] = ()
        self.layout_chosen: Layout | None = None
        self._source = source
        self._facts = facts
        self._pages = RowPages(source, view)
        self._lines: dict[int, _Line] = {}
        self._shown: dict[int, int | None] = {}
        self._paint = RowPaint(self, "jobs-table")
        self._ticks = 0
        self._filtered: dict[int, tuple[Strip, Strip]] = {}
        self._filtered_by: tuple[tuple[LineFilter, ...], Color] = (), Color(0, 0, 0)

    @property
    def vertical_scrollbar(self) -> WholeBar:
        """The scroll bar, made when it is first asked for, as Textual does."""
        bar = self._vertical_scrollbar
        if not isinstance(bar, WholeBar):
            bar = self._vertical_scrollbar = WholeBar(name="vertical", thickness=self.scrollbar_size_vertical)
            bar.display = False
            self.app._start_widget(self, bar)
        return bar

    def row_kind(self, index: int, job: Job) -> str:
        """How the row at a position is painted: row, marked or cursor."""
        raise NotImplementedError

    def is_marked(self, number: int) -> bool:
        """Whether the row of this job has the sign of a mark."""
        raise NotImplementedError

    @property
    def top(self) -> int:
        """The position of the first row on screen."""
        return int(self.scroll_offset.y)

    @property
    def rows_shown(self) -> int:
        """How many rows there is room for."""
        return max(1, self.size.height - 1)

    def _room_for(self, rows: int) -> None:
        """Has so many rows to scroll over; unlike `virtual_size`, without a new layout of the screen for each figure.

        Where the scroll bar comes or goes, Textual lays the screen out by itself.
        """
        size = Size(self.size.width, rows + 1)
        if size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)

    # Time -----------------------------------------------------------------------------------------------------------

    def tick(self) -> bool:
        """A second has passed: repaints the cells that tell time, where any on screen does; whether ages do, too."""
        self._ticks += 1
        ages_too, old_too = self._ticks % _AGES_EVERY == 0, self._ticks % _OLD_AGES_EVERY == 0
        facts = self._facts()
        for y in range(1, min(self.size.height, self.total - self.top + 1)):
            job = self._pages.at_hand(self.top + y - 1)
            line = self._lines.get(job.number) if job else None
            if job is None or line is None or line.job is not job:
                continue
            if is_ticking(job) or old_too or (ages_too and facts.now - job.created_at < _OLD):
                self._repaint_cells(y, line, self._pieces(self.top + y - 1, job, facts))
        self._let_go()
        return ages_too

    def _repaint_cells(self, y: int, line: _Line, pieces: tuple[Piece, ...]) -> None:
        changed = set(pieces) ^ set(line.pieces)
        if changed:
            start = min(piece.x for piece in changed)
            end = max(piece.x + piece.width for piece in changed)
            line.pieces = pieces
            line.strips.clear()
            self.refresh(Region(start, y, end - start, 1))

    def _let_go(self) -> None:
        """Forgets lines that have left the screen."""
        if len(self._lines) > 2 * self.rows_shown:
            shown = set(self._shown.values())
            self._lines = {number: line for number, line in self._lines.items() if number in shown}

    # Painting -------------------------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Strips as they are kept: this widget has no border or padding, so unchanged lines stay the same objects."""
        width, top = self.size.width, self.top
        through = tuple(self.get_line_filters()), self.background_colors[1]
        if through != self._filtered_by or len(self._filtered) > 3 * self.rows_shown:
            self._filtered_by = through
            self._filtered.clear()
        strips = [self._through_filters(self._strip(y, width, top)) for y in crop.line_range]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _through_filters(self, strip: Strip) -> Strip:
        known = self._filtered.get(id(strip))
        if known is not None and known[0] is strip:
            return known[1]
        filters, background = self._filtered_by
        filtered = strip
        for line_filter in filters:
            filtered = filtered.apply_filter(line_filter, background)
        self._filtered[id(strip)] = strip, filtered  # held, so that the id is not given to another one meanwhile
        return filtered

    def render_line(self, y: int) -> Strip:
        return self._strip(y, self.size.width, self.top)

    def _strip(self, y: int, width: int, top: int) -> Strip:
        """A line of the screen as it was painted last, or painted now."""
        if y == 0:
            head = head_pieces(self.columns, self.view.sort, self.news, unicode=self._facts().unicode)
            return self._paint.strip(head, width)
        index = top + y - 1
        job = self._pages.row(index) if index < self.total else None
        self._shown[y] = job.number if job else None
        if job is None:
            words = empty_pieces(self.empty, y, self.size) if self.total == 0 else ()
            return self._paint.strip(words, width)
        row = self.row_kind(index, job)
        line = self._lines.get(job.number)
        if line is None or line.job is not job:
            line = self._lines[job.number] = _Line(job, self._pieces(index, job, self._facts()))
        strip = line.strips.get(row)
        if strip is None:
            strip = line.strips[row] = self._paint.strip(line.pieces, width, row, sought(self.view.search))
        return strip

    @property
    def columns(self) -> Columns:
        """The columns that the width has room for, of the user's own choice where there is one."""
        return columns_for(self.size.width, self.layout_chosen)

    def _pieces(self, index: int, job: Job, facts: Facts) -> tuple[Piece, ...]:
        return row_pieces(job, self.columns, facts, marked=self.is_marked(job.number), bond=self._bond(index, job))

    def _bond(self, index: int, job: Job) -> str:
        """Where in its family the row stands; rows without one need no look at their neighbours."""
        if job.family is None:
            return ""
        above = self._pages.row(index - 1) if index else None
        return bond_of(job, above, self._pages.row(index + 1) if index + 1 < self.total else None)

    def repaint_changed(self) -> None:
        """Repaints the lines that another job came to, or whose job looks otherwise than when it was painted."""
        facts = self._facts()
        for y in range(1, self.size.height):
            index = self.top + y - 1
            job = self._pages.row(index) if index < self.total else None
            if self._shown.get(y) != (job.number if job else None):
                self.refresh_at(y)
            elif job is not None:
                line = self._lines.get(job.number)
                if line is None or self._pieces(index, job, facts) != line.pieces:
                    self.refresh_at(y)
                else:
                    line.job = job

    def refresh_row(self, index: int) -> None:
        """Repaints the row at a position, where it is on screen."""
        y = index - self.top + 1
        if 1 <= y < self.size.height:
            self.refresh_at(y)

    def refresh_at(self, y: int) -> None:
        """Repaints a line of the screen; the scroll bar, which stands in its last cell, is as it was."""
        bar = self.scrollbar_size_vertical if self.show_vertical_scrollbar else 0
        self.refresh(Region(0, y, self.size.width - bar, 1))

    def repaint_all(self) -> None:
        """Every line is made anew."""
        self._lines.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_attached:
            self._paint.forget()
            self._lines.clear()
