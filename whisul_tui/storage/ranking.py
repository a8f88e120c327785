"""Positions in the orders by a column: covering indexes, walked from the nearer end."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

from typing import Any

from whisul_tui.domain.job import JobState
from whisul_tui.storage.database import Database

# Sort -> column and whether its order is ascending; each has an index (column, number DESC, state) of visible jobs.
KEYS = {
    "title": ("sort_name", True),
    "bpm": ("bpm", False),
    "length": ("seconds", False),
    "elapsed": ("elapsed", False),
}


class Ranking:
    """The visible jobs' numbers, of one state or of all, in the order of one column, newest first among equals."""

    def __init__(self, database: Database, sort: str, state: JobState | None, total: int) -> None:
        self._database = database
        self._column, self._ascending = KEYS[sort]
        self._total = total
        self._where = "FROM jobs WHERE forgotten_at IS NULL" + ("" if state is None else " AND state = ?")
        self._first = () if state is None else (state.value,)

    def window(self, offset: int, limit: int) -> list[int]:
        """The numbers at `offset` and after it."""
        limit = max(0, min(limit, self._total - offset))
        from_end = self._total - offset - limit
        if offset <= from_end:
            return self._walk(False, offset, limit)
        return self._walk(True, from_end, limit)[::-1]

    def position(self, number: int) -> int:
        """The position of a visible job."""
        key = self._database.query("SELECT " + self._column + " FROM jobs WHERE number = ?", (number,))[0][0]
        among_equals = self._count("IS ? AND number > ?", key, number)
        if key is None:
            return self._count("IS NOT NULL") + among_equals
        return self._count("< ?" if self._ascending else "> ?", key) + among_equals

    def _walk(self, is_reverse: bool, offset: int, limit: int) -> list[int]:
        key_order, number_order = ("DESC", "ASC") if self._ascending is is_reverse else ("ASC", "DESC")
        if not self._ascending:
            number_order = "ASC" if is_reverse else "DESC"
        order = f" ORDER BY {self._column} {key_order}, number {number_order} LIMIT ? OFFSET ?"
        return [
            row[0]
            for row in self._database.query("SELECT number " + self._where + order, (*self._first, limit, offset))
        ]

    def _count(self, condition: str, *values: Any) -> int:
        sql = "SELECT count(*) " + self._where + " AND " + self._column + " " + condition
        return int(self._database.query(sql, (*self._first, *values))[0][0])
