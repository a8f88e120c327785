"""The editor of the prompt: Enter sends, ctrl+j makes a new line, the arrows at the edge recall earlier prompts."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from whisul_tui.domain.clean import clean_text
from whisul_tui.domain.slots import slots_of
from whisul_tui.keymap import bindings

_PASTE_LIMIT = 20_000  # characters: twice what can be sent; a line of 100,000 is drawn in tenths of a second
_EXAMPLE = "late night lofi, soft rain, upright bass, no vocals, 80 bpm"
_MINE = ("write.newline", "write.older", "write.newer", "write.send", "write.take_back", "write.slot")


class PromptEditor(TextArea):
    """A text area that never sends by a paste; it posts `Sent`, `Recalled` and `UndoneEmpty`."""

    BINDINGS = [binding for binding in bindings("write") if getattr(binding, "id", None) in _MINE]

    @dataclass
    class Sent(Message):
        """Enter was pressed: `text` has left the editor, so that what is typed meanwhile belongs to the next prompt."""

        text: str

    @dataclass
    class Recalled(Message):
        """An arrow was pressed at the edge of the text: `step` is 1 for an earlier prompt, -1 for a later one."""

        step: int

    class UndoneEmpty(Message):
        """Undo was pressed where nothing is left to undo."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=True,
                         placeholder=_EXAMPLE)  # fmt: skip
        self.cursor_blink = False  # a blinking cursor is half a kilobyte a second over SSH

    def put(self, text: str) -> None:
        """Replaces the text as one step that undo takes back, the cursor at its end."""
        self.replace(text, (0, 0), self.document.end)
        self.move_cursor(self.document.end)

    async def _on_key(self, event: events.Key) -> None:
        """Acts on bound keys here and now: left to bubble, Enter would come after letters that were typed behind it."""
        bound = None if event.is_printable else self.screen.active_bindings.get(event.key)
        if bound is not None and bound.node is self and bound.enabled:
            event.stop()
            event.prevent_default()
            await self.app.run_action(bound.binding.action, self)
        elif event.key == "enter":
            event.prevent_default()  # TextArea would insert a line where Enter was given another meaning

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = clean_text(event.text, _PASTE_LIMIT)

    def action_send(self) -> None:
        text = self.text
        if text:
            self.put("")
        self.post_message(self.Sent(text))

    def action_newline(self) -> None:
        start, end = self.selection
        self._replace_via_keyboard("\n", start, end)

    def action_older(self) -> None:
        if self.cursor_at_first_line and self.wrapped_document.location_to_offset(self.cursor_location).y == 0:
            self.post_message(self.Recalled(1))
        else:
            self.action_cursor_up()

    def action_newer(self) -> None:
        last = self.wrapped_document.height - 1
        if self.wrapped_document.location_to_offset(self.cursor_location).y >= last:
            self.post_message(self.Recalled(-1))
        else:
            self.action_cursor_down()

    def choose_slot(self) -> bool:
        """Selects the next slot of a template after the cursor, so that writing fills it; False where there is none."""
        slots = slots_of(self.text)
        if not slots:
            return False
        row, column = max(self.selection)
        here = sum(len(line) + 1 for line in self.text.split("\n")[:row]) + column
        slot = next((slot for slot in slots if slot.start >= here), slots[0])
        self.selection = Selection(_location(self.text, slot.start), _location(self.text, slot.end))
        return True

    def action_slot(self) -> None:
        if not self.choose_slot():
            self.screen.focus_next()

    def action_take_back(self) -> None:
        if self.text:
            self.undo()
        else:
            self.post_message(self.UndoneEmpty())


def _location(text: str, at: int) -> tuple[int, int]:
    """Row and column of a character."""
    before = text[:at]
    return before.count("\n"), at - (before.rfind("\n") + 1)
