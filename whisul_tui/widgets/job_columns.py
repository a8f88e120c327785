"""The columns of the jobs table: which ones a width has room for, and where each stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

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


class Column(NamedTuple):
    """A column at cell `at`, `width` cells wide; all but state and title stand at the right with figures."""

    name: str
    head: str
    at: int
    width: int
    sorts: tuple[Sort, ...] = ()
    is_left: bool = False

    @property
    def end(self) -> int:
        """The first cell after it."""
        return self.at + self.width


class Kind(NamedTuple):
    """What a column that may be chosen shows: its head, its usual width, the orders of its head, and words for it."""

    head: str
    width: int
    sorts: tuple[Sort, ...]
    told: str
    is_left: bool = False


Layout = tuple[tuple[str, int], ...]  # names and widths, from left to right
_TIME = Kind("", 5, (), "elapsed time or age, on very small screens")


class Columns(NamedTuple):
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


_ALL = {
    "elapsed": Kind("ELAPSED", 7, (Sort.ELAPSED,), "how long Whisul took, or takes by now"),
    "usually": Kind("USUALLY", 11, (), "how long such jobs usually take, while one runs"),
    "bpm": Kind("BPM", 3, (Sort.BPM,), "tempo"),
    "length": Kind("LENGTH", 7, (Sort.LENGTH,), "length of the song"),
    "age": Kind("AGE", 3, (Sort.NEWEST, Sort.OLDEST), "how long ago it was written"),
    "star": Kind("", 1, (), "star"),
    "written": Kind("WRITTEN", 16, (Sort.NEWEST, Sort.OLDEST), "day and time it was written"),
    "profile": Kind("PROFILE", 8, (), "whose job it is"),
    "id": Kind("JOB", 8, (), "the beginning of its id"),
    "tags": Kind("TAGS", 20, (), "Whisul's tags", is_left=True),
    "own": Kind("OWN TAGS", 16, (), "tags of your own", is_left=True),
}
KINDS: Mapping[str, Kind] = _ALL
_MIDDLE = (("elapsed", 7), ("bpm", 3), ("length", 6), ("age", 3), ("star", 1))
USUAL: Layout = tuple((name, _ALL[name].width) for name in ("elapsed", "usually", "bpm", "length", "age", "star"))
_CHOICES: tuple[tuple[int, Layout], ...] = (
    (100, USUAL),
    (70, _MIDDLE),
    (50, (("elapsed", 7), ("age", 3), ("star", 1))),
    (24, (("time", 5),)),
    (0, ()),
)
_CHOSEN_FROM = 50  # columns from which on the user's own choice counts
_LEAST_TITLE = 18
NARROWEST, WIDEST = 1, 40


@lru_cache(maxsize=32)
def columns_for(width: int, layout: Layout | None = None) -> Columns:
    """The columns that a line of `width` cells has room for; a blank is left at its end.

    Of a `layout` of the user's own the last ones give way first, until a title has room.
    """
    chosen = next(choice for least, choice in _CHOICES if width >= least)
    if layout is not None and width >= _CHOSEN_FROM:
        chosen = layout
        while chosen and _room(width, chosen) < _LEAST_TITLE:
            chosen = chosen[:-1]
    figures: list[Column] = []
    end = width - 1
    for name, size in reversed(chosen):
        kind = _ALL.get(name, _TIME)
        figures.insert(0, Column(name, kind.head[:size], end - size, size, kind.sorts, kind.is_left))
        end -= size + (1 if name == "star" else _GAP)
    title_at = _title_at(width)
    title = Column("title", "TITLE / PROMPT", title_at, max(0, end - title_at), (Sort.TITLE,))
    return Columns(width, Column("state", "STATE", STATE_AT, STATE_WIDTH, (Sort.STATE,)), title, tuple(figures))


def _room(width: int, layout: Layout) -> int:
    taken = sum(size + (1 if name == "star" else _GAP) for name, size in layout)
    return width - 1 - taken - _title_at(width)


def _title_at(width: int) -> int:
    return STATE_AT + STATE_WIDTH + (_GAP if width >= 50 else 1)


def write_layout(layout: Layout) -> str:
    """The text that a choice of columns is kept as."""
    return json.dumps(layout)


def read_layout(text: str | None) -> Layout | None:
    """The choice of columns of a kept text, without what is not known; None where it is none."""
    try:
        content = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, list):
        return None
    found: dict[str, int] = {}
    for item in content:
        match item:
            case [str(name), int(size)] if name in KINDS and not isinstance(size, bool):
                found.setdefault(name, min(max(size, NARROWEST), WIDEST))
    return tuple(found.items())


def head_text(column: Column, sort: Sort, *, unicode: bool) -> str:
    """The column's head, with an arrow where the table is sorted by it: down where the greatest come first."""
    if sort not in column.sorts:
        return column.head
    down = sort in _DESCENDING
    return column.head + (("▼" if down else "▲") if unicode else ("v" if down else "^"))
