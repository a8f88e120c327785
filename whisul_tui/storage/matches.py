"""The numbers that a search finds: bounded in count and in time."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import json
from datetime import UTC, datetime

from whisul_tui.domain.job import JobState
from whisul_tui.domain.job_filter import read_filter
from whisul_tui.storage.census import STATE_ORDER
from whisul_tui.storage.database import Database
from whisul_tui.storage.filtering import query_of
from whisul_tui.storage.ranking import KEYS
from whisul_tui.storage.search import first_column

SEARCH_LIMIT = 5_000
Found = tuple[list[int], bool]
# CROSS JOIN keeps SQLite from reading the jobs before the words, and the prompts where nothing is asked of them.
_FROM = {
    True: "SELECT words.rowid FROM words CROSS JOIN jobs ON jobs.number = words.rowid {prompts} WHERE words MATCH ?",
    False: "SELECT jobs.number FROM jobs {prompts} WHERE jobs.forgotten_at IS NULL",
}
_PROMPTS = "CROSS JOIN prompts ON prompts.id = jobs.prompt"
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
        sql = "SELECT rowid FROM words WHERE words MATCH ?"
        parameters: list[object] = [query.match] if query.match else []
        column = "rowid"
        if query.condition or state is not None or not query.match:
            column = "words.rowid" if query.match else "jobs.number"
            prompts = _PROMPTS if "prompts." in query.condition else ""
            sql = _FROM[bool(query.match)].format(prompts=prompts) + query.condition
            parameters += query.parameters
            if state is not None:
                sql += " AND jobs.state = ?"
                parameters.append(state.value)
        sql += f" ORDER BY {column} {'ASC' if sort == 'oldest' else 'DESC'} LIMIT ?"
        numbers, is_whole = first_column(self._database, sql, (*parameters, self._limit + 1), self._patience)
        is_whole = is_whole and len(numbers) <= self._limit
        del numbers[self._limit :]
        if sort == "state" or sort in KEYS:
            order = _BY_STATE if sort == "state" else KEYS[sort].order
            sql = "SELECT number FROM jobs WHERE number IN (SELECT value FROM json_each(?)) ORDER BY " + order
            numbers = [row[0] for row in self._database.query(sql, (json.dumps(numbers),))]
        return numbers, is_whole
