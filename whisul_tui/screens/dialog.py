"""A dialog that closes once: what is asked of it after it has closed, or while another one lies over it, is nothing."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """Textual takes away whichever screen is on top: with Enter and escape in one breath the one below too."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Closes with the result, if this is the screen that is seen."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
