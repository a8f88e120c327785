"""What gives a terminal back; by itself, since the first frame is on the screen before anything else is loaded."""

from __future__ import annotations

# What Textual and the own display switch on: mouse, paste, focus, kitty keys, in-band resize, synchronized output,
# cursor, scrolling margins, screen. The margins before the screen: taking them off moves the cursor.
RESTORE = (
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[<u"
    "\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[r\x1b[?1049l\x1b[0m"
)
