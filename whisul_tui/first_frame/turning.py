"""Moves beyond the rows that are painted: by a page, or to either end; the window moves no more than needed."""

from __future__ import annotations

from collections.abc import Sequence

from whisul_tui.first_frame.look import Look
from whisul_tui.first_frame.rows import LAST, Row, around, newest


def turned(look: Look, rows: Sequence[Row], at: int, by: int) -> tuple[Sequence[Row], int]:
    """The rows and the cursor's line after a move by so many rows, as `table_cursor.moved` has it for the table.

    Raises sqlite3.Error, and LookupError where the store is another one by now.
    """
    height = look.height
    if 0 <= at + by < len(rows):
        return rows, at + by
    if len(rows) < height:  # there are no others
        return rows, len(rows) - 1 if by > 0 else 0
    if by > 0:
        beyond = at + by - (height - 1)
        found = around(look, rows[-1][0], height - 1 - beyond) if beyond <= height else []
        if len(found) < height:
            found = around(look, LAST, height)
        at = len(found) - 1
    else:
        beyond = -(at + by)
        found, at = around(look, rows[0][0], beyond) if beyond <= height else newest(look), 0
    if not found:
        raise LookupError
    return found, at
