"""The second wall against foreign text: whatever a widget was given, nothing of it that a terminal obeys is drawn.

The first wall cleans text where it comes in. This one stands where lines go out, and drops instead of replacing: what
is dropped here has no width of its own, so that the lines stay as they were laid out.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from whisul_tui.domain.clean import OBEYED, clean_url


class Wall(LineFilter):
    """Drops control and invisible characters, and links that are no plain http or https."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line, harmless; as it is (no copy) where nothing was wrong."""
        if all(_is_harmless(segment) for segment in segments):
            return segments
        return [_made_harmless(segment) for segment in segments if segment.control is None]


def _is_harmless(segment: Segment) -> bool:
    text, style, control = segment
    return (
        control is None
        and ((text.isascii() and text.isprintable()) or OBEYED.search(text) is None)
        and (style is None or style.link is None or clean_url(style.link) is not None)
    )


def _made_harmless(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is not None and style.link is not None and clean_url(style.link) is None:
        style = style.update_link(None)
    return Segment(OBEYED.sub("", text), style or Style.null())
