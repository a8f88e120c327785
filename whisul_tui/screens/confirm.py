"""A question before something that costs or cannot be undone."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from whisul_tui.keymap import bindings, first_key
from whisul_tui.screens.dialog import Dialog


class ConfirmScreen(Dialog[bool]):
    """Asks a question; y answers yes, n and escape no, Enter does nothing, so that no key typed ahead spends money."""

    BINDINGS = bindings("confirm")
    COMPONENT_CLASSES = {"confirm--key", "confirm--word"}

    def __init__(self, question: str, explanation: str, yes: str, no: str = "leave it") -> None:
        super().__init__()
        self._question, self._explanation, self._yes, self._no = question, explanation, yes, no

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._question, classes="question", markup=False)
            yield Static(self._explanation, classes="explanation", markup=False)
            yield Static(id="confirm-answers", markup=False)

    def on_mount(self) -> None:
        key, word = (self.get_component_rich_style(f"confirm--{part}", partial=True) for part in ("key", "word"))
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        yes, no = (first_key(name, keymap) for name in ("confirm.yes", "confirm.no"))
        answers = Text.assemble((yes, key), (f" {self._yes}", word), "     ", (no, key), (f" {self._no}", word))
        self.query_one("#confirm-answers", Static).update(answers)

    def action_answer(self, answer: bool) -> None:
        """Yes or no."""
        self.dismiss(answer)
