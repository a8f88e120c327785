"""Earlier prompts, newest first, each with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from whisul_tui.desk import Desk
from whisul_tui.domain import JobState
from whisul_tui.formatting import age, counted, glyph
from whisul_tui.widgets.cells import fit
from whisul_tui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from whisul_tui.storage.drafts import PastPrompt

_WITH_SONGS, _WITH_STATE = 68, 40  # cells from which on a row has these columns


class PastPrompts(ChoiceList):
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
        super().__init__(id=id, compact=True)
        self._desk = desk
        self._prompts: list[PastPrompt] = []
        self._rows: list[Text] = []

    def show(self, prompts: Sequence[PastPrompt]) -> None:
        """Shows these; the highlight stays on its prompt, and goes to the first where that is gone."""
        before, self._prompts = self.chosen(), list(prompts)
        self._fill(before)

    def on_resize(self) -> None:
        self._fill(self.chosen())

    def notify_style_update(self) -> None:
        """Another theme: the rows are made anew, in its colours."""
        super().notify_style_update()
        if self.is_mounted:
            self.call_later(lambda: self._fill(self.chosen()))

    def _fill(self, prompt: str | None) -> None:
        rows = [self._row(past) for past in self._prompts]
        if rows == self._rows and [row.spans for row in rows] == [row.spans for row in self._rows]:
            return
        self._rows = rows
        self.set_options([Option(row) for row in rows])
        if self._prompts:
            self.highlighted = next((at for at, past in enumerate(self._prompts) if past.prompt == prompt), 0)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self._prompts[event.option_index].prompt))

    def chosen(self) -> str | None:
        """The highlighted prompt, None where there is none."""
        past = self.chosen_one()
        return past.prompt if past else None

    def chosen_one(self) -> PastPrompt | None:
        """The same with all that is known of it."""
        at = self.highlighted
        return self._prompts[at] if at is not None and at < len(self._prompts) else None

    def _row(self, past: PastPrompt) -> Text:
        width = max(16, self.scrollable_content_region.width - 2)
        unicode = self._desk.unicode
        sign = glyph(past.state, unicode=unicode) if past.state else " "
        state = f"  {sign} {past.state or 'taken back':<11}" if width >= _WITH_STATE else f"  {sign}"
        songs = f" {counted(past.songs, 'song') if past.songs else '':>8}" if width >= _WITH_SONGS else ""
        when = f" {age(past.used_at, self._desk.now()):>4}"
        room = max(4, width - len(state) - len(songs) - len(when))
        star = ("★ " if unicode else "* ") if past.starred else ""
        prompt = fit(star + " ".join(past.prompt[:400].split()), room, unicode=unicode)
        return Text.assemble(
            (prompt, self._style("prompt")),
            (state, self._style(str(past.state) if past.state else "quiet")),
            (songs + when, self._style("quiet")),
            no_wrap=True,
            end="",
        )

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"past-prompts--{part}", partial=True)
