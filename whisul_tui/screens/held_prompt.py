"""A held prompt in an editor of its own."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from whisul_tui.domain import PromptError
from whisul_tui.domain.expansion import expand, literal
from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.screens.dialog import Dialog
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.prompt_editor import PromptEditor


class HeldPromptScreen(Dialog[str | None]):
    """Enter gives the prompt as it will be sent; escape leaves it as it was."""

    CSS_PATH = sheets("write")
    BINDINGS = bindings("held")
    AUTO_FOCUS = "PromptEditor"

    def __init__(self, prompt: str) -> None:
        super().__init__()
        self._text = literal(prompt)
        self._problem_of = ""  # the text that is none: what is said of it goes when another one is written

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "A held prompt"
            box.border_subtitle = Content(named(self, "{write.send} keeps it  {held.close} leaves it as it was"))
            yield PromptEditor(self._text)
            yield Static("", classes="problem", markup=False)

    def on_mount(self) -> None:
        editor = self.query_one(PromptEditor)
        editor.move_cursor(editor.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if event.text_area.text not in ("", self._problem_of):
            self.query_one(".problem", Static).update("")

    def on_prompt_editor_sent(self, event: PromptEditor.Sent) -> None:
        """Closes with the prompt, or says why it is none."""
        event.stop()
        try:
            prompts = expand(event.text)
            problem = f"This makes {len(prompts)} songs; here is place for one." if len(prompts) > 1 else ""
        except PromptError as error:
            prompts, problem = (), str(error)
        if len(prompts) == 1:
            self.dismiss(prompts[0])
        else:
            self._problem_of = event.text
            self.query_one(PromptEditor).put(event.text)
            self.query_one(".problem", Static).update(problem)

    def action_close(self) -> None:
        """The prompt stays as it was."""
        self.dismiss(None)
