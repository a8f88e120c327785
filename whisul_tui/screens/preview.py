"""What is about to be sent, all of it, before anything is: the prompts of an expansion or of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from whisul_tui.formatting import counted
from whisul_tui.keymap import bindings, first_key
from whisul_tui.screens.dialog import Dialog
from whisul_tui.stylesheets import sheets

_MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class SendAll:
    """The user's yes; `at_once`: at most so many with Whisul at a time, None for no limit."""

    at_once: int | None = None


class PreviewScreen(Dialog[SendAll | None]):
    """Lists the prompts; y sends them all, n and escape none, + and - say how many may be with Whisul at a time."""

    CSS_PATH = sheets("composing")
    BINDINGS = bindings("preview")
    COMPONENT_CLASSES = {"preview--key", "preview--word", "preview--number"}

    def __init__(
        self, prompts: Sequence[str], *, at_once: int | None = None, spent: str = "", is_free: bool = False
    ) -> None:
        """`spent` says how the budget stands; `is_free`: they are the local studio's."""
        super().__init__()
        self._prompts = tuple(prompts)
        self._at_once = at_once or 0
        self._spent = spent
        self._is_free = is_free

    def compose(self) -> ComposeResult:
        songs = counted(len(self._prompts), "song")
        with Vertical(id="preview-box") as box:
            cost = (
                "of the local studio, free"
                if self._is_free
                else f"this costs {counted(len(self._prompts), 'submission')}"
            )
            box.border_title = Content(f"{songs}: {cost}")
            with VerticalScroll(can_focus=False):
                yield Static(id="preview-prompts", markup=False)
            yield Static(id="preview-told", markup=False)
            yield Static(id="preview-answers", markup=False)

    def on_mount(self) -> None:
        number, lines = self.get_component_rich_style("preview--number", partial=True), Text()
        width = len(str(len(self._prompts)))
        for place, prompt in enumerate(self._prompts, 1):
            lines.append(f"{place:>{width}}  ", number).append(prompt.replace("\n", "\n" + " " * (width + 2)) + "\n")
        lines.rstrip()
        self.query_one("#preview-prompts", Static).update(lines)
        self._tell()

    def _tell(self) -> None:
        limit = f"at most {self._at_once} with Whisul at a time" if self._at_once else "all at once"
        self.query_one("#preview-told", Static).update(f"{self._spent}{'; ' if self._spent else ''}{limit}")
        key, word = (self.get_component_rich_style(f"preview--{part}", partial=True) for part in ("key", "word"))
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        answers = Text(no_wrap=True)
        for names, words in (
            (("yes",), "send all"),
            (("no",), "leave it"),
            (("fewer", "more"), "how many at a time"),
            (("down", "up"), "scroll"),
        ):
            keys = " ".join(first_key(f"preview.{name}", keymap) for name in names)
            answers.append(keys, key).append(f" {words}   ", word)
        self.query_one("#preview-answers", Static).update(answers)

    def action_answer(self, yes: bool) -> None:
        """Sends all, or leaves it."""
        self.dismiss(SendAll(self._at_once or None) if yes else None)

    def action_at_once(self, step: int) -> None:
        """More at a time, or fewer; below one there is no limit."""
        self._at_once = min(_MOST_AT_ONCE, max(0, self._at_once + step))
        self._tell()

    def action_scroll(self, lines: int) -> None:
        """Some lines down, or up."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """A page down, or up."""
        box = self.query_one(VerticalScroll)
        box.scroll_relative(y=pages * max(1, box.size.height - 1), animate=False)
