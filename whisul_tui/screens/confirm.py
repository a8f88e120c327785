"""A question before something that costs or cannot be undone."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static


class ConfirmScreen(ModalScreen[bool]):
    """Asks a question; y answers yes, n and escape no, Enter does nothing, so that no key typed ahead spends money."""

    BINDINGS = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes"),
        Binding("n,escape,q", "answer(False)", "No", id="confirm.no"),
    ]

    def __init__(self, question: str, explanation: str, yes: str, no: str = "leave it") -> None:
        super().__init__()
        self._lines = (question, explanation, yes, no)

    def compose(self) -> ComposeResult:
        question, explanation, yes, no = self._lines
        with Vertical():
            yield Static(question, classes="question", markup=False)
            yield Static(explanation, classes="explanation", markup=False)
            yield Static(f"y {yes}    n {no}", classes="answers", markup=False)

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
