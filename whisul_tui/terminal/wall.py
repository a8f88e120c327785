"""The second wall against foreign text: whatever a widget was given, nothing of it that a terminal obeys is drawn.

The first wall cleans text where it comes in. This one stands where lines go out, and drops instead of replacing: what
is dropped here has no width of its own, so that the lines stay as they were laid out.
"""

from __future__ import annotations

import re

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from whisul_tui.domain.clean import clean_url

_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# C0, DEL and C1; soft hyphen and bidi marks; zero-width, line and paragraph separators, bidi overrides and isolates;
# variation selectors, byte order mark, annotation anchors, lone surrogates, tags; and marks piled over the second.
_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
    f"|(?<=[{_MARKS}][{_MARKS}])[{_MARKS}]+"
)


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
        and ((text.isascii() and text.isprintable()) or _OBEYED.search(text) is None)
        and (style is None or style.link is None or clean_url(style.link) is not None)
    )


def _made_harmless(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is not None and style.link is not None and clean_url(style.link) is None:
        style = style.update_link(None)
    return Segment(_OBEYED.sub("", text), style or Style.null())
