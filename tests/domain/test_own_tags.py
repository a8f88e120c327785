"""Own tags and notes: what is read from a typed line, and what a job has after a change."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from whisul_tui.domain.own_tags import LONGEST_TAG, MOST_TAGS, changed, clean_note, clean_tags, read_tags


@pytest.mark.parametrize(
    ("typed", "add", "remove"),
    [
        ("", (), ()),
        ("demo", ("demo",), ()),
        ("demo, for Anna ,demo,DEMO", ("demo", "for Anna"), ()),
        ("demo, -old, - older , --oldest", ("demo",), ("old", "older", "oldest")),
        ("#client", ("client",), ()),
        (",,-,#,", (), ()),
        ("a\nb", ("a", "b"), ()),
        ("\x1b[31mred\x07, zero\u200bwidth", ("[31mred", "zerowidth"), ()),
    ],
)
def test_a_line_of_tags(typed: str, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    assert read_tags(typed) == (add, remove)


def test_a_change_keeps_the_order_and_the_spelling_that_was_there() -> None:
    assert changed(("Demo", "keep"), ["demo", "new"], ["KEEP"]) == ("Demo", "new")


@given(st.lists(st.text(max_size=60), max_size=60))
@example(["0, 0"])
@example(["#, -x", ",,,"])
def test_tags_from_elsewhere_are_few_short_and_each_once(texts: list[str]) -> None:
    tags = clean_tags(texts)
    assert len(tags) <= MOST_TAGS
    assert len({tag.casefold() for tag in tags}) == len(tags)
    assert all(
        0 < len(tag) <= LONGEST_TAG and "," not in tag and "\n" not in tag and tag[0] not in "-#" for tag in tags
    )
    assert changed((), tags) == tags
    assert read_tags(", ".join(tags)) == (tags, ())


def test_a_note_keeps_its_lines_and_nothing_a_terminal_obeys() -> None:
    assert clean_note("  two\nlines\x1b[2J\n ") == "two\nlines[2J"
    assert clean_note(" \n ") is None
