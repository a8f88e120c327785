"""Where the shown jobs are exported to: a file whose ending says what kind of export it is."""

from __future__ import annotations

import os
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from whisul_tui.keymap import bindings, first_key
from whisul_tui.screens.dialog import Dialog
from whisul_tui.storage.exporting import Format
from whisul_tui.stylesheets import sheets

_TOLD = {
    Format.JSON: "all that is known; `whisul-tui import` merges it on another host",
    Format.CSV: "for spreadsheets; a cell that would be a formula has a ' before it",
    Format.M3U8: "a playlist of the songs' links",
}


class ExportScreen(Dialog[Path | None]):
    """Asks for the file; gives one that does not exist yet, or None."""

    CSS_PATH = sheets("asking")
    BINDINGS = bindings("export")
    AUTO_FOCUS = "Input"

    def __init__(self, what: str, path: Path) -> None:
        super().__init__()
        self._what = what
        self._path = path

    def compose(self) -> ComposeResult:
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        kind, close = (first_key(f"export.{name}", keymap) for name in ("kind", "close"))
        with Vertical() as box:
            box.border_title = "Export"
            box.border_subtitle = Content(f"enter writes it  {kind} json, csv, m3u8  {close} closes")
            yield Static(self._what, classes="question", markup=False)
            yield Input(str(self._path), max_length=1000, select_on_focus=False, compact=True)
            yield Static("", classes="known", markup=False)
            yield Static("", classes="problem", markup=False)

    def on_mount(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        field.cursor_position = len(field.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        kind = kind_of(event.value)
        told = f"{kind}: {_TOLD[kind]}" if kind else "the ending chooses the kind: .json, .csv or .m3u8"
        self.query_one(".known", Static).update(told)
        self.query_one(".problem", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Closes with the path, or says what is wrong with it."""
        event.stop()
        path = Path(event.value.strip()).expanduser()
        problem = ""
        if kind_of(event.value) is None:
            problem = "The name must end in .json, .csv or .m3u8."
        elif not path.is_absolute():
            problem = "A whole path is wanted: it begins with / or ~."
        elif os.path.lexists(path):
            problem = "There is a file of that name already; nothing is overwritten."
        if problem:
            self.query_one(".problem", Static).update(problem)
        else:
            self.dismiss(path)

    def action_kind(self) -> None:
        """The next kind: the ending becomes another."""
        field, kinds = self.query_one(Input), list(Format)
        kind = kind_of(field.value)
        stem = field.value.rpartition(".")[0] if kind else field.value.rstrip(".")
        field.value = f"{stem}.{kinds[(kinds.index(kind) + 1) % len(kinds)] if kind else kinds[0]}"
        field.cursor_position = len(field.value)

    def action_close(self) -> None:
        """Away with it, nothing written."""
        self.dismiss(None)


def kind_of(path: str) -> Format | None:
    """The kind that a path's ending names."""
    ending = path.strip().rpartition(".")[2].lower()
    return Format(ending) if ending in list(Format) and "." in path else None
