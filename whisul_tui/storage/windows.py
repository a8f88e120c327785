"""Windows of rows: what the jobs table shows, by sort, state and search, without reading the rest.

Numbers are found first, from counters and covering indexes alone; then the jobs on screen are read. Forgotten jobs are
in no view.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from whisul_tui.domain.job import Job, JobState
from whisul_tui.storage.census import Census
from whisul_tui.storage.database import Database
from whisul_tui.storage.matches import SEARCH_LIMIT, Matches
from whisul_tui.storage.ranking import KEYS, Ranking
from whisul_tui.storage.rows import fetch
from whisul_tui.storage.search import PATIENCE


class Sort(StrEnum):
    """The orders of the jobs table; among equals the newest comes first, and what is unknown comes last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    BPM = "bpm"
    LENGTH = "length"
    ELAPSED = "elapsed"
    STATE = "state"


# Sort.STATE: what is open first, then what waits for the user's word, then what is over.
STATE_ORDER = (
    JobState.RUNNING,
    JobState.SENDING,
    JobState.HELD,
    JobState.UNCONFIRMED,
    JobState.COMPLETED,
    JobState.FAILED,
    JobState.REJECTED,
    JobState.EXPIRED,
)


@dataclass(frozen=True, slots=True)
class View:
    """What the jobs table shows: an order, search words that must all be found, and one state alone or all."""

    sort: Sort = Sort.NEWEST
    search: str = ""
    state: JobState | None = None


class Windows:
    """Rows, totals and positions of a view; safe on any thread."""

    def __init__(self, database: Database, *, search_limit: int = SEARCH_LIMIT, patience: float = PATIENCE) -> None:
        """A search shows its newest `search_limit` matches, or what `patience` seconds found; see `is_whole`."""
        self._database = database
        self._census = Census(database)
        self._matches = Matches(database, limit=search_limit, patience=patience)

    def total(self, view: View) -> int:
        """How many rows the view has."""
        if view.search.strip():
            return len(self._found(view)[0])
        return self._census.total(view.state)

    def is_whole(self, view: View) -> bool:
        """Whether the view's total is all there is: False for a search that was cut off, to be shown as `10,000+`."""
        return not view.search.strip() or self._found(view)[1]

    def rows(self, view: View, offset: int, limit: int) -> list[Job]:
        """At most `limit` jobs from position `offset` on."""
        return fetch(self._database, self._numbers(view, max(0, offset), max(0, limit)))

    def index_of(self, view: View, number: int) -> int | None:
        """The position of a job in the view, or None when the view does not show it."""
        if view.search.strip():
            found = self._found(view)[0]
            return found.index(number) if number in found else None
        rows = self._database.query("SELECT state FROM jobs WHERE number = ? AND forgotten_at IS NULL", (number,))
        if not rows or view.state not in (None, JobState(rows[0][0])):
            return None
        if view.sort in KEYS:
            return self._ranking(view).position(number)
        if view.sort is Sort.STATE:
            state = JobState(rows[0][0])
            before = STATE_ORDER[: STATE_ORDER.index(state)] if view.state is None else ()
            return sum(self._census.total(other) for other in before) + self._census.position(state, number)
        newer = self._census.position(view.state, number)
        return newer if view.sort is Sort.NEWEST else self._census.total(view.state) - 1 - newer

    def numbers(self, view: View, limit: int) -> list[int]:
        """The first `limit` numbers of the view, for marking all that is shown."""
        return self._numbers(view, 0, max(0, limit))

    def _numbers(self, view: View, offset: int, limit: int) -> list[int]:
        if view.search.strip():
            return list(self._found(view)[0][offset : offset + limit])
        if view.sort in KEYS:
            return self._ranking(view).window(offset, limit)
        if view.sort is Sort.STATE and view.state is None:
            return self._by_state(offset, limit)
        if view.sort is Sort.OLDEST:
            total = self._census.total(view.state)
            start = max(0, total - offset - limit)
            return self._census.window(view.state, start, max(0, total - offset - start))[::-1]
        return self._census.window(view.state, offset, limit)

    def _by_state(self, offset: int, limit: int) -> list[int]:
        found: list[int] = []
        for state in STATE_ORDER:
            total = self._census.total(state)
            if offset < total and len(found) < limit:
                found += self._census.window(state, offset, limit - len(found))
            offset = max(0, offset - total)
        return found

    def _found(self, view: View) -> tuple[list[int], bool]:
        return self._matches.of(view.search, view.state, view.sort.value)

    def _ranking(self, view: View) -> Ranking:
        return Ranking(self._database, view.sort.value, view.state, self._census.total(view.state))
