"""The numbers that a search finds: bounded in count and in time."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import json

from whisul_tui.domain.job import JobState
from whisul_tui.storage.census import STATE_ORDER
from whisul_tui.storage.database import Database
from whisul_tui.storage.ranking import KEYS
from whisul_tui.storage.search import contains, first_column, split

SEARCH_LIMIT = 5_000
Found = tuple[list[int], bool]
_COLUMNS = ("prompts.text", "coalesce(jobs.title, '')", "coalesce(jobs.tags, '')")
_FROM = {  # CROSS JOIN keeps SQLite from reading the jobs before the words
    True: "SELECT words.rowid FROM words CROSS JOIN jobs ON jobs.number = words.rowid "
    "CROSS JOIN prompts ON prompts.id = jobs.prompt WHERE words MATCH ?",
    False: "SELECT jobs.number FROM jobs CROSS JOIN prompts ON prompts.id = jobs.prompt "
    "WHERE jobs.forgotten_at IS NULL",
}
_STATES = " ".join(f"WHEN '{state.value}' THEN {rank}" for rank, state in enumerate(STATE_ORDER))
_BY_STATE = f"CASE state {_STATES} END, number DESC"


class Matches:
    """Finds the visible jobs with all of the words: the newest ones (the oldest ones for that order), then sorted."""

    def __init__(self, database: Database, *, limit: int, patience: float) -> None:
        self._database = database
        self._limit = limit
        self._patience = patience

    def find(self, text: str, state: JobState | None, sort: str) -> Found:
        """The numbers in the order of the view, and whether these are all matches there are."""
        words = split(text)
        sql = "SELECT rowid FROM words WHERE words MATCH ?"
        parameters: list[object] = [words.match] if words.indexed else []
        column = "rowid"
        if words.short or state is not None or not words.indexed:
            condition, patterns = contains(words.short, _COLUMNS)
            column = "words.rowid" if words.indexed else "jobs.number"
            sql = _FROM[bool(words.indexed)] + condition
            parameters += patterns
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
