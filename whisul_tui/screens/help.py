"""All keys, as the keymap has them, those of the user's own included."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from whisul_tui.keymap import ROOMS, keys_of, show_key


class HelpScreen(ModalScreen[None]):
    """The keys of every room, the one the user came from first."""

    BINDINGS = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "Close", id="help.close"),
        Binding("j,down", "scroll(1)", "Down", id="help.down"),
        Binding("k,up", "scroll(-1)", "Up", id="help.up"),
    ]
    COMPONENT_CLASSES = {"help--room", "help--key", "help--word"}

    def __init__(self, room: str, keymap: dict[str, str]) -> None:
        super().__init__()
        self._room = room
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help-box") as box:
            box.border_title = "Keys"
            box.border_subtitle = "j k scroll  esc close"
            yield Static(id="help-text", markup=False)

    def on_mount(self) -> None:
        self.query_one("#help-text", Static).update(self._text())
        self.query_one("#help-box").focus()

    def action_scroll(self, lines: int) -> None:
        self.query_one("#help-box").scroll_relative(y=lines, animate=False)

    def _text(self) -> Text:
        mine = {"write": ["write"], "jobs": ["jobs", "job", "list"], "listen": ["listen", "job"]}.get(self._room, [])
        text = Text()
        for room in [*mine, *(room for room in ROOMS if room not in mine)]:
            text.append(f"{ROOMS[room]}\n", self.get_component_rich_style("help--room", partial=True))
            for key in keys_of(room):
                shown = " ".join(show_key(name.strip()) for name in self._keymap.get(key.id, key.keys).split(","))
                text.append(f"  {shown:<14}", self.get_component_rich_style("help--key", partial=True))
                text.append(f"{key.help}\n", self.get_component_rich_style("help--word", partial=True))
            text.append("\n")
        text.rstrip()
        return text
