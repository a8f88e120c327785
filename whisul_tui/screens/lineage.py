"""Lineage: the tree of jobs that come from each other, and what has changed from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from whisul_tui.domain import Job
from whisul_tui.domain.word_diff import Change, song_changes, word_diff
from whisul_tui.formatting import clock, glyph, tempo
from whisul_tui.keymap import bindings
from whisul_tui.screens.dialog import Dialog
from whisul_tui.storage.kinship import MOST_KIN, Kin
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.cells import cut
from whisul_tui.widgets.choice_list import ChoiceList
from whisul_tui.widgets.hints import subtitle

_DEEPEST_SHOWN = 12


class LineageScreen(Dialog[Job | None]):
    """Shows the tree with the cursor on the job in hand, and below it the way from its parent; Enter gives a job."""

    CSS_PATH = sheets("composing")
    BINDINGS = bindings("lineage")
    AUTO_FOCUS = "ChoiceList"
    COMPONENT_CLASSES = {
        "lineage-screen--same",
        "lineage-screen--in",
        "lineage-screen--out",
        "lineage-screen--quiet",
        "lineage-screen--here",
    }

    def __init__(self, kin: Sequence[Kin], number: int, *, unicode: bool = True) -> None:
        super().__init__()
        self._kin = list(kin)
        self._by_number = {one.job.number: one.job for one in kin}
        self._number = number
        self._unicode = unicode

    def compose(self) -> ComposeResult:
        with Vertical(id="lineage-box") as box:
            many = f"the first {MOST_KIN} jobs" if len(self._kin) >= MOST_KIN else f"{len(self._kin)} jobs"
            box.border_title = Content(f"Lineage: {many}" if len(self._kin) != 1 else "Lineage: nothing came of it yet")
            box.border_subtitle = Content(subtitle(("lineage.open", "lineage.close"), getattr(self.app, "_keymap", {})))
            yield ChoiceList(compact=True)
            yield Static("", id="lineage-change", markup=False)

    def on_mount(self) -> None:
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        tree = self.query_one(ChoiceList)
        at = tree.highlighted
        if at is None:
            at = next((place for place, one in enumerate(self._kin) if one.job.number == self._number), 0)
        width = max(20, tree.scrollable_content_region.width - 2)
        tree.set_options([Option(self._row(place, width)) for place in range(len(self._kin))])
        tree.highlighted = at

    def _row(self, place: int, width: int) -> Text:
        one, job = self._kin[place], self._kin[place].job
        bend, line = ("└ ", "  ") if self._unicode else ("` ", "  ")
        depth = min(one.depth, _DEEPEST_SHOWN)
        head = line * (depth - 1) + (bend if depth else "")
        sign = f"{glyph(job.state, unicode=self._unicode)} "
        figures = "  ".join(
            filter(
                None,
                (
                    ("≡" if self._unicode else "=") if job.family is not None else "",
                    f"{tempo(job.song.bpm)} bpm" if job.song and job.song.bpm is not None else "",
                    clock(job.song.seconds) if job.song and job.song.seconds is not None else "",
                ),
            )
        )
        here = ("◂ here" if self._unicode else "< here") if job.number == self._number else ""
        tail = "  ".join(part for part in (figures, here) if part)
        room = max(8, width - len(head) - 2 - len(tail) - 2)
        name = cut(" ".join(job.prompt[:400].split()), room, unicode=self._unicode)
        text = Text.assemble((head, self._style("quiet")), sign, name, no_wrap=True, end="")
        text.append(" " * max(2, width - text.cell_len - len(tail)))
        return text.append(figures, self._style("quiet")).append(f"  {here}" if here and figures else here)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """What has changed from the parent, or, among those of one prompt, from the job in hand."""
        event.stop()
        job = self._kin[event.option_index].job
        before = self._by_number.get(job.parent or 0)
        words = "from the one above"
        here = self._by_number.get(self._number)
        if before is None and here is not None and here is not job and here.family == job.family is not None:
            before, words = here, "from the one in hand"
        told = Text()
        if before is None:
            told.append("It was written anew: nothing came before it.", self._style("quiet"))
        elif before.prompt == job.prompt:
            told.append(f"The same prompt, {words}.", self._style("quiet"))
        else:
            for change, text in word_diff(before.prompt, job.prompt):
                shown = f"[-{text}-]" if change is Change.OUT else f"{{+{text}+}}" if change is Change.IN else text
                told.append(shown, self._style(str(change)))
        if before is not None and (changes := song_changes(before, job)):
            told.append("\n" + "   ".join(changes), self._style("quiet"))
        self.query_one("#lineage-change", Static).update(told)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Closes with the job."""
        event.stop()
        self.dismiss(self._kin[event.option_index].job)

    def action_open(self) -> None:
        """Opens the job under the cursor."""
        at = self.query_one(ChoiceList).highlighted
        if at is not None:
            self.dismiss(self._kin[at].job)

    def action_move(self, step: int) -> None:
        """Down, or up."""
        tree = self.query_one(ChoiceList)
        tree.action_cursor_down() if step > 0 else tree.action_cursor_up()

    def action_close(self) -> None:
        """Away with it."""
        self.dismiss(None)

    def _style(self, part: str) -> str:
        return str(self.get_component_rich_style(f"lineage-screen--{part}", partial=True))
