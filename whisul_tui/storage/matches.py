"""The numbers that a search finds: bounded in count and in time."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from whisul_tui.domain.job import JobState
from whisul_tui.domain.job_filter import read_filter
from whisul_tui.storage.census import STATE_ORDER
from whisul_tui.storage.database import Database
from whisul_tui.storage.filtering import Query, query_of
from whisul_tui.storage.ranking import KEYS
from whisul_tui.storage.rare import beginning_with
from whisul_tui.storage.search import first_column

SEARCH_LIMIT = 5_000
GLANCE = 128  # rows: more than any screen has
_GLANCE_PATIENCE = 0.01  # seconds: the rest of a key that has 50 ms is the screen's
_RARE_PATIENCE = 0.01
Found = tuple[list[int], bool]
_Part = tuple[int, int]
_Statement = tuple[str, list[object]]
# CROSS JOIN keeps SQLite from reading the jobs before the words, and the prompts where nothing is asked of them. The
# index of figures is a fifth of the table: where it has all that is asked for, the jobs themselves are not read.
_WORDS_ALONE = "SELECT rowid FROM words WHERE words MATCH ?"
_FROM_WORDS = (
    "SELECT words.rowid FROM words CROSS JOIN jobs {index} ON jobs.number = words.rowid {prompts} "
    "WHERE jobs.forgotten_at IS NULL AND words MATCH ?"
)
_FROM_JOBS = "SELECT jobs.number FROM jobs {index} {prompts} WHERE jobs.forgotten_at IS NULL"
_INDEX = "INDEXED BY jobs_figures"
_PROMPTS = "CROSS JOIN prompts ON prompts.id = jobs.prompt"
_PART = " AND {0} > ? AND {0} <= ?"
_WITHOUT = " AND jobs.number NOT IN (SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? AND rowid <= ?)"
_BOUNDS = """
SELECT coalesce((SELECT min(number) FROM jobs), 1) - 1, coalesce((SELECT max(number) FROM jobs), 0)"""  # two seeks
_FIRST_PART = 4096  # numbers, each further part has twice as many: often the first ones have enough
_STATES = " ".join(f"WHEN '{state.value}' THEN {rank}" for rank, state in enumerate(STATE_ORDER))
_BY_STATE = f"CASE state {_STATES} END, number DESC"


class Matches:
    """Finds the visible jobs that a filter wants: the newest ones (the oldest ones for that order), then sorted."""

    def __init__(self, database: Database, *, limit: int, patience: float) -> None:
        self._database = database
        self._limit = limit
        self._patience = patience

    def find(self, text: str, state: JobState | None, sort: str) -> Found:
        """The numbers in the order of the view, and whether these are all matches there are."""
        query = query_of(read_filter(text, datetime.fromtimestamp(self._database.clock(), UTC)))
        numbers, is_whole = self._newest(query, state, is_oldest=sort == "oldest")
        is_whole = is_whole and len(numbers) <= self._limit
        del numbers[self._limit :]
        if sort == "state" or sort in KEYS:
            order = _BY_STATE if sort == "state" else KEYS[sort].order
            sql = "SELECT number FROM jobs WHERE number IN (SELECT value FROM json_each(?)) ORDER BY " + order
            numbers = [row[0] for row in self._database.query(sql, (json.dumps(numbers),))]
        return numbers, is_whole

    def glance(self, text: str, state: JobState | None, sort: str, keep: int | None) -> Found:
        """The first rows alone, for an order by number; all that `find` gives where the job `keep` is further down."""
        query = query_of(read_filter(text, datetime.fromtimestamp(self._database.clock(), UTC)))
        is_oldest = sort == "oldest"
        most = min(GLANCE, self._limit)
        numbers, is_whole = self._newest(query, state, is_oldest=is_oldest, limit=most, patience=_GLANCE_PATIENCE)
        is_whole = is_whole and len(numbers) <= most
        if not is_whole and keep is not None and keep not in numbers[:most] and self._matches(query, state, keep):
            return self.find(text, state, sort)
        return numbers[:most], is_whole

    def _matches(self, query: Query, state: JobState | None, number: int) -> bool:
        sql, parameters = _statement(query, state, (number - 1, number), is_oldest=False)
        return bool(self._database.query(sql, (*parameters, 1)))

    def _newest(
        self,
        query: Query,
        state: JobState | None,
        *,
        is_oldest: bool,
        limit: int | None = None,
        patience: float | None = None,
    ) -> Found:
        """The numbers found part by part until there are enough, and whether time and limit allowed all of them."""
        found: list[int] = []
        most = self._limit if limit is None else limit
        end = time.monotonic() + (self._patience if patience is None else patience)
        for part in self._parts(query, is_oldest=is_oldest):
            sql, parameters = _statement(query, state, part, is_oldest=is_oldest)
            rest = max(0.0, end - time.monotonic())
            numbers, is_whole = first_column(self._database, sql, (*parameters, most + 1 - len(found)), rest)
            found += numbers
            if not is_whole or len(found) > most:
                further = [] if is_whole else self._rare(query, state, is_oldest=is_oldest, limit=most + 1)
                return sorted({*found, *further}, reverse=not is_oldest), is_whole
        return found, True

    def _rare(self, query: Query, state: JobState | None, *, is_oldest: bool, limit: int) -> list[int]:
        """What the index of words has of a word that is too short for it, where time was up before all was seen."""
        if not query.short or query.without:
            return []
        match = beginning_with(self._database, query.short, _RARE_PATIENCE)
        if not match:
            return []
        match = f"({match}) AND {query.match}" if query.match else match
        sql, parameters = _statement(query._replace(match=match), state, None, is_oldest=is_oldest)
        return first_column(self._database, sql, (*parameters, limit), _RARE_PATIENCE)[0]

    def _parts(self, query: Query, *, is_oldest: bool) -> Iterator[_Part | None]:
        """Bounds of numbers (the first excluded), in the order of the search; None: all at once."""
        if not query.without and not (query.match and query.condition):
            yield None
            return
        low, high = self._database.query(_BOUNDS)[0]
        size = _FIRST_PART
        while low < high:
            yield (low, min(high, low + size)) if is_oldest else (max(low, high - size), high)
            low, high = (low + size, high) if is_oldest else (low, high - size)
            size *= 2


def _statement(query: Query, state: JobState | None, part: _Part | None, *, is_oldest: bool) -> _Statement:
    """The SELECT without the value of its LIMIT."""
    column = "words.rowid" if query.match else "jobs.number"
    parameters: list[object] = [query.match] if query.match else []
    if query.match and not query.condition and not query.without and state is None:
        sql, column = _WORDS_ALONE, "rowid"
    else:
        prompts = _PROMPTS if "prompts." in query.condition else ""
        sql = (_FROM_WORDS if query.match else _FROM_JOBS).format(
            index=_INDEX if query.is_narrow else "", prompts=prompts
        )
    sql += query.condition
    parameters += query.parameters
    if state is not None:
        sql += " AND jobs.state = ?"
        parameters.append(state.value)
    if part is not None:
        sql += _PART.format(column)
        parameters += part
        for match in query.without:
            sql += _WITHOUT
            parameters += (match, *part)
    return sql + f" ORDER BY {column} {'ASC' if is_oldest else 'DESC'} LIMIT ?", parameters
