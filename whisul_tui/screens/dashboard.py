"""The dashboard: what an account has done, day by day."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from whisul_tui.desk import Desk
from whisul_tui.keymap import bindings, first_key
from whisul_tui.screens.dialog import Dialog
from whisul_tui.storage import StoreError
from whisul_tui.storage.figures import figures
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.dashboard_lines import Line, dashboard_lines

_PARTS = ("head", "value", "quiet", "late", "spark")
_MOST_DAYS, _OTHER_LINES = 14, 15  # lines of the screen that are no days


class DashboardScreen(Dialog[None]):
    """Figures of the moment when it was opened: it has no timer, r looks again."""

    CSS_PATH = sheets("asking")
    BINDINGS = bindings("dashboard")
    COMPONENT_CLASSES = {f"dashboard--{part}" for part in _PARTS}

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        look, close = (first_key(f"dashboard.{name}", keymap) for name in ("look", "close"))
        with VerticalScroll(can_focus=False) as box:
            box.border_title = Content(f"Dashboard of {self._desk.session.account}")
            box.border_subtitle = Content(f"{look} looks again  {close} closes")
            yield Static(markup=False)

    def on_mount(self) -> None:
        self.action_look()

    def on_resize(self) -> None:
        self.action_look()

    def notify_style_update(self) -> None:
        """Another theme: its colours."""
        super().notify_style_update()
        if self.is_mounted:
            self.call_later(self.action_look)

    def action_look(self) -> None:
        """Reads the figures anew."""
        session, shown = self._desk.session, self.query_one(Static)
        days = max(3, min(_MOST_DAYS, self.app.size.height - _OTHER_LINES))
        width = shown.size.width or 66
        try:
            told = figures(session.database, session.account, now=self._desk.now(), days=days)
            lines = dashboard_lines(
                told,
                session.store.counts(),
                session.store.usual_seconds(session.account),
                width,
                unicode=self._desk.unicode,
            )
        except StoreError as error:
            lines = [[(str(error), "late")]]
        shown.update(Text("\n").join(self._line(line) for line in lines))

    def _line(self, line: Line) -> Text:
        style = {part: self.get_component_rich_style(f"dashboard--{part}", partial=True) for part in _PARTS}
        return Text.assemble(*((text, style[part]) for text, part in line), no_wrap=True, end="")

    def action_scroll_by(self, lines: int) -> None:
        """Up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Away with it."""
        self.dismiss(None)
