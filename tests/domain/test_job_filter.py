"""The filter language: what each term means, what is said of what is none, and how a term may go on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whisul_tui.domain import JobState
from whisul_tui.domain.job_filter import FIELDS, MAX_TERMS, JobFilter, Term, completions, read_filter, sought

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = 86_400.0


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("  \t", ()),
        ("rain lofi", (Term("text", "rain"), Term("text", "lofi"))),
        ("rain rain", (Term("text", "rain"),)),
        ('"soft rain" jazz', (Term("text", "soft rain"), Term("text", "jazz"))),
        ('"soft ra', (Term("text", "soft ra"),)),
        ("-vocals", (Term("text", "vocals", without=True),)),
        ('-"male choir"', (Term("text", "male choir", without=True),)),
        ("- a -- b", (Term("text", "-"), Term("text", "a"), Term("text", "--"), Term("text", "b"))),
        ("tag:lofi", (Term("tag", "lofi"),)),
        ('TAG:"lo fi"', (Term("tag", "lo fi"),)),
        ("state:failed", (Term("state", states=(JobState.FAILED,)),)),
        ("state:r", (Term("state", states=(JobState.RUNNING, JobState.REJECTED)),)),
        ("-state:completed", (Term("state", states=(JobState.COMPLETED,), without=True),)),
        ("bpm:80..95", (Term("bpm", low=80, high=95.999),)),
        ("bpm:80", (Term("bpm", low=80, high=80.999),)),
        ("bpm:120..", (Term("bpm", low=120),)),
        ("bpm:..90", (Term("bpm", high=90.999),)),
        ("length:2:00..3:30", (Term("length", low=120, high=210.999),)),
        ("since:7d", (Term("since", low=NOW.timestamp() - 7 * DAY),)),
        ("before:2w", (Term("before", high=NOW.timestamp() - 14 * DAY),)),
        ("since:2026-11-01", (Term("since", low=datetime(2026, 11, 1, tzinfo=UTC).timestamp()),)),
        ("is:starred", (Term("is"),)),
        ("http://x col:on", (Term("text", "http://x"), Term("text", "col:on"))),
    ],
)
def test_terms(text: str, terms: tuple[Term, ...]) -> None:
    assert read_filter(text, NOW) == JobFilter(terms)


@pytest.mark.parametrize(
    "text", ["tag:", "state:", "state:done", "bpm:", "bpm:fast", "bpm:..", "bpm:80..x", "length:1:75", "since:soon",
             "since:99999", "before:2026-13-01", "is:", "is:gold", "-bpm:"],
)  # fmt: skip
def test_what_is_no_term_is_left_out_and_said(text: str) -> None:
    found = read_filter(f"rain {text}", NOW)
    assert found.terms == (Term("text", "rain"),)
    (problem,) = found.problems
    assert problem.startswith(text.removeprefix("-").split(":")[0] + ": wants ")


def test_more_terms_than_are_looked_at() -> None:
    assert len(read_filter(" ".join(f"word{number}" for number in range(40)), NOW).terms) == MAX_TERMS


@given(
    st.lists(st.sampled_from([*'"-:. ab8\0', *FIELDS, "failed", "7d", "99999w", "80..90"]), max_size=30).map("".join)
)
def test_no_text_breaks_it(text: str) -> None:
    found = read_filter(text, NOW)
    assert all(term.text or term.field not in ("text", "tag") for term in found.terms)


def test_how_a_term_may_go_on() -> None:
    assert completions("rain st") == ("rain state:", *(f"rain state:{state}" for state in JobState))
    assert completions("rain -state:f") == ("rain -state:failed",)
    assert completions("is:")[0] == "is:starred"
    assert completions("") == completions("s") == completions("rain ") == ()


def test_what_is_to_be_seen_in_the_rows() -> None:
    assert sought('"Soft rain" -vocals jazz tag:lofi bpm:') == ("soft rain", "jazz")
