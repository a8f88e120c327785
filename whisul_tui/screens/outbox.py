"""The outbox: what is not sent yet, in the order in which it will leave, to be arranged, paused, edited and dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.formatting import counted
from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.screens.dialog import Dialog
from whisul_tui.storage.entering import Entry
from whisul_tui.storage.errors import StoreError
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.choice_list import ChoiceList
from whisul_tui.widgets.hints import subtitle
from whisul_tui.widgets.outbox_row import OutboxRows

Value = TypeVar("Value")
_HINTS = (
    "outbox.pause",
    "outbox.edit",
    "outbox.earlier",
    "outbox.later",
    "outbox.now",
    "outbox.drop",
    "outbox.close",
)
_LEAVING = "It is leaving already, or has left."


class OutboxScreen(Dialog[None]):
    """Every step is the engine's, and compare-and-set: what is on its way by now is left alone, and said."""

    CSS_PATH = sheets("composing")
    BINDINGS = bindings("outbox")
    AUTO_FOCUS = "ChoiceList"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._session = desk.session
        self._jobs: list[Job] = []
        self._dropped: list[Job] = []
        self._rows = OutboxRows(desk)

    def compose(self) -> ComposeResult:
        with Vertical(id="outbox-box") as box:
            box.border_title = "Outbox"
            box.border_subtitle = Content(subtitle(_HINTS, getattr(self.app, "_keymap", {})))
            yield ChoiceList(compact=True)
            yield Static("", id="outbox-none", markup=False)

    def on_mount(self) -> None:
        self._look()
        self._desk.changed.subscribe(self, lambda _: self._look())
        if not self._desk.calm:
            self.set_interval(1.0, self._draw)

    def on_resize(self) -> None:
        self._draw()

    @property
    def _list(self) -> ChoiceList:
        return self.query_one(ChoiceList)

    def _chosen(self) -> Job | None:
        at = self._list.highlighted
        return self._jobs[at] if at is not None and at < len(self._jobs) else None

    def _look(self, follow: int | None = None) -> None:
        """Reads the outbox anew; the cursor stays on its job, or where it was when that has left."""
        chosen, at = self._chosen(), self._list.highlighted or 0
        number = follow if follow is not None else (chosen.number if chosen else None)
        self._jobs = self._session.store.waiting(self._session.account)
        self._list.set_options([Option("") for _ in self._jobs])
        places = [place for place, job in enumerate(self._jobs) if job.number == number]
        if self._jobs:
            self._list.highlighted = places[0] if places else min(at, len(self._jobs) - 1)
        none = self.query_one("#outbox-none", Static)
        none.update("Nothing waits: all that was written has left.")
        none.display, self._list.display = not self._jobs, bool(self._jobs)
        paused = sum(job.paused for job in self._jobs)
        title = f"Outbox: {counted(len(self._jobs), 'prompt')}" if self._jobs else "Outbox"
        self.query_one("#outbox-box").border_title = Content(title + (f", {paused:,} paused" if paused else ""))
        self._draw()

    def _draw(self) -> None:
        width = max(20, self._list.scrollable_content_region.width - 2)
        for place, row in enumerate(self._rows.rows(self._jobs, width)):
            if self._list.get_option_at_index(place).prompt != row:
                self._list.replace_option_prompt_at_index(place, row)

    # Steps ----------------------------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Down, or up."""
        self._list.action_cursor_down() if step > 0 else self._list.action_cursor_up()

    @work(group="outbox")
    async def action_shift(self, step: int) -> None:
        """Later, or earlier."""
        job = self._chosen()
        if job is not None and await self._told(self._session.engine.move(job.number, step)):
            self._look(job.number)

    @work(group="outbox")
    async def action_pause(self) -> None:
        """Pauses the one, or lets it go on."""
        if job := self._chosen():
            await self._set_paused([job], not job.paused)

    @work(group="outbox")
    async def action_pause_all(self) -> None:
        """Pauses all, or lets all go on where all are paused."""
        await self._set_paused(self._jobs, not all(job.paused for job in self._jobs))

    async def _set_paused(self, jobs: Sequence[Job], on: bool) -> None:
        numbers = [job.number for job in jobs if job.paused != on]
        engine = self._session.engine
        became = await self._told(engine.pause(numbers) if on else engine.resume(numbers))
        if became is not None and len(became) < len(numbers):
            self._say(_LEAVING if len(numbers) == 1 else f"{len(numbers) - len(became):,} are leaving already.")

    @work(group="outbox edit", exclusive=True)
    async def action_edit(self) -> None:
        """Lets the prompt be edited; it is paused meanwhile, so that it cannot leave under the user's hands."""
        job = self._chosen()
        if job is None:
            return
        if not job.paused and not await self._told(self._session.engine.pause([job.number])):
            self._say(_LEAVING)
            return
        from whisul_tui.screens.held_prompt import HeldPromptScreen

        prompt = await self.app.push_screen_wait(HeldPromptScreen(job.prompt))
        if prompt is not None and prompt != job.prompt:
            changed = await self._told(self._session.engine.reword(job.number, prompt))
            if changed is False:
                self._say(_LEAVING)
        if not job.paused:
            await self._told(self._session.engine.resume([job.number]))

    @work(group="outbox")
    async def action_send_now(self) -> None:
        """Lets it leave without the undo delay, also when it is paused."""
        job = self._chosen()
        if job is not None and await self._told(self._session.engine.release(job.number)) is False:
            self._say(_LEAVING)

    @work(group="outbox")
    async def action_drop(self) -> None:
        """Out of the outbox, unsent."""
        job = self._chosen()
        if job is None:
            return
        taken = await self._told(self._session.engine.take_back(job.number))
        if taken is None:
            self._say(_LEAVING)
        else:
            self._dropped.append(taken)
            self._say(f"Dropped, not sent: {taken.name[:50]}; {named(self, '{outbox.undo}')} brings it back.")

    @work(group="outbox")
    async def action_undo(self) -> None:
        """What was dropped last into the outbox again, at its end: it was within the budget before."""
        if not self._dropped:
            self._say("Nothing was dropped here.")
            return
        job = self._dropped.pop()
        entry = Entry(job.prompt, job.parent, job.family, job.paused)
        if held := await self._told(self._session.engine.submit_all([entry], over_budget=True)):
            self._look(held[0].number)

    def on_option_list_option_selected(self) -> None:
        """A click, or Enter."""
        self.action_edit()

    def action_close(self) -> None:
        """Away with it."""
        self.dismiss(None)

    async def _told(self, future: Future[Value]) -> Value | None:
        try:
            return await asyncio.wrap_future(future)
        except StoreError as error:
            self._say(str(error))
        except (CancelledError, RuntimeError):  # the engine has ended or is ending
            self._say("The program is ending; nothing was changed.")
        return None

    def _say(self, sentence: str) -> None:
        self.notify(sentence, timeout=4, markup=False)
