"""The few rows that the table has read: pages around what is on screen, dropped whenever the store changes."""

from __future__ import annotations

from typing import Protocol

from whisul_tui.domain import Job
from whisul_tui.storage.windows import View

PAGE = 64  # rows a read
_KEPT = 8  # pages


class RowSource(Protocol):
    """What the table needs of `storage.windows.Windows`."""

    def total(self, view: View) -> int: ...
    def is_whole(self, view: View) -> bool: ...
    def rows(self, view: View, offset: int, limit: int) -> list[Job]: ...
    def index_of(self, view: View, number: int) -> int | None: ...
    def numbers(self, view: View, limit: int) -> list[int]: ...


class RowPages:
    """Rows by position. A page that shrank meanwhile has fewer rows: those positions give None until the next look."""

    def __init__(self, source: RowSource, view: View) -> None:
        self._source = source
        self._view = view
        self._pages: dict[int, list[Job]] = {}

    def row(self, index: int) -> Job | None:
        """The job at a position, read with its page where it is not at hand."""
        page = self._pages.get(index // PAGE)
        if page is None:
            page = self._source.rows(self._view, index // PAGE * PAGE, PAGE)
            if len(self._pages) >= _KEPT:
                self._pages.pop(next(iter(self._pages)))
            self._pages[index // PAGE] = page
        place = index % PAGE
        return page[place] if place < len(page) else None

    def at_hand(self, index: int) -> Job | None:
        """The job at a position if it has been read, without reading."""
        page = self._pages.get(index // PAGE, [])
        return page[index % PAGE] if index % PAGE < len(page) else None

    def turn_to(self, view: View) -> None:
        """Another view: nothing that was read counts any more."""
        self._view = view
        self._pages.clear()

    def drop(self) -> None:
        """The store has changed: all is read anew when it is shown."""
        self._pages.clear()
