"""Which columns the jobs table has, in which order and how wide, seen at once in the table beneath."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from whisul_tui.keymap import bindings, first_key
from whisul_tui.screens.dialog import Dialog
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.choice_list import ChoiceList
from whisul_tui.widgets.job_columns import KINDS, NARROWEST, USUAL, WIDEST, Layout, columns_for


class ColumnsScreen(Dialog[bool]):
    """The columns that are shown stand first, in their order; `choose` hears of every change (None: the usual ones)."""

    CSS_PATH = sheets("asking")
    BINDINGS = bindings("columns")
    AUTO_FOCUS = "ChoiceList"

    def __init__(self, layout: Layout | None, table_width: int, choose: Callable[[Layout | None], None]) -> None:
        super().__init__()
        self._usual = tuple((column.name, column.width) for column in columns_for(table_width).figures)
        self._usual = tuple(item for item in self._usual if item[0] in KINDS) or USUAL
        self._layout = list(self._usual if layout is None else layout)
        self._table_width = table_width
        self._choose = choose

    def compose(self) -> ComposeResult:
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        names = ("show", "earlier", "later", "narrower", "wider", "reset")
        show, earlier, later, narrower, wider, reset = (first_key(f"columns.{name}", keymap) for name in names)
        with Vertical() as box:
            box.border_title = "Columns"
            box.border_subtitle = Content(f"{first_key('columns.close', keymap)} closes")
            yield ChoiceList(compact=True)
            yield Static("", classes="known", markup=False)
            told = f"{show} show or hide  {earlier} {later} move  {narrower} {wider} width  {reset} the usual ones"
            yield Static(told, classes="keys", markup=False)

    def on_mount(self) -> None:
        self._fill(0)

    def _names(self) -> list[str]:
        shown = [name for name, _ in self._layout]
        return shown + [name for name in KINDS if name not in shown]

    def _fill(self, at: int) -> None:
        sizes = dict(self._layout)
        there = {column.name for column in columns_for(self._table_width, tuple(self._layout)).figures}
        lines = []
        for name in self._names():
            kind, size = KINDS[name], sizes.get(name)
            mark = "[x]" if name in there else "[ ]" if size is None else "[-]"
            width = f"{size:>3}" if size is not None else "   "
            lines.append(Option(Text(f"{mark} {name:<8}{width}  {kind.told}", no_wrap=True, end="")))
        choices = self.query_one(ChoiceList)
        choices.set_options(lines)
        choices.highlighted = at
        left_out = [name for name, _ in self._layout if name not in there]
        told = f"No room at this width, so not shown now: {', '.join(left_out)}" if left_out else ""
        self.query_one(".known", Static).update(told)

    @property
    def _at(self) -> int:
        return self.query_one(ChoiceList).highlighted or 0

    def _changed(self, at: int) -> None:
        layout = tuple(self._layout)
        self._choose(None if layout == self._usual else layout)
        self._fill(at)

    def action_move(self, step: int) -> None:
        """To another line."""
        self.query_one(ChoiceList).highlighted = max(0, min(len(KINDS) - 1, self._at + step))

    def action_show(self) -> None:
        """Shows the column, after those that are shown, or hides it; the choice stays on it."""
        name = self._names()[self._at]
        if any(name == other for other, _ in self._layout):
            self._layout = [(other, size) for other, size in self._layout if other != name]
        else:
            self._layout.append((name, KINDS[name].width))
        self._changed(self._names().index(name))

    def on_option_list_option_selected(self, event: ChoiceList.OptionSelected) -> None:
        event.stop()
        self.action_show()

    def action_shift(self, step: int) -> None:
        """Moves a shown column one place to the left or right."""
        at, to = self._at, self._at + step
        if max(at, to) < len(self._layout) and to >= 0:
            self._layout[at], self._layout[to] = self._layout[to], self._layout[at]
            self._changed(to)

    def action_resize(self, step: int) -> None:
        """A shown column gets narrower or wider by a cell."""
        if self._at < len(self._layout):
            name, size = self._layout[self._at]
            self._layout[self._at] = (name, min(max(size + step, NARROWEST), WIDEST))
            self._changed(self._at)

    def action_reset(self) -> None:
        """The usual columns again."""
        self._layout = list(self._usual)
        self._choose(None)
        self._fill(0)

    def action_close(self) -> None:
        """Done."""
        self.dismiss(True)
