"""The jobs table: a window over the store with a cursor and marks; it asks for the rows on screen and for no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from textual import events
from textual.message import Message

from whisul_tui.domain import Job
from whisul_tui.storage.windows import Sort, View
from whisul_tui.widgets.job_columns import Layout
from whisul_tui.widgets.job_words import Facts
from whisul_tui.widgets.row_pages import RowSource
from whisul_tui.widgets.table_cursor import Place, follow, moved
from whisul_tui.widgets.table_window import TableWindow

MOST_MARKS = 10_000


class JobsTable(TableWindow):
    """Ten rows and a million alike; the cursor is a job, and rows never move under it.

    `view` is what is shown, `job` the job under the cursor, `marks` the marked numbers in the order of marking.
    """

    class Moved(Message):
        """The cursor came to another job, or its job may have changed."""

    class Opened(Message):
        """The job under the cursor was opened with the mouse."""

    @dataclass
    class HeadClicked(Message):
        """A column's head was clicked: the table is to be sorted by one of these, or the other way round."""

        sorts: tuple[Sort, ...]

    def __init__(
        self, source: RowSource, facts: Callable[[], Facts], view: View, begin: tuple[int, int] | None = None
    ) -> None:
        """The cursor begins on a job, given as number and line, else on the first."""
        super().__init__(source, facts, view)
        self.marks: dict[int, None] = {}
        self._place = Place(*begin) if begin else Place()

    @property
    def job(self) -> Job | None:
        """The job under the cursor."""
        return self._pages.row(self._place.index) if self.total else None

    @property
    def place(self) -> Place:
        """Where cursor and window stand."""
        return replace(self._place, top=self.top)

    # What is shown --------------------------------------------------------------------------------------------------

    def show(self, view: View, anchor: int | None = None) -> None:
        """Another view; the cursor stays on its job (or goes to `anchor`), where that is shown, else to the first."""
        keep = self.place if anchor is None else replace(self.place, number=anchor)
        self.view = view
        self._pages.turn_to(view)
        self._settle(keep, lost=0)
        self.news = 0
        self.repaint_all()

    def reload(self) -> None:
        """The store has changed: reads the rows on screen anew, and repaints those that look otherwise now."""
        self._pages.drop()
        before, top, index = self.total, self.top, self._place.index
        self._settle(self.place, lost=index)
        came = max(0, min(self.total - before, self._place.index - index)) if before else 0
        self._tell_news(min(self.news + came, self.top))
        if 0 in (before, self.total):
            self.refresh()
        elif self.top == top:
            self.repaint_changed()

    def choose(self, layout: Layout | None) -> None:
        """Shows other columns; None: the usual ones."""
        self.layout_chosen = layout
        self.repaint_all()

    def focus_number(self, number: int) -> bool:
        """Puts the cursor on this job; False where the view does not show it."""
        index = self._source.index_of(self.view, number)
        if index is None:
            return False
        self.go(index)
        return True

    def focus_newest(self) -> None:
        """Puts the cursor on the newest job of the view."""
        newest = self._source.numbers(self.view._replace(sort=Sort.NEWEST), 1)
        if newest:
            self.focus_number(newest[0])

    def _settle(self, keep: Place, *, lost: int) -> None:
        """Finds the rows and the cursor's job again; `lost` is where the cursor goes when its job is not shown."""
        self.total = self._source.total(self.view)
        index = None if keep.number is None else self._source.index_of(self.view, keep.number)
        if index is None:
            place = moved(keep, lost, self.total, self.rows_shown)
        else:
            place = follow(keep, index, self.total, self.rows_shown)
        self._room_for(self.total)
        self._stand(place)

    def _stand(self, place: Place) -> None:
        """Takes a place, and learns the number of the job there."""
        old, top = self._place, self.top
        job = self._pages.row(place.index) if self.total else None
        self._place = replace(place, number=job.number if job else None)
        if place.top != top:
            self.scroll_to(y=place.top, animate=False, force=True)
        elif old.number != self._place.number or old.index != place.index:
            self.refresh_row(old.index)
            self.refresh_row(place.index)
        self.screen.post_message(self.Moved())  # to whoever has the table: nobody between the two wants it

    def _tell_news(self, count: int) -> None:
        """How many rows have come above the window since the user looked there."""
        if count != self.news:
            self.news = count
            self.refresh_at(0)

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
        self._lines.pop(number, None)
        self.refresh_row(self._place.index)
        self.move(1)

    def mark_all(self) -> int:
        """Marks all shown, at most `MOST_MARKS`, or none where all are marked; returns how many there are now."""
        shown = self._source.numbers(self.view, MOST_MARKS)
        all_marked = bool(shown) and all(number in self.marks for number in shown)
        self.marks = {} if all_marked else dict.fromkeys([*self.marks, *shown][:MOST_MARKS])
        self.repaint_all()
        return len(self.marks)

    def clear_marks(self) -> None:
        """Takes all marks away."""
        if self.marks:
            self.marks = {}
            self.repaint_all()

    def is_marked(self, number: int) -> bool:
        return number in self.marks

    def row_kind(self, index: int, job: Job) -> str:
        if index == self._place.index:
            return "cursor"
        return "marked" if job.number in self.marks else "row"

    # Size and mouse -------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        self._room_for(self.total)
        if self.total:
            self._stand(moved(self.place, self._place.index, self.total, self.rows_shown))
        self.repaint_all()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._tell_news(min(self.news, int(new_value)))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        if event.y == 0:
            column = self.columns.at(event.x)
            if column is not None and column.sorts:
                self.post_message(self.HeadClicked(column.sorts))
            return
        index = self.top + event.y - 1
        if index < self.total:
            self.go(index)
            if event.chain == 2:
                self.post_message(self.Opened())
