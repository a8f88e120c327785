"""A filter of jobs as SQL: every value is bound, none of it is ever syntax of SQLite or of its word index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from whisul_tui.domain.job_filter import JobFilter, Term
from whisul_tui.storage.rows import storable
from whisul_tui.storage.search import contains

TRIGRAM = 3  # letters from which on the word index finds a word; shorter ones are looked for with LIKE
_TAGS = ("coalesce(jobs.tags, '')", "coalesce(jobs.own_tags, '')")
_TEXTS = ("prompts.text", "coalesce(jobs.title, '')", "coalesce(jobs.note, '')", *_TAGS)
_FIGURES = {"bpm": "jobs.bpm", "length": "jobs.seconds", "since": "jobs.created_at", "before": "jobs.created_at",
            "family": "jobs.family"}  # fmt: skip


class Query(NamedTuple):
    """`match`: what the word index is asked for, "" for nothing; `without`: what it must not find.

    `condition`: the rest, beginning with AND or empty; `is_narrow`: it asks for figures alone, which one index has.
    `short`: a word of the condition that is too short for the index, as that has its letters.
    """

    match: str
    without: tuple[str, ...]
    condition: str
    parameters: tuple[object, ...]
    is_narrow: bool
    short: str = ""


def query_of(wanted: JobFilter) -> Query:
    """The filter for a SELECT over `jobs` and `prompts`."""
    matches: list[str] = []
    without: list[str] = []
    conditions: list[str] = []
    parameters: list[object] = []
    is_narrow, short = True, ""
    for term in wanted.terms:
        text = storable(term.text)
        has_words = term.field in ("text", "tag")
        if has_words and len(text) >= TRIGRAM:
            match = f"{'tags : ' if term.field == 'tag' else ''}{_quoted(text)}"
            (without if term.without else matches).append(match)
            continue
        if term.field == "text" and not term.without:
            short = max(short, text.lower(), key=len)
        is_narrow = is_narrow and not has_words and term.field != "family"
        condition, values = _condition(term, text)
        condition = f"NOT coalesce(({condition}), FALSE)" if term.without else condition
        conditions.append(f" AND ({condition})")
        parameters += values
    return Query(" AND ".join(matches), tuple(without), "".join(conditions), tuple(parameters), is_narrow, short)


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
