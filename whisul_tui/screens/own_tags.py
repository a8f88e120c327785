"""Own tags and a note, for one job or for the marked ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from whisul_tui.domain import Job
from whisul_tui.domain.own_tags import read_tags
from whisul_tui.formatting import counted
from whisul_tui.keymap import bindings, first_key
from whisul_tui.screens.dialog import Dialog
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.note_editor import NoteEditor
from whisul_tui.widgets.tag_suggester import TagSuggester


@dataclass(frozen=True, slots=True)
class Said:
    """What was said: tags to add, tags to take off, and the note (None: as it was)."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    note: str | None


class OwnTagsScreen(Dialog[Said | None]):
    """What all of the jobs have stands in the field: what is taken out of it is taken off, the rest is added."""

    CSS_PATH = sheets("asking")
    BINDINGS = [b for b in bindings("own_tags") if getattr(b, "id", "") == "own_tags.close"]
    AUTO_FOCUS = "Input"

    def __init__(self, jobs: Sequence[Job], known: Mapping[str, int]) -> None:
        super().__init__()
        self._jobs = tuple(jobs)
        self._known = dict(known)
        self._common = tuple(tag for tag in jobs[0].own_tags if all(tag in job.own_tags for job in jobs))

    def compose(self) -> ComposeResult:
        one = self._jobs[0] if len(self._jobs) == 1 else None
        with Vertical() as box:
            box.border_title = Content("Own tags and note" if one else f"Own tags of {counted(len(self._jobs), 'job')}")
            box.border_subtitle = Content(self._keys(bool(one)))
            if one:
                yield Static(" ".join(one.name.split()), classes="question", markup=False)
            told = "Tags, between commas" if one else "Tags that all of them have, between commas; -tag takes one off"
            yield Static(told, classes="label", markup=False)
            yield Input(
                ", ".join(self._common),
                placeholder="demo, for Anna",
                suggester=TagSuggester(self._known),
                max_length=1000,
                select_on_focus=False,
                compact=True,
            )
            yield Static(self._known_words(""), classes="known", markup=False)
            if one:
                yield Static("Note", classes="label", markup=False)
                yield NoteEditor(one.note or "")

    def _keys(self, has_note: bool) -> str:
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        keep, line, close = (first_key(f"own_tags.{name}", keymap) for name in ("keep", "newline", "close"))
        note = f"  tab the note, {line} new line" if has_note else ""
        return f"{keep} keeps{note}  {close} closes"

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(".known", Static).update(self._known_words(event.value.rpartition(",")[2]))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._keep()

    def on_note_editor_kept(self, event: NoteEditor.Kept) -> None:
        event.stop()
        self._keep()

    def _keep(self) -> None:
        add, remove = read_tags(self.query_one(Input).value)
        wanted = {tag.casefold() for tag in add}
        gone = tuple(tag for tag in self._common if tag.casefold() not in wanted)
        notes = self.query(NoteEditor)
        self.dismiss(Said(add, (*remove, *gone), notes.first().text if notes else None))

    def action_close(self) -> None:
        """Away with it, nothing changed."""
        self.dismiss(None)

    def _known_words(self, begun: str) -> str:
        letters = begun.strip().removeprefix("-").casefold()
        fitting = [tag for tag in self._known if tag.casefold().startswith(letters)] or list(self._known)
        if not fitting:
            return "No tags yet: what you write here is found by tag:word and by /word."
        return "Known: " + ", ".join(f"{tag} ({self._known[tag]:,})" for tag in fitting[:12])
