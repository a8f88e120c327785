"""Pieces of a row become a strip: styles of parts over that of the row, matches of the search marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from whisul_tui.widgets.job_row import Piece

_SEARCHED = frozenset({"title", "prompt", "behind", "own"})


class RowPaint:
    """The painter of one widget, whose component classes `PREFIX--part` it uses; keeps each style once."""

    def __init__(self, widget: Widget, prefix: str) -> None:
        self._widget = widget
        self._prefix = prefix
        self._styles: dict[tuple[str, str], Style] = {}

    def forget(self) -> None:
        """The theme or a sheet has changed."""
        self._styles.clear()

    def style(self, part: str, row: str = "row") -> Style:
        """The style of a part on a kind of row: row, marked or cursor.

        Where the cursor is shown by reversed colours alone, parts keep their weight but not their colour there.
        """
        found = self._styles.get((part, row))
        if found is None:
            base = self._widget.get_component_rich_style(f"{self._prefix}--{row}")
            own = self._widget.get_component_rich_style(f"{self._prefix}--{part}", partial=True) if part else Style()
            found = self._styles[part, row] = base + (own.without_color if base.reverse else own)
        return found

    def strip(self, pieces: Iterable[Piece], width: int, row: str = "row", words: Sequence[str] = ()) -> Strip:
        """A line of `width` cells; `words` (lower case) are marked where titles and prompts have them."""
        blank = self.style("", row)
        segments: list[Segment] = []
        x = 0
        for piece in pieces:
            if piece.x > x:
                self._gap(segments, piece.x - x, blank)
            segments += self._piece(piece, row, words)
            x = piece.x + piece.width
        if x < width:
            self._gap(segments, width - x, blank)
        return Strip(segments, max(x, width)).crop(0, width)

    def _gap(self, segments: list[Segment], cells: int, blank: Style) -> None:
        """Blanks, as the end of what stands before them where that cannot be seen: a style less to be sent."""
        if segments and (style := segments[-1].style) is not None and not style.underline:
            segments[-1] = Segment(segments[-1].text + " " * cells, style)
        else:
            segments.append(Segment(" " * cells, blank))

    def _piece(self, piece: Piece, row: str, words: Sequence[str]) -> list[Segment]:
        style = self.style(piece.part, row)
        if not words or piece.part not in _SEARCHED:
            return [Segment(piece.text, style)]
        match = style + self.style("match", row)
        segments: list[Segment] = []
        at = 0
        for start, end in spans(piece.text, words):
            if start > at:
                segments.append(Segment(piece.text[at:start], style))
            segments.append(Segment(piece.text[start:end], match))
            at = end
        if at < len(piece.text):
            segments.append(Segment(piece.text[at:], style))
        return segments


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in the text, as (start, end) in order, overlapping ones as one."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter whose small form is two: positions would not fit
        return []
    found: list[tuple[int, int]] = []
    for word in words:
        start = lower.find(word)
        while word and start >= 0:
            found.append((start, start + len(word)))
            start = lower.find(word, start + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
