"""Searching earlier prompts."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from whisul_tui.desk import Desk
from whisul_tui.keymap import bindings
from whisul_tui.screens.dialog import Dialog
from whisul_tui.screens.fuzzy import ranked
from whisul_tui.storage.errors import StoreError
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.hints import subtitle
from whisul_tui.widgets.past_prompts import PastPrompts

_SHOWN = 200


class HistoryScreen(Dialog[str | None]):
    """Type to narrow, letters may be left out; arrows choose, Enter takes the prompt into the editor."""

    CSS_PATH = sheets("write")
    BINDINGS = bindings("history")
    AUTO_FOCUS = "Input"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Earlier prompts"
            keymap: dict[str, str] = getattr(self.app, "_keymap", {})
            box.border_subtitle = Content(subtitle(("history.take", "history.star", "history.close"), keymap))
            yield Input(placeholder="type to search", compact=True)
            yield PastPrompts(self._desk)
            yield Static("", id="history-none", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self._look("")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look(event.value)
        past = self.query_one(PastPrompts)
        past.highlighted = 0 if past.display else None  # what fits best, whatever was in hand before

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_take()

    def on_past_prompts_chosen(self, event: PastPrompts.Chosen) -> None:
        event.stop()
        self.dismiss(event.prompt)

    def action_take(self) -> None:
        """The highlighted prompt, where there is one; else the search stays open."""
        if (prompt := self.query_one(PastPrompts).chosen()) is not None:
            self.dismiss(prompt)

    def action_close(self) -> None:
        """Away with it, nothing taken."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """To an older prompt, or a newer one."""
        past = self.query_one(PastPrompts)
        past.action_cursor_down() if step > 0 else past.action_cursor_up()

    async def action_star(self) -> None:
        """Stars the highlighted prompt, or takes its star off: starred ones are shown first."""
        past, history = self.query_one(PastPrompts), self._desk.session.history
        chosen = past.chosen_one()
        if chosen is None:
            return
        prompt, on = chosen.prompt, not chosen.starred
        try:
            await asyncio.wrap_future(self._desk.session.engine.do(lambda: history.star(prompt, on)))
        except StoreError as error:
            self.notify(str(error), severity="warning", markup=False)
        except (CancelledError, RuntimeError):  # the engine is ending
            return
        self._look(self.query_one(Input).value)

    def _look(self, search: str) -> None:
        found = ranked(self._desk.session.history.candidates(search, _SHOWN), search)[:_SHOWN]
        past, none = self.query_one(PastPrompts), self.query_one("#history-none", Static)
        past.show(found)
        past.display, none.display = bool(found), not found
        none.update("No earlier prompt has these letters." if search.strip() else "No prompt was sent yet.")
