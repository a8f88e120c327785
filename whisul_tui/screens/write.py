"""Write: a prompt, what is on its way, and what was written before."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial

from textual import work
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Label, Static, TextArea

from whisul_tui.desk import Desk
from whisul_tui.domain import PROMPT_LIMIT, Job, JobState, PromptError, check_prompt
from whisul_tui.keymap import bindings
from whisul_tui.messages import JobsChanged
from whisul_tui.screens.confirm import ConfirmScreen
from whisul_tui.screens.main import MainScreen
from whisul_tui.screens.recall import Recall
from whisul_tui.widgets.outbox_lines import OutboxLines
from whisul_tui.widgets.past_prompts import PastPrompts
from whisul_tui.widgets.prompt_editor import PromptEditor

DRAFT = "write"
_SAVE_AFTER = 0.4  # seconds after the last key


class WriteScreen(MainScreen):
    """The editor above, the outbox under it, recent prompts below (at 120 columns to the right)."""

    ROOM = "write"
    HINTS = ("write.send", "write.newline", "write.editor", "write.history", "write.back")
    AUTO_FOCUS = "PromptEditor"
    BINDINGS = bindings("write")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._parent_job: int | None = None
        self._recall = Recall(lambda: [past.prompt for past in desk.session.history.recent(200)])
        self._saving: Timer | None = None
        self._draft = desk.session.drafts.load(DRAFT)

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="write-columns"):
            with Vertical(id="write-left"):
                with Horizontal(id="write-head"):
                    yield Label("Prompt", id="write-title")
                    yield Static("", id="write-count", markup=False)
                yield PromptEditor(self._draft)
                yield Static("", id="write-problem", markup=False)
                yield OutboxLines(self.desk)
            with Vertical(id="write-past"):
                yield Label("Recent prompts", id="past-title")
                yield PastPrompts(self.desk, id="past")

    def on_mount(self) -> None:
        super().on_mount()
        self._editor.move_cursor(self._editor.document.end)
        self._count()

    @property
    def _editor(self) -> PromptEditor:
        return self.query_one(PromptEditor)

    def jobs_changed(self, change: JobsChanged) -> None:
        self.query_one(OutboxLines).look()
        past = self.session.history.recent(40)
        self.query_one("#past", PastPrompts).show(past)
        self.query_one("#past-title").display = bool(past)
        for number in change.numbers:
            self._show_refusal(self.session.store.get(number))

    def edit(self, job: Job) -> None:
        """Puts a job's prompt into the editor, to be sent as a new job; an unsent draft stays within reach of ↑."""
        self._recall.keep(self._editor.text)
        self._editor.put(job.prompt)
        self._parent_job = job.number
        self._say("")
        self._editor.focus()

    # Drafts ---------------------------------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._draft = event.text_area.text
        self._count()
        self._say("")
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(_SAVE_AFTER, self._save_draft)

    def on_unmount(self) -> None:
        if self._saving is not None:
            self._save_draft()

    def _save_draft(self) -> None:
        self._saving = None
        self.session.engine.save_draft(DRAFT, self._draft)

    def _count(self) -> None:
        length = len(self._editor.text)
        count = self.query_one("#write-count", Static)
        count.update(
            f"{length:,} of {PROMPT_LIMIT:,} characters" if length > PROMPT_LIMIT * 0.8 else f"{length:,} chars"
        )
        count.set_class(length > PROMPT_LIMIT, "-over")

    def _say(self, problem: str) -> None:
        line = self.query_one("#write-problem", Static)
        line.update(problem)
        line.display = bool(problem)

    def _show_refusal(self, job: Job | None) -> None:
        if job is not None and job.state is JobState.REJECTED and not self._editor.text and self.is_current:
            self._editor.put(job.prompt)
            self._say(f"Whisul rejected it: {job.message or 'no reason given'}")

    # Sending --------------------------------------------------------------------------------------------------------

    def on_prompt_editor_sent(self, event: PromptEditor.Sent) -> None:
        event.stop()
        try:
            prompt = check_prompt(event.text)
        except PromptError as error:
            self._say(str(error))
            return
        self._send(prompt)

    @work(name="send", exclusive=True, group="send")
    async def _send(self, prompt: str) -> None:
        if (seconds := self.session.settings.number("same_prompt_seconds")) > 0:
            since = self.desk.now().timestamp() - seconds
            before = self.session.store.same_prompt_since(prompt, self.session.account, since)
            if before is not None and not await self.app.push_screen_wait(_ask_again(before)):
                return
        future = self.session.engine.submit(prompt, parent=self._parent_job)
        self._parent_job = None
        self._recall.reset()
        self._editor.put("")
        future.add_done_callback(partial(self.app.call_later, self._submitted, prompt))

    def _submitted(self, prompt: str, future: Future[Job]) -> None:
        if (error := future.exception()) is not None:
            self._editor.put(prompt)
            self._say(f"Not sent, and not kept: {error}")

    # Recall, history, editor ----------------------------------------------------------------------------------------

    def on_prompt_editor_recalled(self, event: PromptEditor.Recalled) -> None:
        event.stop()
        if (text := self._recall.step(event.step, self._editor.text)) is not None:
            self._editor.put(text)

    def on_past_prompts_chosen(self, event: PastPrompts.Chosen) -> None:
        event.stop()
        self._take(event.prompt)

    def on_prompt_editor_undone_empty(self, event: PromptEditor.UndoneEmpty) -> None:
        event.stop()
        self.action_undo()

    def action_undo(self) -> None:
        """Takes the newest held prompt back into the editor."""
        self.session.engine.take_back().add_done_callback(partial(self.app.call_later, self._taken_back))

    def _taken_back(self, future: Future[Job | None]) -> None:
        job = future.result() if future.exception() is None else None
        if job is None:
            self._say("Nothing is held that could be taken back.")
        else:
            self._take(job.prompt)

    def _take(self, prompt: str) -> None:
        self._recall.keep(self._editor.text)
        self._editor.put(prompt)
        self._editor.focus()

    @work(name="search history", exclusive=True, group="history")
    async def action_history(self) -> None:
        """Searches earlier prompts."""
        from whisul_tui.screens.history import HistoryScreen

        if prompt := await self.app.push_screen_wait(HistoryScreen(self.desk)):
            self._take(prompt)

    def action_editor(self) -> None:
        """Writes the prompt in the user's own editor."""
        from whisul_tui.screens.external_editor import EditorError, edit_outside

        try:
            text = edit_outside(self.app, self._editor.text)
        except EditorError as error:
            self._say(str(error))
        else:
            self._editor.put(text)


def _ask_again(before: Job) -> ConfirmScreen:
    return ConfirmScreen(
        "Send the same prompt again?",
        f"It was sent a moment ago (job {before.short_id}, {before.state}). Every song costs.",
        "send it again",
    )
