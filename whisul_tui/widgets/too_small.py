"""What stands over a screen in a terminal too small for it."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from whisul_tui.key_words import named

COLUMNS, ROWS = 24, 6  # from here on the screens can be used, from 40x10 in comfort


class TooSmall(Widget):
    """A sentence over the whole screen; it lies there, unseen, until the screen has its class for it.

    The screen below keeps its focus and its text: a window that is made large again is as it was.
    """

    def render(self) -> Text:
        return Text(named(self, "Too small a terminal: 40x10 or more. {quit.anywhere} quits."))
