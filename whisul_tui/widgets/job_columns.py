"""The columns of the jobs table: which ones a width has room for, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from whisul_tui.storage.windows import Sort

STATE_AT = 3  # after the mark, the sign and a blank
STATE_WIDTH = 11  # "unconfirmed"
_GAP = 2
_DESCENDING = (Sort.BPM, Sort.LENGTH, Sort.ELAPSED, Sort.OLDEST)
SORT_WORDS = {
    Sort.NEWEST: "newest first",
    Sort.OLDEST: "oldest first",
    Sort.TITLE: "by title",
    Sort.BPM: "by tempo",
    Sort.LENGTH: "by length",
    Sort.ELAPSED: "by elapsed time",
    Sort.STATE: "by state",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column at cell `at`, `width` cells wide; all but state and title stand at the right with figures."""

    name: str
    head: str
    at: int
    width: int
    sorts: tuple[Sort, ...] = ()

    @property
    def end(self) -> int:
        """The first cell after it."""
        return self.at + self.width


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one width. `title` takes what the others leave; `figures` stand right of it, in order."""

    width: int
    state: Column
    title: Column
    figures: tuple[Column, ...]

    def get(self, name: str) -> Column | None:
        """The figure column of this name where there is room for it."""
        return next((column for column in self.figures if column.name == name), None)

    def at(self, x: int) -> Column | None:
        """The column under a cell of the line."""
        return next((c for c in (self.state, self.title, *self.figures) if c.at <= x <= c.end), None)


_ELAPSED = ("elapsed", "ELAPSED", 7, (Sort.ELAPSED,))
_AGE = ("age", "AGE", 3, (Sort.NEWEST, Sort.OLDEST))
_STAR = ("star", "", 1, ())
_ROOMY = (
    _ELAPSED,
    ("usually", "USUALLY", 11, ()),
    ("bpm", "BPM", 3, (Sort.BPM,)),
    ("length", "LENGTH", 7, (Sort.LENGTH,)),
    _AGE,
    _STAR,
)
_MIDDLE = (_ELAPSED, ("bpm", "BPM", 3, (Sort.BPM,)), ("length", "LENGTH", 6, (Sort.LENGTH,)), _AGE, _STAR)
_CHOICES = ((100, _ROOMY), (70, _MIDDLE), (50, (_ELAPSED, _AGE, _STAR)), (24, (("time", "", 5, ()),)), (0, ()))


@lru_cache(maxsize=16)
def columns_for(width: int) -> Columns:
    """The columns that a line of `width` cells has room for; a blank is left at its end."""
    figures: list[Column] = []
    end = width - 1
    chosen = next(choice for least, choice in _CHOICES if width >= least)
    for name, head, size, sorts in reversed(chosen):
        figures.insert(0, Column(name, head, end - size, size, sorts))
        end -= size + (1 if name == "star" else _GAP)
    title_at = STATE_AT + STATE_WIDTH + (_GAP if width >= 50 else 1)
    title = Column("title", "TITLE / PROMPT", title_at, max(0, end - title_at), (Sort.TITLE,))
    return Columns(width, Column("state", "STATE", STATE_AT, STATE_WIDTH, (Sort.STATE,)), title, tuple(figures))


def head_text(column: Column, sort: Sort, *, unicode: bool) -> str:
    """The column's head, with an arrow where the table is sorted by it: down where the greatest come first."""
    if sort not in column.sorts:
        return column.head
    down = sort in _DESCENDING
    return column.head + (("▼" if down else "▲") if unicode else ("v" if down else "^"))
