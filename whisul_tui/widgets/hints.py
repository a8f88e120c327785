"""The bottom line: the keys that matter here, as many as fit, and help at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual.widget import Widget

from whisul_tui.keymap import KEYS, first_key


class Hints(Widget):
    """One line of keys and words for binding ids, dropped from the end where the width does not do."""

    COMPONENT_CLASSES = {"hints--key", "hints--word"}

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__()
        self._ids = tuple(ids)

    def show(self, ids: Sequence[str]) -> None:
        """Shows other keys, where the screen has come into another state."""
        if tuple(ids) != self._ids:
            self._ids = tuple(ids)
            self.refresh()

    def render(self) -> Text:
        width = self.size.width
        help_text = self._part("help")
        if help_text.cell_len + 2 > width:
            help_text = Text()
        line = Text(" ", no_wrap=True, end="")
        for name in self._ids:
            part = self._part(name)
            if not part:
                continue  # the user wants no key for it
            if line.cell_len + part.cell_len + help_text.cell_len + 2 > width:
                break
            line.append_text(part).append("  ")
        line.append(" " * max(0, width - line.cell_len - help_text.cell_len - 1))
        return line.append_text(help_text)

    def _part(self, name: str) -> Text:
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        words = KEYS[name].label or KEYS[name].help.lower()
        key = first_key(name, keymap)
        if not key:
            return Text()
        return Text.assemble(
            (key, self.get_component_rich_style("hints--key", partial=True)),
            (f" {words}", self.get_component_rich_style("hints--word", partial=True)),
        )


def subtitle(ids: Sequence[str], keymap: Mapping[str, str]) -> str:
    """Keys and words for the lower border of a sheet."""
    parts = [(first_key(name, keymap), KEYS[name].label or KEYS[name].help.lower()) for name in ids]
    return "  ".join(f"{key} {word}" for key, word in parts if key)
