"""Filters under names: taken, kept, renamed, deleted."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from whisul_tui.desk import Desk
from whisul_tui.domain.saved_filter import SavedFilter, is_filter_name, read_filter_text, write_filter
from whisul_tui.keymap import bindings, first_key
from whisul_tui.screens.dialog import Dialog
from whisul_tui.storage import StoreError
from whisul_tui.storage.windows import Sort
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.cells import fit
from whisul_tui.widgets.choice_list import ChoiceList
from whisul_tui.widgets.job_columns import SORT_WORDS

KIND = "filter"
_NAME_WIDTH = 16


class SavedFiltersScreen(Dialog[SavedFilter | None]):
    """Enter takes the chosen filter; `present` is what the table shows now, to be kept under a name."""

    CSS_PATH = sheets("asking")
    BINDINGS = bindings("filters")
    AUTO_FOCUS = "ChoiceList"

    def __init__(self, desk: Desk, present: SavedFilter) -> None:
        super().__init__()
        self._kept = desk.session.store.kept
        self._now = desk.now
        self._present = present
        self._renamed: str | None = None  # whose new name is asked for; None: a name for the present filter
        self._deleted: tuple[str, str] | None = None
        self._saved: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Saved filters"
            box.border_subtitle = Content(self._keys())
            yield ChoiceList(compact=True)
            yield Static("", classes="known", markup=False)
            yield Input(
                placeholder="a name: letters, figures, . _ -", max_length=40, compact=True, select_on_focus=False
            )
            yield Static("", classes="problem", markup=False)

    def _keys(self) -> str:
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        names = ("save", "rename", "delete", "undo", "close")
        save, rename, delete, undo, close = (first_key(f"filters.{name}", keymap) for name in names)
        return f"enter takes  {save} save this  {rename} rename  {delete} delete  {undo} undo  {close} closes"

    def on_mount(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        field.display = False
        self._fill(0)

    def _fill(self, at: int) -> None:
        self._saved = {name: text for name, text in self._kept.texts(KIND).items() if read_filter_text(text)}
        choices = self.query_one(ChoiceList)
        lines = []
        for name, text in self._saved.items():
            saved = read_filter_text(text) or SavedFilter("")
            lines.append(Option(Text(f"@{fit(name, _NAME_WIDTH)}  {told(saved)}", no_wrap=True, end="")))
        choices.set_options(lines)
        if lines:
            choices.highlighted = min(at, len(lines) - 1)
        present = f"Shown now: {told(self._present)}"
        self.query_one(".known", Static).update(present if lines else f"No filter is saved yet.\n{present}")

    def _chosen(self) -> str | None:
        at = self.query_one(ChoiceList).highlighted
        return list(self._saved)[at] if at is not None and at < len(self._saved) else None

    def _ask(self, renamed: str | None, text: str) -> None:
        self._renamed = renamed
        field = self.query_one(Input)
        field.display = True
        field.value = text
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(".problem", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps the present filter under the name, or gives the chosen one that name."""
        event.stop()
        name = event.value.strip().removeprefix("@")
        problem = ""
        if not is_filter_name(name):
            problem = "A name has letters, figures, . _ and - alone."
        elif name in self._saved and name != self._renamed:
            problem = "There is a filter of that name; rename or delete it first."
        else:
            problem = self._write(name)
        self.query_one(".problem", Static).update(problem)
        if not problem:
            self._close_field()
            self._fill(0)
            if name in self._saved:
                self.query_one(ChoiceList).highlighted = list(self._saved).index(name)

    def _write(self, name: str) -> str:
        try:
            if self._renamed is None:
                self._kept.put(KIND, name, write_filter(self._present), self._now().timestamp())
            elif name != self._renamed:
                self._kept.rename(KIND, self._renamed, name)
        except StoreError as error:
            return str(error)
        return ""

    def _close_field(self) -> None:
        self.query_one(Input).display = False
        self.query_one(ChoiceList).focus()

    def on_option_list_option_selected(self, event: ChoiceList.OptionSelected) -> None:
        event.stop()
        if (name := self._chosen()) is not None:
            self.dismiss(read_filter_text(self._saved[name]))

    def action_move(self, step: int) -> None:
        """To another line."""
        choices = self.query_one(ChoiceList)
        choices.action_cursor_down() if step > 0 else choices.action_cursor_up()

    def action_save(self) -> None:
        """Asks for a name for what the table shows now."""
        self._ask(None, "")

    def action_rename(self) -> None:
        """Asks for another name."""
        if (name := self._chosen()) is not None:
            self._ask(name, name)

    def action_delete(self) -> None:
        """Away with the chosen one; u brings it back."""
        name = self._chosen()
        if name is None:
            return
        self._deleted = name, self._saved[name]
        at = list(self._saved).index(name)
        self._kept.drop(KIND, name)
        self._fill(at)

    def action_undo(self) -> None:
        """Brings back what was deleted last."""
        if self._deleted is not None:
            name, text = self._deleted
            self._deleted = None
            self._kept.put(KIND, name, text, self._now().timestamp())
            self._fill(0)

    def action_close(self) -> None:
        """Closes the field of the name, else the screen."""
        if self.query_one(Input).display:
            self._close_field()
        else:
            self.dismiss(None)


def told(saved: SavedFilter) -> str:
    """What a filter shows, in one line."""
    words = [saved.search or "all jobs"]
    words += ["failed only"] if saved.failed_only else []
    if saved.order != Sort.NEWEST and saved.order in list(Sort):
        words.append(SORT_WORDS[Sort(saved.order)])
    return ", ".join(words)
