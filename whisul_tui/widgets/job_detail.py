"""The page of one job, beside the table or over it."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from whisul_tui.domain import Job, JobState
from whisul_tui.widgets.job_page import Line, page_lines
from whisul_tui.widgets.job_words import Facts

_PARTS = (
    "name", "star", "late", "quiet", "message", "figure", "tags", "own", "note", "link", "head", "prompt", "label",
    "value",
)  # fmt: skip


class JobDetail(ScrollView, can_focus=False):
    """Lines of `job_page`, wrapped to the width; only those that have become others are painted again."""

    COMPONENT_CLASSES = {*(f"job-detail--{part}" for part in _PARTS), *(f"job-detail--{state}" for state in JobState)}

    follows_after = 0.1  # seconds that the cursor rests before the page follows it: a held key sends no pages

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self._facts: Callable[[], Facts] = Facts
        self._lines: list[Line] = []
        self._next: tuple[Job | None, Callable[[], Facts]] = None, self._facts
        self._due: Timer | None = None

    def show(self, job: Job | None, facts: Callable[[], Facts], *, soon: bool = False) -> None:
        """Shows this job, or nothing; `soon`: once no other has come for `follows_after`.

        While they come faster it is empty: rows that scroll past a page would cost that page again each time. The
        facts are asked for when there is a page to be filled.
        """
        self._next = job, facts
        if soon and self.follows_after and self.display:
            if self._due is not None:
                self._due.stop()
                self._empty()
            self._due = self.set_timer(self.follows_after, self._follow, name="the page follows")
        elif self._due is None or not self.display:
            self._follow()

    def _follow(self) -> None:
        """Shows the job that was named last; another one from its first line on."""
        job, facts = self._next
        self._due = None
        other = (job and job.number) != (self._job and self._job.number)
        self._job, self._facts = job, facts
        if other and self.scroll_offset.y:
            self.scroll_to(y=0, animate=False, force=True)
        if self.display and self.size.width:
            self._lay_out()

    def _empty(self) -> None:
        if self._lines:
            self._lines = []
            self.refresh()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        before = self._lines
        self._lines = page_lines(self._job, self._facts(), self.size.width) if self._job else []
        self.virtual_size = Size(self.size.width, len(self._lines))
        top = int(self.scroll_offset.y)
        if len(before) != len(self._lines):
            self.refresh()
            return
        for number, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self.refresh(Region(0, number - top, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        number = y + int(self.scroll_offset.y)
        line = self._lines[number] if number < len(self._lines) else []
        segments = [
            Segment(text, self.rich_style + self.get_component_rich_style(f"job-detail--{part}", partial=True))
            for text, part in line
        ]
        rest = self.size.width - sum(cell_len(text) for text, _ in line)
        return Strip([*segments, Segment(" " * max(0, rest), self.rich_style)])
