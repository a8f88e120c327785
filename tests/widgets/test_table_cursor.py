"""Rows never move under the cursor: the arithmetic alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whisul_tui.widgets.table_cursor import Place, follow, moved


def test_rows_that_come_above_push_the_window_not_the_cursor() -> None:
    assert follow(Place(7, 5, 0), 8, 50, 10) == Place(7, 8, 3)


def test_where_rows_are_few_the_window_stays_at_the_top() -> None:
    assert follow(Place(7, 5, 0), 8, 9, 10) == Place(7, 8, 0)


def test_moving_scrolls_no_more_than_needed() -> None:
    assert moved(Place(7, 9, 0), 10, 50, 10).top == 1
    assert moved(Place(7, 5, 3), 4, 50, 10).top == 3
    assert moved(Place(7, 5, 3), 2, 50, 10).top == 2
    assert moved(Place(7, 5, 3), 99, 50, 10) == Place(None, 49, 40)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 10_000), st.integers(1, 60), st.integers(0, 59))
def test_the_cursor_keeps_its_line_wherever_rows_allow(old: int, new: int, total: int, height: int, line: int) -> None:
    line = min(line, height - 1, old)
    new = min(new, total - 1)
    place = follow(Place(1, old, old - line), new, total, height)
    assert 0 <= place.top <= max(0, total - height)
    if line <= new and new - line <= total - height:
        assert place.line == line
    else:
        assert 0 <= place.line < height


@given(st.integers(0, 10_000), st.integers(-20, 10_020), st.integers(1, 10_000), st.integers(1, 60))
def test_a_moved_cursor_is_on_a_row_and_on_screen(top: int, index: int, total: int, height: int) -> None:
    place = moved(Place(1, top, top), index, total, height)
    assert 0 <= place.index < total
    assert 0 <= place.line < height
