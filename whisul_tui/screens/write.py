"""Write: a prompt, what is on its way, and what was written before."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from textual import work
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from whisul_tui.desk import Desk
from whisul_tui.domain import PROMPT_LIMIT, Job
from whisul_tui.domain.slots import text_of_prompt
from whisul_tui.formatting import counted
from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.messages import JobsChanged
from whisul_tui.screens.recall import Recall
from whisul_tui.screens.sending import Sending
from whisul_tui.screens.write_words import beginning, failure, looked_at
from whisul_tui.storage.entering import TakenBack
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.one_ground import Columns, Stack
from whisul_tui.widgets.outbox_lines import OutboxLines
from whisul_tui.widgets.past_prompts import PastPrompts
from whisul_tui.widgets.prompt_editor import PromptEditor

DRAFT = "write"
_BATCH_AT_ONCE = 4  # prompts of a file with Whisul at a time, until the user says otherwise
_SAVE_AFTER = 0.4  # seconds between a key and the draft on disk, also while keys go on coming


class WriteScreen(Sending):
    """The editor above, the outbox under it, recent prompts below (from 100 columns on to the right)."""

    ROOM = "write"
    HINTS = ("write.send", "write.newline", "write.editor", "write.history", "write.back")
    AUTO_FOCUS = "PromptEditor"
    CSS_PATH = sheets("write")
    BINDINGS = bindings("write")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._recall = Recall(lambda: [text_of_prompt(past.prompt) for past in desk.session.history.recent(200)])
        self._saving: Timer | None = None
        self._draft = desk.session.drafts.load(DRAFT)
        self._problem_of = ""  # the text that the problem line is about: it goes when another one is written

    def body(self) -> Iterable[Widget]:
        with Columns(id="write-columns"):
            with Stack(id="write-left"):
                with Columns(id="write-head"):
                    yield Static("Prompt", id="write-title")
                    yield Static("", id="write-count", markup=False)
                yield PromptEditor(self._draft)
                yield Static("", id="write-problem", markup=False)
                yield Static("", id="write-advice", markup=False)
                yield OutboxLines(self.desk)
            with Stack(id="write-past"):
                yield Static("Recent prompts", id="past-title")
                yield PastPrompts(self.desk, id="past")
                yield Static(named(self, beginning(self.session.settings)), id="write-beginning", markup=False)

    def on_mount(self) -> None:
        self._editor.move_cursor(self._editor.document.end)
        self._count()

    def on_screen_resume(self) -> None:
        """Looks again at what may have changed meanwhile."""
        self.jobs_changed(JobsChanged(frozenset()))

    def jobs_changed(self, change: JobsChanged) -> None:
        self._look_at_mine()
        if not self.is_shown:
            return
        self.query_one(OutboxLines).look()
        past = self.session.history.recent(40)
        self.query_one("#past", PastPrompts).show(past)
        for name, shown in (("#past", bool(past)), ("#past-title", bool(past)), ("#write-beginning", not past)):
            self.query_one(name).display = shown

    def edit(self, job: Job) -> None:
        """Puts a job's prompt into the editor, to be sent as a new job; an unsent draft stays within reach of ↑."""
        self._take(text_of_prompt(job.prompt), parent=job.number)

    # Drafts ---------------------------------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._draft = event.text_area.text
        self._count()
        if self._draft != self._problem_of:
            self._say("")
        if self._saving is None:
            self._saving = self.set_timer(_SAVE_AFTER, self._save_draft)

    def on_unmount(self) -> None:
        if self._saving is not None:
            self._save_draft()

    def _save_draft(self) -> None:
        self._saving = None
        self.session.engine.save_draft(DRAFT, self._draft)

    def _count(self) -> None:
        length = len(self._draft)
        count = self.query_one("#write-count", Static)
        near = length > PROMPT_LIMIT * 0.8
        characters = f"{length:,} of {PROMPT_LIMIT:,} characters" if near else counted(length, "character")
        songs, advice = looked_at(
            self._draft, getattr(self.app, "_keymap", {}), lint=self.session.settings.flag("lint")
        )
        several = f"{songs} songs {'·' if self.desk.unicode else '-'} " if songs > 1 else ""
        count.update(several + (counted(length, "character") if several else characters))
        count.set_class(length > PROMPT_LIMIT and not several, "-over")
        line = self.query_one("#write-advice", Static)
        line.update(advice)
        line.display = bool(advice)

    def _say(self, problem: str) -> None:
        line = self.query_one("#write-problem", Static)
        line.update(problem)
        line.display = bool(problem)
        self._problem_of = self._editor.text

    def _begin_anew(self) -> None:
        self._recall.reset()

    # Recall, history, editor ----------------------------------------------------------------------------------------

    def on_prompt_editor_recalled(self, event: PromptEditor.Recalled) -> None:
        event.stop()
        if (text := self._recall.step(event.step, self._editor.text)) is not None:
            self._editor.put(text)

    def on_past_prompts_chosen(self, event: PastPrompts.Chosen) -> None:
        event.stop()
        self._take(text_of_prompt(event.prompt))

    def on_prompt_editor_undone_empty(self, event: PromptEditor.UndoneEmpty) -> None:
        event.stop()
        self.action_undo()

    def action_undo(self) -> None:
        """Takes the newest held prompt, or its whole family, back into the editor."""
        self.session.engine.take_back_last().add_done_callback(partial(self.call_later, self._taken_back))

    def _taken_back(self, future: Future[TakenBack | None]) -> None:
        if (why := failure(future, "Not taken back.")) is not None:
            self._say(why)
        elif (taken := future.result()) is None:
            self._say("Nothing is held that could be taken back.")
        elif taken.text:
            self._take(taken.text, parent=taken.jobs[0].parent)
        else:
            self._say(f"{counted(len(taken.jobs), 'prompt')} taken back; each stands among the earlier ones.")

    def _take(self, prompt: str, *, parent: int | None = None) -> None:
        """A prompt into the editor; an unsent one that stood there stays within reach of ↑."""
        if self._editor.text != prompt:
            self._recall.keep(self._editor.text)
            self._editor.put(prompt)
        self._parent_job = parent
        self._say("")
        self._editor.focus()

    @work(name="search history", exclusive=True, group="history")
    async def action_history(self) -> None:
        """Searches earlier prompts."""
        from whisul_tui.screens.history import HistoryScreen

        if prompt := await self.app.push_screen_wait(HistoryScreen(self.desk)):
            self._take(text_of_prompt(prompt))

    @work(name="read a batch", exclusive=True, group="batch")
    async def action_batch(self) -> None:
        """Prompts from a file, shown before they are sent."""
        from whisul_tui.screens.batch import BatchScreen

        if prompts := await self.app.push_screen_wait(BatchScreen(Path.home())):
            self._ask_for_all(prompts, at_once=_BATCH_AT_ONCE)

    @work(name="choose a template", exclusive=True, group="template")
    async def action_template(self) -> None:
        """A template into the editor, its first slot chosen."""
        from whisul_tui.screens.templates import TemplateScreen

        folder = self.session.paths.config_file.parent / "templates"
        if text := await self.app.push_screen_wait(TemplateScreen(folder, self._editor.text)):
            self._take(text)
            self._editor.move_cursor((0, 0))
            self._editor.choose_slot()

    def action_editor(self) -> None:
        """Writes the prompt in the user's own editor."""
        from whisul_tui.screens.external_editor import EditorError, edit_outside

        try:
            text = edit_outside(self.app, self._editor.text)
        except EditorError as error:
            self._say(str(error))
        else:
            self._editor.put(text)
