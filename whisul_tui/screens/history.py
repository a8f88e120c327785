"""Searching earlier prompts."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from whisul_tui.desk import Desk
from whisul_tui.widgets.past_prompts import PastPrompts

_SHOWN = 200


class HistoryScreen(ModalScreen[str | None]):
    """Type to narrow, arrows to choose, Enter to take the prompt into the editor."""

    BINDINGS = [
        Binding("escape,ctrl+g", "dismiss(None)", "Close", id="history.close"),
        Binding("down,ctrl+r,ctrl+n", "move(1)", "Older", id="history.older", priority=True),
        Binding("up", "move(-1)", "Newer", id="history.newer", priority=True),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Earlier prompts"
            box.border_subtitle = "enter takes it  esc closes"
            yield Input(placeholder="type to search", compact=True)
            yield PastPrompts(self._desk)

    def on_mount(self) -> None:
        self._look("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._look(event.value)

    def on_input_submitted(self) -> None:
        self.dismiss(self.query_one(PastPrompts).chosen())

    def on_past_prompts_chosen(self, event: PastPrompts.Chosen) -> None:
        self.dismiss(event.prompt)

    def action_move(self, step: int) -> None:
        past = self.query_one(PastPrompts)
        past.action_cursor_down() if step > 0 else past.action_cursor_up()

    def _look(self, search: str) -> None:
        self.query_one(PastPrompts).show(self._desk.session.history.recent(_SHOWN, search))
