"""The numbers that a search finds: bounded in count and time, kept until the store changes."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import json
import threading

from whisul_tui.domain.job import JobState
from whisul_tui.storage.database import Database
from whisul_tui.storage.search import contains, first_column, split

SEARCH_LIMIT = 10_000
_Key = tuple[str, JobState | None, str]
_Found = tuple[list[int], bool]
_COLUMNS = ("prompts.text", "coalesce(jobs.title, '')", "coalesce(jobs.tags, '')")
_FROM = {  # CROSS JOIN keeps SQLite from reading the jobs before the words
    True: "SELECT words.rowid FROM words CROSS JOIN jobs ON jobs.number = words.rowid "
    "CROSS JOIN prompts ON prompts.id = jobs.prompt WHERE words MATCH ?",
    False: "SELECT jobs.number FROM jobs CROSS JOIN prompts ON prompts.id = jobs.prompt "
    "WHERE jobs.forgotten_at IS NULL",
}
_SORTED = {
    "title": "sort_name, number DESC",
    "bpm": "bpm DESC, number DESC",
    "length": "seconds DESC, number DESC",
    "elapsed": "elapsed DESC, number DESC",
    "state": "CASE state WHEN 'running' THEN 0 WHEN 'sending' THEN 1 WHEN 'held' THEN 2 WHEN 'unconfirmed' THEN 3 "
    "WHEN 'completed' THEN 4 WHEN 'failed' THEN 5 WHEN 'rejected' THEN 6 ELSE 7 END, number DESC",
}


class Matches:
    """Finds the visible jobs with all of the words: the newest ones (the oldest ones for that order), then sorted."""

    def __init__(self, database: Database, *, limit: int, patience: float) -> None:
        self._database = database
        self._limit = limit
        self._patience = patience
        self._kept = threading.local()

    def of(self, text: str, state: JobState | None, sort: str) -> _Found:
        """The numbers in the order of the view, and whether these are all matches there are."""
        key = (text, state, sort)
        stamp = (self._database.data_version(), self._database.read().total_changes)
        kept: tuple[_Key, tuple[int, int], _Found] | None = getattr(self._kept, "found", None)
        if kept is not None and kept[:2] == (key, stamp):
            return kept[2]
        found = self._find(*key)
        self._kept.found = key, stamp, found
        return found

    def _find(self, text: str, state: JobState | None, sort: str) -> _Found:
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
        if sort in _SORTED:
            order = "SELECT number FROM jobs WHERE number IN (SELECT value FROM json_each(?)) ORDER BY " + _SORTED[sort]
            numbers = [row[0] for row in self._database.query(order, (json.dumps(numbers),))]
        return numbers, is_whole
