"""Word diffs: both texts can be read out of them, and what is common stays common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whisul_tui.domain.song import Song
from whisul_tui.domain.word_diff import Change, tag_changes, word_diff


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("soft rain", "soft rain", [(Change.SAME, "soft rain")]),
        (
            "soft rain, 80 bpm",
            "heavy rain, 90 bpm",
            [
                (Change.OUT, "soft"),
                (Change.IN, "heavy"),
                (Change.SAME, " rain, "),
                (Change.OUT, "80"),
                (Change.IN, "90"),
                (Change.SAME, " bpm"),
            ],
        ),
        ("", "new", [(Change.IN, "new")]),
    ],
)
def test_words_that_went_and_came(before: str, after: str, told: list[tuple[Change, str]]) -> None:
    assert word_diff(before, after) == told


@given(st.text("ab ,\n", max_size=60), st.text("ab ,\n", max_size=60))
def test_both_texts_are_in_it(before: str, after: str) -> None:
    told = word_diff(before, after)
    assert "".join(text for change, text in told if change is not Change.IN) == before
    assert "".join(text for change, text in told if change is not Change.OUT) == after


def test_long_texts_are_told_in_time() -> None:
    assert "".join(text for change, text in word_diff("a b " * 9000, "b a " * 9000) if change is not Change.OUT) == (
        "b a " * 9000
    )


def test_tags_that_came_and_went() -> None:
    assert tag_changes(Song(tags=("lofi", "rain")), Song(tags=("storm", "lofi"))) == "+storm -rain"
