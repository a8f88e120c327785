"""A filter of jobs as SQL: every value is bound, none of it is ever syntax of SQLite or of its word index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whisul_tui.domain.job_filter import JobFilter, Term
from whisul_tui.storage.rows import storable
from whisul_tui.storage.search import contains

_TRIGRAM = 3  # letters from which on the word index finds a word; shorter ones are looked for with LIKE
_TEXTS = ("prompts.text", "coalesce(jobs.title, '')", "coalesce(jobs.tags, '')")
_TAGS = ("coalesce(jobs.tags, '')",)
_FIGURES = {"bpm": "jobs.bpm", "length": "jobs.seconds", "since": "jobs.created_at", "before": "jobs.created_at"}


@dataclass(frozen=True, slots=True)
class Query:
    """`match`: what the word index is asked for, "" for nothing; `condition`: the rest, beginning with AND or empty."""

    match: str
    condition: str
    parameters: tuple[object, ...]


def query_of(wanted: JobFilter) -> Query:
    """The filter for a SELECT over `jobs` and `prompts`."""
    matches: list[str] = []
    conditions: list[str] = []
    parameters: list[object] = []
    for term in wanted.terms:
        text = storable(term.text)
        if term.field in ("text", "tag") and len(text) >= _TRIGRAM:
            match = f"{'tags : ' if term.field == 'tag' else ''}{_quoted(text)}"
            if not term.without:
                matches.append(match)
                continue
            condition = "jobs.number NOT IN (SELECT rowid FROM words WHERE words MATCH ?)"
            values: list[object] = [match]
        else:
            condition, values = _condition(term, text)
            condition = f"NOT coalesce(({condition}), FALSE)" if term.without else condition
        conditions.append(f" AND ({condition})")
        parameters += values
    return Query(" AND ".join(matches), "".join(conditions), tuple(parameters))


def _condition(term: Term, text: str) -> tuple[str, list[object]]:
    if term.field in ("text", "tag"):
        condition, patterns = contains((text,), _TEXTS if term.field == "text" else _TAGS)
        return condition.removeprefix(" AND "), list(patterns)
    if term.field == "state":
        return f"jobs.state IN ({', '.join('?' * len(term.states))})", [state.value for state in term.states]
    if term.field == "is":
        return "jobs.starred", []
    column = _FIGURES[term.field]
    parts = list(_bounds(column, term))
    return " AND ".join(part for part, _ in parts), [value for _, value in parts]


def _bounds(column: str, term: Term) -> Iterable[tuple[str, float]]:
    if term.low is not None:
        yield f"{column} >= ?", term.low
    if term.high is not None:
        yield f"{column} <= ?", term.high


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
