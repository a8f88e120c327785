"""Earlier prompts, newest first, each with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from whisul_tui.desk import Desk
from whisul_tui.domain import JobState
from whisul_tui.formatting import age, counted, glyph

if TYPE_CHECKING:
    from whisul_tui.storage.drafts import PastPrompt


class PastPrompts(OptionList):
    """A list to choose a prompt from; posts `Chosen`."""

    BINDINGS = [
        Binding("j", "cursor_down", "Down", show=False, id="past.down"),
        Binding("k", "cursor_up", "Up", show=False, id="past.up"),
        Binding("g", "first", "First", show=False, id="past.first"),
        Binding("G", "last", "Last", show=False, id="past.last"),
    ]
    COMPONENT_CLASSES = {
        "past-prompts--quiet",
        "past-prompts--prompt",
        *(f"past-prompts--{state}" for state in JobState),
    }

    @dataclass
    class Chosen(Message):
        """A prompt was chosen."""

        prompt: str

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id, markup=False, compact=True)
        self._desk = desk
        self._prompts: list[PastPrompt] = []

    def show(self, prompts: Sequence[PastPrompt]) -> None:
        """Shows these, the highlighted one kept by its place."""
        self._prompts = list(prompts)
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        place = self.highlighted
        self.set_options([Option(self._row(prompt)) for prompt in self._prompts])
        if self._prompts:
            self.highlighted = min(place or 0, len(self._prompts) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self._prompts[event.option_index].prompt))

    def chosen(self) -> str | None:
        """The highlighted prompt, None where there is none."""
        return None if self.highlighted is None else self._prompts[self.highlighted].prompt

    def _row(self, past: PastPrompt) -> Text:
        width = max(16, self.size.width - 3)
        state = f"{glyph(past.state, unicode=self._desk.unicode)} {past.state}" if past.state else ""
        songs = counted(past.songs, "song") if past.songs else ""
        when = age(past.used_at, self._desk.now())
        wide = width >= 60
        mark = f"  {state:<13}" if wide else ""
        tail = f" {songs:>7} {when:>4}" if wide else f" {when:>4}"
        prompt = Text.assemble((past.prompt.replace("\n", " "), self._style("prompt")))
        prompt.truncate(max(8, width - len(mark) - len(tail)), overflow="ellipsis", pad=True)
        colour = self._style(str(past.state) if past.state else "quiet")
        return Text.assemble(prompt, (mark, colour), (tail, self._style("quiet")), no_wrap=True, end="")

    def _style(self, part: str) -> str:
        return str(self.get_component_rich_style(f"past-prompts--{part}", partial=True))
