"""Which file is to be put back or merged: backups to choose from, and a field for any other path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from whisul_tui.keymap import bindings, first_key
from whisul_tui.screens.dialog import Dialog
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.choice_list import ChoiceList


class StoreFileScreen(Dialog[Path | None]):
    """Gives one of the `files`, or the path that was typed; None where nothing is to be done."""

    CSS_PATH = sheets("asking")
    BINDINGS = bindings("store_file")
    AUTO_FOCUS = "ChoiceList, Input"

    def __init__(self, title: str, explanation: str, files: Sequence[Path] = ()) -> None:
        super().__init__()
        self._title = title
        self._explanation = explanation
        self._files = list(files)

    def compose(self) -> ComposeResult:
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        with Vertical() as box:
            box.border_title = Content(self._title)
            other = "  tab another file" if self._files else ""
            box.border_subtitle = Content(f"enter takes it{other}  {first_key('store_file.close', keymap)} closes")
            yield Static(self._explanation, classes="question", markup=False)
            if self._files:
                lines = [Option(Text(path.name, no_wrap=True, end="")) for path in self._files]
                yield ChoiceList(*lines, compact=True)
            yield Input(placeholder="the path of a file", max_length=1000, compact=True)
            yield Static("", classes="problem", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        (self.query_one(ChoiceList) if self._files else self.query_one(Input)).focus()

    def on_option_list_option_selected(self, event: ChoiceList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._files[event.option_index])

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(".problem", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Closes with the path of a file that is there."""
        event.stop()
        path = Path(event.value.strip()).expanduser()
        if event.value.strip() and path.is_file():
            self.dismiss(path.absolute())
        else:
            self.query_one(".problem", Static).update("There is no such file.")

    def action_close(self) -> None:
        """Away with it, nothing done."""
        self.dismiss(None)
