"""What is nothing but ground behind other widgets: all of its lines are one."""

from __future__ import annotations

from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class OneGround(Widget):
    """For a screen or container, and after it, whose sheet it has: Textual keeps six strips a line, seen or not."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The first line in the place of all, unless there is something around them."""
        if any(self.gutter) or not crop.height:
            return super().render_lines(crop)
        return super().render_lines(crop.crop_size((crop.width, 1))) * crop.height


class Columns(Horizontal, OneGround):
    """Widgets beside each other, with nothing to be seen between them but the ground."""


class Stack(Vertical, OneGround):
    """Widgets below each other, likewise."""
