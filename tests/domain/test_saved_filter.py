"""Saved filters as texts, and `@name` in a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whisul_tui.domain.saved_filter import SavedFilter, expanded, is_filter_name, read_filter_text, write_filter

SAVED = {"done": SavedFilter("state:completed"), "x.y": SavedFilter('"a b" -c')}


def test_names_are_replaced_where_they_are_words() -> None:
    assert expanded("@done -@done x@done @x.y", SAVED) == 'state:completed -@done x@done "a b" -c'
    assert expanded('"@done" @nope @ @done', SAVED) == '"@done" @nope @ state:completed'
    assert expanded("plain", SAVED) == "plain"


def test_kept_texts_are_read_again_or_refused() -> None:
    for saved in (SavedFilter("rain"), SavedFilter("", "title", True)):
        assert read_filter_text(write_filter(saved)) == saved
    assert read_filter_text("[" * 9999) is None
    assert read_filter_text("[]") is None
    assert read_filter_text('{"search": 7, "order": [], "failed_only": 1}') == SavedFilter("")
    assert [is_filter_name(name) for name in ("a", "a-b.c_1", "", "a b", "@a", "a" * 41)] == [True, True, *[False] * 4]


@given(st.text(max_size=200))
def test_any_line_is_expanded_without_complaint(text: str) -> None:
    expanded(text, SAVED)
