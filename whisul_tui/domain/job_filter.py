"""The filter language of the search: words, "phrases", tag: state: bpm: length: since: before: is: family:, - for not.

    filter  = term { blank term }
    term    = [ "-" ] [ field ":" ] value
    value   = '"' any '"' | letters without a blank

A word with a colon whose first part is no field is a word. What cannot be understood is left out and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from whisul_tui.domain.job import JobState
from whisul_tui.domain.song import parse_seconds

MAX_TERMS = 16
_TERM = re.compile(
    r'(?P<minus>-(?=[^\s-]))?(?:(?P<field>tag|state|bpm|length|since|before|is|family):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>\S*))',
    re.IGNORECASE,
)
_AGO = re.compile(r"(\d{1,5})(m|h|d|w)\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_ADVICE = {  # short, since they stand beside the field that is typed in
    "tag": "tag: wants a word, as tag:lofi",
    "state": "state: wants failed, running, completed, ...",
    "bpm": "bpm: wants figures, as bpm:80 or bpm:80..95",
    "length": "length: wants times, as length:2:00..3:30",
    "since": "since: wants an age or a day, as since:7d",
    "before": "before: wants an age or a day, as before:2w",
    "is": "is: wants is:starred, there is no other",
    "family": "family: wants the number on a job's page",
}
FIELDS = tuple(_ADVICE)


class Term(NamedTuple):
    """One thing that is asked of a job, or (`without`) that must not be so.

    `field`: one of FIELDS, or "text" for prompt, title and tags. `text` for text and tag; `states` for state; `low` and
    `high`, both included, for bpm, length in seconds, and times in seconds since 1970.
    """

    field: str
    text: str = ""
    states: tuple[JobState, ...] = ()
    low: float | None = None
    high: float | None = None
    without: bool = False


class JobFilter(NamedTuple):
    """Terms that must all hold, and a sentence for each part that was not understood."""

    terms: tuple[Term, ...] = ()
    problems: tuple[str, ...] = ()


def read_filter(text: str, now: datetime) -> JobFilter:
    """What the user typed, as a filter; never raises. More than `MAX_TERMS` terms are not looked at."""
    terms: list[Term] = []
    problems: list[str] = []
    for match in _TERM.finditer(text.replace("\0", "")):
        if not match[0]:
            continue
        field, quoted = (match["field"] or "").lower(), match["phrase"]
        value = quoted if quoted is not None else match["word"]
        if not field:
            if value.strip():
                terms.append(Term("text", value.strip(), without=bool(match["minus"])))
            continue
        term = _READERS[field](field, value.strip(), now)
        if term is None:
            problems.append(_ADVICE[field])
        else:
            terms.append(Term(term.field, term.text, term.states, term.low, term.high, bool(match["minus"])))
    return JobFilter(tuple(dict.fromkeys(terms))[:MAX_TERMS], tuple(dict.fromkeys(problems)))


@lru_cache(maxsize=8)
def sought(text: str) -> tuple[str, ...]:
    """The words and phrases that a filter wants to be there, in small letters: what is to be seen in the rows."""
    terms = read_filter(text, datetime.now(UTC)).terms
    return tuple(term.text.lower() for term in terms if term.field == "text" and not term.without)


def completions(text: str, tags: Iterable[str] = (), names: Iterable[str] = ()) -> tuple[str, ...]:
    """How the last term may go on: field names, states, starred, known `tags`, and `names` of saved filters.

    Each is the whole text with that ending.
    """
    start, _, last = text.rpartition(" ")
    minus = "-" if last.startswith("-") else ""
    begun = last.removeprefix("-").lower()
    words = [f"{field}:" for field in FIELDS]
    words += [f"state:{state}" for state in JobState] + ["is:starred"]
    words += [f'tag:"{tag}"' if " " in tag else f"tag:{tag}" for tag in tags]
    words += [f"@{name}" for name in names]
    found = [word for word in words if len(begun) > 1 and word.lower().startswith(begun) and word.lower() != begun]
    return tuple(f"{start}{' ' if start else ''}{minus}{word}" for word in found)


def _tag(field: str, value: str, _: datetime) -> Term | None:
    return Term(field, value) if value else None


def _state(field: str, value: str, _: datetime) -> Term | None:
    states = tuple(state for state in JobState if state.startswith(value.lower())) if value else ()
    return Term(field, states=states) if states else None


def _is(field: str, value: str, _: datetime) -> Term | None:
    return Term(field) if value and "starred".startswith(value.lower()) else None


def _family(field: str, value: str, _: datetime) -> Term | None:
    number = int(value) if re.fullmatch(r"[0-9]{1,12}", value) else None
    return None if number is None else Term(field, low=number, high=number)


def _bpm(field: str, value: str, _: datetime) -> Term | None:
    return _range(field, value, lambda part: float(part) if re.fullmatch(r"\d{1,3}(\.\d{1,3})?", part) else None)


def _length(field: str, value: str, _: datetime) -> Term | None:
    return _range(field, value, parse_seconds)


def _range(field: str, value: str, read: Callable[[str], float | None]) -> Term | None:
    """`a` is from a to just below a + 1, since a length of 2:00.4 is told as 2:00."""
    first, dots, last = value.partition("..")
    low, high = read(first), read(last)
    if not dots:
        return None if low is None else Term(field, low=low, high=low + 0.999)
    if (low is None and first) or (high is None and last) or low is high is None:
        return None
    return Term(field, low=low, high=None if high is None else high + 0.999)


def _time(field: str, value: str, now: datetime) -> Term | None:
    moment: datetime
    if match := _AGO.match(value.lower()):
        try:
            moment = now - timedelta(**{_UNITS[match[2]]: int(match[1])})
        except OverflowError:
            return None
    else:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.astimezone()
    try:
        stamp = moment.astimezone(UTC).timestamp()
    except (OverflowError, ValueError):
        return None
    return Term(field, low=stamp) if field == "since" else Term(field, high=stamp)


_READERS: dict[str, Callable[[str, str, datetime], Term | None]] = {
    "tag": _tag, "state": _state, "bpm": _bpm, "length": _length, "since": _time, "before": _time, "is": _is,
    "family": _family,
}  # fmt: skip
