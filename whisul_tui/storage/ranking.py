"""Positions in the orders by a column: a ladder of known places, climbed over covering indexes."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import bisect
from dataclasses import dataclass

from whisul_tui.domain.job import JobState
from whisul_tui.storage.database import Database

RUNG = 2048  # rows between two rungs: the most that a window passes over once the ladder stands
_Place = tuple[str | float, int]  # value of the column, number


@dataclass(frozen=True, slots=True)
class Key:
    """A column that jobs are ordered by, and its index (column, number, forgotten_at, state)."""

    column: str
    index: str
    is_descending: bool = True

    @property
    def order(self) -> str:
        """The order as SQL; number breaks ties in the same direction, so that one index and one row value serve it."""
        return self._order(self.is_descending)

    @property
    def reverse_order(self) -> str:
        """The order from its end."""
        return self._order(not self.is_descending)

    def _order(self, is_descending: bool) -> str:
        direction = "DESC" if is_descending else "ASC"
        return f"{self.column} {direction}, number {direction}"


KEYS = {
    "title": Key("sort_name", "jobs_name", is_descending=False),
    "bpm": Key("sort_bpm", "jobs_bpm"),
    "length": Key("sort_seconds", "jobs_seconds"),
    "elapsed": Key("sort_elapsed", "jobs_elapsed"),
}


class Ranking:
    """The visible jobs' numbers, of one state or of all, in the order of one column.

    Good for one revision of the store and one thread. Its first jump into the depth walks the index up to there, and
    leaves a rung every `RUNG` rows; every later one starts from the nearest rung.
    """

    def __init__(self, database: Database, key: Key, state: JobState | None, total: int) -> None:
        self._database = database
        self._key = key
        self._total = total
        self._from = f"FROM jobs INDEXED BY {key.index} WHERE forgotten_at IS NULL" + (
            "" if state is None else f" AND state = '{state.value}'"
        )
        self._after = f" AND ({key.column}, number) {'<=' if key.is_descending else '>='} (?, ?)"
        self._before = f" AND ({key.column}, number) {'>' if key.is_descending else '<'} (?, ?)"
        self._rungs: list[_Place] = []  # the places at RUNG, 2 * RUNG, ...
        self._is_complete = False

    def window(self, offset: int, limit: int) -> list[int]:
        """The numbers at `offset` and after it."""
        limit = max(0, min(limit, self._total - offset))
        from_end = self._total - offset - limit
        if from_end < RUNG:
            sql = f"SELECT number {self._from} ORDER BY {self._key.reverse_order} LIMIT ? OFFSET ?"
            return [row[0] for row in self._database.query(sql, (limit, from_end))][::-1]
        while len(self._rungs) < offset // RUNG and self._climb():
            pass
        rung = min(len(self._rungs), offset // RUNG)
        rows = self._from_rung(rung, "number", limit, offset - rung * RUNG)
        return [row[0] for row in rows]

    def position(self, number: int) -> int:
        """The position of a visible job."""
        row = self._database.query(f"SELECT {self._key.column}, number FROM jobs WHERE number = ?", (number,))[0]
        place: _Place = (row[0], row[1])
        while (not self._rungs or self._rank(self._rungs[-1]) <= self._rank(place)) and self._climb():
            pass
        rung = bisect.bisect_right(self._rungs, self._rank(place), key=self._rank)
        start, values = (self._after, self._rungs[rung - 1]) if rung else ("", ())
        sql = f"SELECT count(*) {self._from}{start}{self._before}"
        return rung * RUNG + int(self._database.query(sql, (*values, *place))[0][0])

    def _climb(self) -> bool:
        """Finds one rung more; False at the top."""
        if not self._is_complete:
            rows = self._from_rung(len(self._rungs), f"{self._key.column}, number", 1, RUNG)
            self._rungs += [(row[0], row[1]) for row in rows]
            self._is_complete = not rows
        return not self._is_complete

    def _from_rung(self, rung: int, columns: str, limit: int, offset: int) -> list[tuple[int, ...]]:
        start, values = (self._after, self._rungs[rung - 1]) if rung else ("", ())
        sql = f"SELECT {columns} {self._from}{start} ORDER BY {self._key.order} LIMIT ? OFFSET ?"
        return [tuple(row) for row in self._database.query(sql, (*values, limit, offset))]

    def _rank(self, place: _Place) -> _Place:
        """The place as Python orders it along the ranking; texts compare as SQLite's bytes do, by code point."""
        value, number = place
        return (-value, -number) if self._key.is_descending and not isinstance(value, str) else place
