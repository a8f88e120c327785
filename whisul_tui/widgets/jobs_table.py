"""The jobs table: a window over the store, which asks for the rows on screen and for no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from whisul_tui.domain import Job, JobState
from whisul_tui.storage.windows import Sort, View
from whisul_tui.widgets.job_columns import columns_for
from whisul_tui.widgets.job_row import Piece, row_pieces
from whisul_tui.widgets.job_words import Facts, is_ticking
from whisul_tui.widgets.row_pages import RowPages, RowSource
from whisul_tui.widgets.row_paint import RowPaint
from whisul_tui.widgets.table_cursor import Place, follow, moved
from whisul_tui.widgets.table_head import empty_pieces, head_pieces

MOST_MARKS = 10_000
_AGES_EVERY = 15  # ticks between two looks at ages, which change by the minute


@dataclass(slots=True)
class _Line:
    """A row as it was painted last."""

    job: Job
    row: str
    pieces: tuple[Piece, ...]
    strip: Strip


class JobsTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Ten rows and a million alike; the cursor is a job, and rows never move under it.

    `view` is what is shown, `job` the job under the cursor, `marks` the marked numbers in the order of marking.
    """

    COMPONENT_CLASSES = {
        *(f"jobs-table--{state}" for state in JobState),
        *(
            f"jobs-table--{part}"
            for part in (
                "row", "cursor", "marked", "head", "sorted", "news", "mark", "late", "title", "prompt", "behind", "match",
                "note", "elapsed", "figure", "number", "star", "empty", "advice",
            )
        ),
    }  # fmt: skip
    ALLOW_SELECT = False

    class Moved(Message):
        """The cursor came to another job, or its job has changed."""

    class Opened(Message):
        """The job under the cursor was opened with the mouse."""

    @dataclass
    class HeadClicked(Message):
        """A column's head was clicked: the table is to be sorted by one of these, or the other way round."""

        sorts: tuple[Sort, ...]

    def __init__(self, source: RowSource, facts: Callable[[], Facts], view: View) -> None:
        super().__init__()
        self.view = view
        self.total = 0
        self.marks: dict[int, None] = {}
        self.empty: tuple[str, ...] = ()
        self.news = 0
        self._source = source
        self._facts = facts
        self._pages = RowPages(source, view)
        self._place = Place()
        self._lines: dict[int, _Line] = {}
        self._shown: dict[int, int | None] = {}
        self._paint = RowPaint(self, "jobs-table")
        self._ticks = 0

    # What is shown --------------------------------------------------------------------------------------------------

    @property
    def job(self) -> Job | None:
        """The job under the cursor."""
        return self._pages.row(self._place.index) if self.total else None

    @property
    def place(self) -> Place:
        """Where cursor and window stand."""
        return replace(self._place, top=self._top)

    @property
    def _top(self) -> int:
        return int(self.scroll_offset.y)

    @property
    def rows_shown(self) -> int:
        """How many rows fit below the head."""
        return max(1, self.size.height - 1)

    def show(self, view: View, anchor: int | None = None) -> None:
        """Another view; the cursor stays on its job (or `anchor`), else goes to the first row."""
        keep = self._place if anchor is None else Place(anchor, self._place.index, self._top)
        self.view = view
        self._pages.turn_to(view)
        self._lines.clear()
        self.news = 0
        self._settle(keep, lost=0)
        self.refresh()

    def reload(self) -> None:
        """The store has changed: reads the rows on screen anew, and repaints those that look otherwise now."""
        self._pages.drop()
        self._settle(self.place, lost=self._place.index)

    def focus_number(self, number: int) -> bool:
        """Puts the cursor on this job; False where the view does not show it."""
        index = self._source.index_of(self.view, number)
        if index is None:
            return False
        self.go(index)
        return True

    def focus_newest(self) -> None:
        """Puts the cursor on the newest job, where the view shows it."""
        newest = self._source.numbers(replace(self.view, sort=Sort.NEWEST), 1)
        if newest:
            self.focus_number(newest[0])

    def _settle(self, keep: Place, *, lost: int) -> None:
        """Finds the rows and the cursor's job again; `lost` is where the cursor goes when its job is not shown."""
        before, top = self.total, self._top
        self.total = self._source.total(self.view)
        index = None if keep.number is None else self._source.index_of(self.view, keep.number)
        if index is None:
            place = moved(replace(keep, top=top), lost, self.total, self.rows_shown)
        else:
            place = follow(keep, index, self.total, self.rows_shown)
            self.news += max(0, min(self.total - before, index - keep.index))
        if self.virtual_size != Size(self.size.width, self.total + 1):
            self.virtual_size = Size(self.size.width, self.total + 1)
        self._stand(place)
        if before != self.total and 0 in (before, self.total):
            self.refresh()
        elif self._top == top:
            self._repaint_changed()

    def _stand(self, place: Place) -> None:
        """Takes a place, and learns the number of the job there."""
        old = self._place
        top = self._top
        job = self._pages.row(place.index) if self.total else None
        self._place = replace(place, number=job.number if job else None)
        if place.top != top:
            self.scroll_to(y=place.top, animate=False, force=True)
        elif old.number != self._place.number or old.index != place.index:
            self._refresh_row(old.index)
            self._refresh_row(place.index)
        self.post_message(self.Moved())

    # Moving ---------------------------------------------------------------------------------------------------------

    def go(self, index: int) -> None:
        """Puts the cursor on a position, bounded, and scrolls no more than needed."""
        if self.total:
            self._stand(moved(self.place, index, self.total, self.rows_shown))

    def move(self, rows: int) -> None:
        """Moves the cursor by rows."""
        self.go(self._place.index + rows)

    def move_around(self, rows: int) -> None:
        """Moves the cursor by rows, from the last to the first and back."""
        if self.total:
            self.go((self._place.index + rows) % self.total)

    # Marks ----------------------------------------------------------------------------------------------------------

    def toggle_mark(self) -> None:
        """Marks the job under the cursor or takes its mark away, and goes down."""
        number = self._place.number
        if number is None:
            return
        if number in self.marks:
            del self.marks[number]
        elif len(self.marks) < MOST_MARKS:
            self.marks[number] = None
        self._refresh_row(self._place.index)
        self.move(1)

    def mark_all(self) -> int:
        """Marks all shown, at most `MOST_MARKS`; takes all marks away where all have one. Returns how many there are."""
        shown = self._source.numbers(self.view, MOST_MARKS)
        all_marked = bool(shown) and all(number in self.marks for number in shown)
        self.marks = {} if all_marked else dict.fromkeys([*self.marks, *shown][:MOST_MARKS])
        self.refresh()
        return len(self.marks)

    def clear_marks(self) -> None:
        """Takes all marks away."""
        if self.marks:
            self.marks = {}
            self.refresh()

    # Time -----------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """A second has passed: repaints the cells that tell time, where any on screen does."""
        self._ticks += 1
        ages_too = self._ticks % _AGES_EVERY == 0
        facts = self._facts()
        for y, index in self._visible():
            job = self._pages.at_hand(index)
            line = self._lines.get(job.number) if job else None
            if job is None or line is None or line.job is not job or not (ages_too or is_ticking(job)):
                continue
            self._repaint_cells(y, line, self._pieces(job, facts))
        self._let_go()

    def _repaint_cells(self, y: int, line: _Line, pieces: tuple[Piece, ...]) -> None:
        changed = set(pieces) ^ set(line.pieces)
        if changed:
            start = min(piece.x for piece in changed)
            end = max(piece.x + piece.width for piece in changed)
            del self._lines[line.job.number]
            self.refresh(Region(start, y, end - start, 1))

    def _let_go(self) -> None:
        """Forgets lines that are far from the screen."""
        if len(self._lines) > 4 * self.rows_shown:
            shown = set(self._shown.values())
            self._lines = {number: line for number, line in self._lines.items() if number in shown}

    # Painting -------------------------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Strips as they are kept: this widget has no border or padding, so unchanged lines stay the same objects."""
        filters, background = self.get_line_filters(), self.background_colors[1]
        strips = []
        for y in crop.line_range:
            strip = self.render_line(y)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            strips.append(strip)
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y == 0:
            head = head_pieces(columns_for(width), self.view.sort, self.news, unicode=self._facts().unicode)
            return self._paint.strip(head, width)
        index = self._top + y - 1
        job = self._pages.row(index) if index < self.total else None
        self._shown[y] = job.number if job else None
        if job is None:
            words = empty_pieces(self.empty, y, self.size) if self.total == 0 else ()
            return self._paint.strip(words, width)
        row = "cursor" if index == self._place.index else "marked" if job.number in self.marks else "row"
        line = self._lines.get(job.number)
        if line is None or line.job is not job or line.row != row:
            pieces = self._pieces(job, self._facts())
            strip = self._paint.strip(pieces, width, row, self.view.search.lower().split())
            line = self._lines[job.number] = _Line(job, row, pieces, strip)
        return line.strip

    def _pieces(self, job: Job, facts: Facts) -> tuple[Piece, ...]:
        return row_pieces(job, columns_for(self.size.width), facts, marked=job.number in self.marks)

    def _visible(self) -> Sequence[tuple[int, int]]:
        """The lines on screen that have rows, with the rows' positions."""
        top = self._top
        return [(index - top + 1, index) for index in range(top, min(self.total, top + self.rows_shown))]

    def _repaint_changed(self) -> None:
        facts = self._facts()
        for y in range(1, self.size.height):
            index = self._top + y - 1
            job = self._pages.row(index) if index < self.total else None
            line = self._lines.get(job.number) if job else None
            if job is None or line is None or self._shown.get(y) != job.number:
                if job is not None or self._shown.get(y) is not None:
                    self._refresh_line(y)
            elif line.job is not job:
                pieces = self._pieces(job, facts)
                if pieces != line.pieces:
                    self._refresh_line(y)
                else:
                    line.job = job

    def _refresh_row(self, index: int) -> None:
        y = index - self._top + 1
        if 1 <= y < self.size.height:
            self._refresh_line(y)

    def _refresh_line(self, y: int) -> None:
        self.refresh(Region(0, y, self.size.width, 1))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_attached:
            self._paint.forget()
            self._lines.clear()

    # Size and mouse -------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        self._lines.clear()
        self.virtual_size = Size(self.size.width, self.total + 1)
        if self.total:
            self._stand(moved(replace(self.place, top=self._top), self._place.index, self.total, self.rows_shown))
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self.news and new_value < self.news:
            self.news = int(new_value)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        if event.y == 0:
            column = columns_for(self.size.width).at(event.x)
            if column is not None and column.sorts:
                self.post_message(self.HeadClicked(column.sorts))
            return
        index = self._top + event.y - 1
        if index < self.total:
            self.go(index)
            if event.chain == 2:
                self.post_message(self.Opened())
