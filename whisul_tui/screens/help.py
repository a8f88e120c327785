"""All keys, as the keymap has them, those of the user's own included."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from whisul_tui.keymap import ROOMS, bindings, first_key, keys_in_force, keys_of, show_key
from whisul_tui.screens.dialog import Dialog

_FIRST = {
    "write": ("write", "everywhere", "history"),
    "jobs": ("jobs", "job", "list", "everywhere"),
    "listen": ("listen", "job", "everywhere", "sheet"),
    "setup": ("setup", "everywhere"),
}


class HelpScreen(Dialog[None]):
    """The keys of every room, those that act where the user came from first."""

    BINDINGS = bindings("help")
    COMPONENT_CLASSES = {"help--room", "help--key", "help--word"}

    def __init__(self, room: str, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._room = room
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help-box", can_focus=False) as box:
            box.border_title = "Keys"
            down, up, close = (first_key(f"help.{name}", self._keymap) for name in ("down", "up", "close"))
            box.border_subtitle = Content(f"{down} {up} scroll  {close} close")
            yield Static(id="help-text", markup=False)

    def on_mount(self) -> None:
        self.query_one("#help-text", Static).update(self._text())

    @property
    def _box(self) -> VerticalScroll:
        return self.query_one("#help-box", VerticalScroll)

    def action_scroll(self, lines: int) -> None:
        """Some lines down, or up."""
        self._box.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """A page down, or up."""
        self._box.scroll_relative(y=pages * max(1, self._box.size.height - 1), animate=False)

    def action_top(self) -> None:
        """To the first key."""
        self._box.scroll_home(animate=False)

    def action_bottom(self) -> None:
        """To the last key."""
        self._box.scroll_end(animate=False)

    def action_close(self) -> None:
        """Away with it."""
        self.dismiss()

    def _text(self) -> Text:
        first = _FIRST.get(self._room, ())
        room_style, key_style, word_style = (
            self.get_component_rich_style(f"help--{part}", partial=True) for part in ("room", "key", "word")
        )
        text = Text()
        for room in [*first, *(room for room in ROOMS if room not in first)]:
            text.append(f"{ROOMS[room]}\n", room_style)
            for key in keys_of(room):
                shown = " ".join(show_key(name) for name in keys_in_force(key, self._keymap))
                text.append(f"  {shown or '(palette)':<17}", key_style).append(f"{key.help}\n", word_style)
            text.append("\n")
        text.rstrip()
        return text
