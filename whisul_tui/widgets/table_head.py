"""The table's head, and the words in an empty table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.geometry import Size

from whisul_tui.storage.windows import Sort
from whisul_tui.widgets.cells import cut
from whisul_tui.widgets.job_columns import Columns, head_text
from whisul_tui.widgets.job_row import Piece


def head_pieces(columns: Columns, sort: Sort, news: int, *, unicode: bool) -> list[Piece]:
    """Heads over their columns; `news` new rows above the window are told at the end of the title's room."""
    pieces = []
    for column in (columns.state, columns.title):
        text = cut(head_text(column, sort, unicode=unicode), column.width)
        pieces.append(Piece(column.at, cell_len(text), text, _part(sort in column.sorts)))
    if news:
        told = f"{news:,} new {'↑' if unicode else '^'}"
        at = columns.title.end - cell_len(told)
        if at > columns.title.at + cell_len(columns.title.head) + 2:
            pieces.append(Piece(at, cell_len(told), told, "news"))
        elif columns.title.width >= cell_len(told):
            pieces[-1] = Piece(columns.title.at, cell_len(told), told, "news")
    for column in columns.figures:
        text = head_text(column, sort, unicode=unicode)
        if text:
            at = column.at if column.is_left else column.end - cell_len(text)
            pieces.append(Piece(at, cell_len(text), text, _part(sort in column.sorts)))
    return pieces


def empty_pieces(words: Sequence[str], y: int, size: Size) -> list[Piece]:
    """The line `y` of an empty table: what is the matter, a blank line, and below it what to do."""
    if not words:
        return []
    lines = [words[0], "", *words[1:]]
    first = max(1, (size.height - len(lines)) // 3)
    text = cut(lines[y - first], size.width - 2) if 0 <= y - first < len(lines) else ""
    if not text:
        return []
    width = cell_len(text)
    return [Piece((size.width - width) // 2, width, text, "empty" if y == first else "advice")]


def _part(is_sorted: bool) -> str:
    return "sorted" if is_sorted else "head"
