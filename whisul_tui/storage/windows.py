"""Windows of rows: what the jobs table shows, by sort, state and search, without reading the rest.

Numbers are found first, from counters and covering indexes alone; then the jobs on screen are read. Forgotten jobs are
in no view.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from whisul_tui.domain.job import Job, JobState
from whisul_tui.domain.job_filter import read_filter
from whisul_tui.storage import search as searching
from whisul_tui.storage.census import STATE_ORDER, Census
from whisul_tui.storage.database import Database
from whisul_tui.storage.filtering import TRIGRAM
from whisul_tui.storage.matches import SEARCH_LIMIT, Found, Matches
from whisul_tui.storage.ranking import KEYS, Ranking
from whisul_tui.storage.rows import fetch
from whisul_tui.storage.standing import Standing

_EPOCH = datetime.fromtimestamp(0, UTC)  # whether there are terms does not depend on the time


class Sort(StrEnum):
    """The orders of the jobs table.

    Titles run from a to z; figures from the largest down, the newest first among equals and the unknown last; STATE
    has what is open first.
    """

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    BPM = "bpm"
    LENGTH = "length"
    ELAPSED = "elapsed"
    STATE = "state"


class View(NamedTuple):
    """What the jobs table shows: an order, a filter as `read_filter` knows it, and one state alone or all."""

    sort: Sort = Sort.NEWEST
    search: str = ""
    state: JobState | None = None

    @property
    def is_search(self) -> bool:
        """Whether there is something to look for."""
        return bool(self.search) and bool(read_filter(self.search, _EPOCH).terms)

    @property
    def is_short(self) -> bool:
        """Whether there is a word too short for the index of words: a glance finds what that has of it, wherever it is,
        and little is left to be found."""
        terms = read_filter(self.search, _EPOCH).terms
        return any(term.field == "text" and not term.without and len(term.text) < TRIGRAM for term in terms)


class Looked(NamedTuple):
    """All that a search found at a revision of the store."""

    view: View
    revision: int
    found: Found


class Windows:
    """Rows, totals and positions of a view; safe on any thread."""

    def __init__(self, database: Database, *, search_limit: int = SEARCH_LIMIT, patience: float | None = None) -> None:
        """A search shows its newest `search_limit` matches, or what `patience` seconds found (`search.PATIENCE` where
        nothing is said); see `is_whole`."""
        self._database = database
        self._census = Census(database)
        self._matches = Matches(
            database, limit=search_limit, patience=searching.PATIENCE if patience is None else patience
        )
        self._found_last: Standing[Found] = Standing()
        self._ranking_last: Standing[Ranking] = Standing()

    def revision(self) -> int:
        """A figure that changes whenever the rows of some view, or their order, may have; polls leave it as it is."""
        return self._census.revision()

    def total(self, view: View) -> int:
        """How many rows the view has."""
        with self._database.snapshot():
            return len(self._found(view)[0]) if view.is_search else self._census.total(view.state)

    def is_whole(self, view: View) -> bool:
        """Whether the view's total is all there is: False for a search that was cut off, to be shown as `5,000+`."""
        with self._database.snapshot():
            return not view.is_search or self._found(view)[1]

    def glance(self, view: View, keep: int | None) -> bool:
        """Has this thread see the first rows of a search alone for now; whether these are all that is to be found.

        Else another thread takes a `whole_look`, which this one then `take`s. Where the job `keep` is found further
        down, or all is to be sorted, it is all looked for at once.
        """
        if not view.is_search or view.sort not in (Sort.NEWEST, Sort.OLDEST):
            return True
        with self._database.snapshot():
            found = self._found_last.get(
                view, self.revision(), lambda: self._matches.glance(view.search, view.state, view.sort.value, keep)
            )
        return found[1]

    def whole_look(self, view: View) -> Looked:
        """All that a search finds, on whatever thread."""
        with self._database.snapshot():
            return Looked(view, self.revision(), self._matches.find(view.search, view.state, view.sort.value))

    def take(self, looked: Looked) -> bool:
        """Has this thread see all that another one has found; False where the store has changed since."""
        with self._database.snapshot():
            if looked.revision != self.revision():
                return False
            self._found_last.put(looked.view, looked.revision, looked.found)
            return True

    def rows(self, view: View, offset: int, limit: int) -> list[Job]:
        """At most `limit` jobs from position `offset` on."""
        with self._database.snapshot():
            return fetch(self._database, self._numbers(view, max(0, offset), max(0, limit)))

    def index_of(self, view: View, number: int) -> int | None:
        """The position of a job in the view, or None when the view does not show it."""
        with self._database.snapshot():
            return self._position(view, number)

    def numbers(self, view: View, limit: int) -> list[int]:
        """The first `limit` numbers of the view, for marking all that is shown."""
        with self._database.snapshot():
            return self._numbers(view, 0, max(0, limit))

    def _position(self, view: View, number: int) -> int | None:
        if view.is_search:
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

    def _numbers(self, view: View, offset: int, limit: int) -> list[int]:
        if view.is_search:
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

    def _found(self, view: View) -> Found:
        return self._found_last.get(
            view, self.revision(), lambda: self._matches.find(view.search, view.state, view.sort.value)
        )

    def _ranking(self, view: View) -> Ranking:
        def begin() -> Ranking:
            return Ranking(self._database, KEYS[view.sort], view.state, self._census.total(view.state))

        return self._ranking_last.get(view, self.revision(), begin)
