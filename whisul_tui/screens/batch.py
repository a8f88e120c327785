"""A batch: prompts from a file, one a line."""

from __future__ import annotations

import stat
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from whisul_tui.domain.prompt_lines import LARGEST, PromptFileError, prompts_of
from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.screens.dialog import Dialog
from whisul_tui.stylesheets import sheets

MOST_PROMPTS = 1_000  # more is a matter for `generate --file`


class BatchScreen(Dialog[tuple[str, ...] | None]):
    """Asks for a file; gives its prompts, each as it would be sent, or None."""

    CSS_PATH = sheets("composing")
    BINDINGS = bindings("batch")
    AUTO_FOCUS = "Input"

    def __init__(self, folder: Path) -> None:
        """`folder`: where a name that is no whole path is looked for."""
        super().__init__()
        self._folder = folder

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Prompts from a file"
            box.border_subtitle = Content(named(self, "enter shows them  {batch.close} closes"))
            yield Static(
                "A text file with one prompt a line; blank lines are skipped. Braces are not expanded.",
                classes="explanation",
                markup=False,
            )
            yield Input(placeholder="~/prompts.txt", max_length=1000, compact=True)
            yield Static("", classes="problem", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(".problem", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Closes with the prompts, or says what is wrong with the file."""
        event.stop()
        if not (name := event.value.strip()):
            return
        try:
            self.dismiss(_read(self._folder / Path(name).expanduser()))
        except PromptFileError as error:
            self.query_one(".problem", Static).update(str(error))

    def action_close(self) -> None:
        """Away with it, nothing sent."""
        self.dismiss(None)


def _read(path: Path) -> tuple[str, ...]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would hold the screen up
            raise PromptFileError(f"{path} is no file.")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError, RuntimeError) as error:
        raise PromptFileError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    prompts = prompts_of(content, path.name)
    if len(prompts) > MOST_PROMPTS:
        many = f"{path.name} has {len(prompts):,} prompts, and at most {MOST_PROMPTS:,} are taken here"
        raise PromptFileError(f"{many}: whisul-tui generate --file takes any number.")
    return prompts
