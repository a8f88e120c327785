"""Text measured and fitted in terminal cells: a wide character takes two, a combining one none."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size


def fit(text: str, width: int, *, right: bool = False, unicode: bool = True) -> str:
    """The text in exactly `width` cells: cut with an ellipsis, or padded (on the left where `right`)."""
    if width <= 0:
        return ""
    text = cut(text, width, unicode=unicode)
    pad = " " * (width - cell_len(text))
    return pad + text if right else text + pad


def cut(text: str, width: int, *, unicode: bool = True) -> str:
    """The text in at most `width` cells, with an ellipsis where something was left out."""
    text = text[: 3 * width + 64]  # a bound on the work; cleaned text has at most a base and two marks in a cell
    if cell_len(text) <= width:
        return text
    mark = "…" if unicode else "..."
    if width <= len(mark) + 1:
        return set_cell_size(text, max(0, width))
    return set_cell_size(text, width - len(mark)).rstrip() + mark


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at blanks, and inside a word only where it is longer.

    Line breaks of the text are kept; a line that begins anew after a wrap has no blanks before it.
    """
    width = max(1, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if cell_len(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            *full, line = chop_cells(word, width) or [""]
            lines += full
        lines.append(line)
    return lines
