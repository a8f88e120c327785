"""A vertical scroll bar in whole cells: over SSH each eighth of a cell is another sign in two places."""

from __future__ import annotations

from math import ceil

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

# What the mouse does above the thumb, on it, below it, and where there is none.
_PARTS = ("scroll_up", "grab", "scroll_down", "")


class WholeBar(ScrollBar):
    """Draws as its parent's styles say; its lines are few strips, which stay the same objects while it scrolls."""

    _made_for: object = None
    _strips: tuple[Strip, ...] = ()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Above the thumb, the thumb, below it."""
        drawn = self.render()
        if not isinstance(drawn, ScrollBarRender) or not isinstance(drawn.style, Style):
            return super().render_lines(crop)
        filters, (_, background) = self.get_line_filters(), self.background_colors
        width, height = self.size
        looks = (drawn.style, width, filters, background)
        if looks != self._made_for:
            self._made_for = looks
            ground = self.visual_style.rich_style
            strips = [_strip(part, drawn.style, width).apply_style(ground) for part in _PARTS]
            for line_filter in filters:
                strips = [strip.apply_filter(line_filter, background) for strip in strips]
            self._strips = tuple(strips)
        start, end = _thumb(height, drawn.virtual_size, drawn.window_size, drawn.position)
        above, thumb, below, none = self._strips
        if start == end:
            above = none
        lines = [above if y < start else thumb if y < end else below for y in crop.line_range]
        return lines if crop.column_span == (0, width) else [line.crop(*crop.column_span) for line in lines]


def _thumb(height: int, rows: float, shown: float, position: float) -> tuple[int, int]:
    """The thumb's first line and the one after its last, as Textual has them; none where all rows are shown."""
    if not (rows and shown and height) or rows in (height, shown):
        return height, height
    size = max(1.0, shown * height / rows)
    start = max(0, int((height - size) * position / (rows - shown)))
    return start, start + ceil(size)


def _strip(part: str, style: Style, width: int) -> Strip:
    meta = {"@mouse.down": part} if part else None
    if part == "grab":
        return Strip([Segment(" " * width, Style(color=style.color, reverse=True, meta=meta))], width)
    return Strip([Segment(" " * width, Style(bgcolor=style.bgcolor, meta=meta))], width)
