"""The editor of a note: Enter keeps it, ctrl+j makes a new line, as on Write."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from whisul_tui.domain.clean import clean_text
from whisul_tui.domain.own_tags import LONGEST_NOTE
from whisul_tui.keymap import bindings

_MINE = ("own_tags.newline", "own_tags.keep")


class NoteEditor(TextArea):
    """A few lines of text; posts `Kept`."""

    BINDINGS = [binding for binding in bindings("own_tags") if getattr(binding, "id", None) in _MINE]

    class Kept(Message):
        """Enter was pressed."""

    def __init__(self, text: str) -> None:
        super().__init__(text, soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=True,
                         placeholder="a note, found by its words")  # fmt: skip
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.prevent_default()  # TextArea would insert a line; the binding keeps the note

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = clean_text(event.text, LONGEST_NOTE)

    def action_keep(self) -> None:
        self.post_message(self.Kept())

    def action_newline(self) -> None:
        start, end = self.selection
        self._replace_via_keyboard("\n", start, end)
