"""Giving an unconfirmed job the id that the user has found elsewhere, so that it is followed instead of paid again."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from whisul_tui.domain import Job
from whisul_tui.domain.job import is_job_id
from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.screens.dialog import Dialog


class KnownIdScreen(Dialog[str | None]):
    """Asks for a job id; gives a well-formed one, or None."""

    BINDINGS = bindings("known_id")
    AUTO_FOCUS = "Input"

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "The job's id"
            box.border_subtitle = Content(named(self, "enter follows it  {known_id.close} closes"))
            yield Static(self._job.name, classes="question", markup=False)
            yield Static(
                "No answer came, and Whisul may have it all the same. If you know its job id, from your account or "
                "another program, it is followed from now on: nothing is sent or paid again.",
                classes="explanation",
                markup=False,
            )
            yield Input(placeholder="job id", max_length=128, compact=True)
            yield Static("", classes="problem", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(".problem", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Closes with the id, or says what an id looks like."""
        event.stop()
        if is_job_id(text := event.value.strip()):
            self.dismiss(text)
        else:
            self.query_one(".problem", Static).update("A job id has letters, digits, _ and - alone.")

    def action_close(self) -> None:
        """Away with it; the job stays unconfirmed."""
        self.dismiss(None)
