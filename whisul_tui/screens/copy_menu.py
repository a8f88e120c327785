"""What of a job can be copied: a menu of link, cover link, id, prompt and JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from whisul_tui.domain import Job
from whisul_tui.formatting import job_document
from whisul_tui.key_words import named
from whisul_tui.keymap import KEYS, bindings, keys_in_force, show_key
from whisul_tui.screens.dialog import Dialog
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.cells import cut


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the menu: the id of its key, what a toast calls it, and the text; no text: there is none to copy."""

    id: str
    what: str
    text: str


def choices(job: Job) -> tuple[Choice, ...]:
    """What can be copied of a job, in the order of the menu."""
    song = job.song
    return (
        Choice("copy.link", "song link", (song and song.song_url) or ""),
        Choice("copy.cover", "cover link", (song and song.image_url) or ""),
        Choice("copy.id", "job id", job.job_id or ""),
        Choice("copy.prompt", "prompt", job.prompt),
        Choice("copy.object", "JSON object", json.dumps(job_document(job), ensure_ascii=False, indent=2)),
    )


class CopyMenu(Dialog[Choice | None]):
    """A letter copies at once; j k and Enter choose as in a list; escape copies nothing."""

    CSS_PATH = sheets("jobs")
    BINDINGS = bindings("copy")

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._choices = choices(job)
        self._at = next(number for number, choice in enumerate(self._choices) if choice.text)

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Copy"
            yield MenuLines()
            yield Static(named(self, "{copy.choose} copies   {copy.close} closes"), classes="answers", markup=False)

    def on_mount(self) -> None:
        self._show()

    def action_move(self, step: int) -> None:
        """To the next line that can be copied."""
        count = len(self._choices)
        places = [(self._at + step * n) % count for n in range(1, count + 1)]
        self._at = next(place for place in places if self._choices[place].text)
        self._show()

    def action_pick(self, name: str) -> None:
        """Copies the line of a key, where there is something to copy."""
        choice = next(choice for choice in self._choices if choice.id == name)
        if choice.text:
            self.dismiss(choice)
        else:
            self.notify(f"This job has no {choice.what}.", markup=False)

    def action_choose(self) -> None:
        """Copies the marked line."""
        self.dismiss(self._choices[self._at])

    def action_close(self) -> None:
        """Copies nothing."""
        self.dismiss(None)

    def _show(self) -> None:
        self.query_one(MenuLines).show(self._choices, self._at)


class MenuLines(Widget):
    """The menu's lines, the chosen one marked."""

    COMPONENT_CLASSES = {"menu-lines--key", "menu-lines--what", "menu-lines--text", "menu-lines--absent"}

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Choice, ...] = ()
        self._at = 0

    def show(self, lines: tuple[Choice, ...], at: int) -> None:
        """Shows these lines with the cursor on one of them."""
        self._lines, self._at = lines, at
        self.styles.height = len(lines)
        self.refresh()

    def render(self) -> Text:
        lines = [self._line(choice, number == self._at) for number, choice in enumerate(self._lines)]
        return Text("\n", no_wrap=True).join(lines)

    def _key(self, choice: Choice) -> str:
        return show_key(keys_in_force(KEYS[choice.id], getattr(self.app, "_keymap", {}))[0])

    def _line(self, choice: Choice, here: bool) -> Text:
        style = {part: self.get_component_rich_style(f"menu-lines--{part}", partial=True) for part in
                 ("key", "what", "text", "absent")}  # fmt: skip
        line = Text(" > " if here else "   ", no_wrap=True, end="")
        line.append(self._key(choice), style["key"]).append(
            f"  {choice.what:<12}", style["what" if choice.text else "absent"]
        )
        room = max(0, self.size.width - line.cell_len - 1)
        shown = cut(" ".join(choice.text[:400].split()), room) if choice.text else "none"
        line.append(shown, style["text" if choice.text else "absent"])
        if here:
            line.stylize("bold")
        return line
