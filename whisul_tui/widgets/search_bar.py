"""The line below the table: search words while they are typed and while they are kept, filters, marks, how many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from whisul_tui.key_words import named
from whisul_tui.widgets.filter_suggester import FilterSuggester


class Shown(NamedTuple):
    """What the line tells: `rows` of `total` jobs are shown (`is_whole`: these are all matches), in `order`.

    `problem`: what of the search was not understood.
    """

    rows: int = 0
    total: int = 0
    is_whole: bool = True
    search: str = ""
    failed_only: bool = False
    marks: int = 0
    order: str = ""
    problem: str = ""


class SearchBar(Widget):
    """Shows what the table shows; `/` opens its field, which searches with every letter."""

    class Searched(Message):
        """The words have become others; `text` is what is to be found now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Kept(Message):
        """Enter was pressed: the search stays, the field closes."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: str | None = None
        self._field: Input | None = None

    def compose(self) -> ComposeResult:
        yield Static("/", id="search-sign", markup=False)
        yield ShownLine()

    @property
    def is_typing(self) -> bool:
        """Whether the field is open."""
        return self._field is not None

    def show(self, shown: Shown) -> None:
        """Tells something else."""
        self.query_one(ShownLine).show(shown)

    async def open(self, text: str, tags: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        """Opens the field on these words; known `tags` and `names` of saved filters complete what is typed."""
        if not self.is_typing:
            # Its own keys stay as they are; cursor_blink would send bytes twice a second.
            field = Input(
                text,
                placeholder='words, "a phrase", -without, tag: state: bpm:80..95 since:7d',
                suggester=FilterSuggester(tags, names),
                compact=True,
                select_on_focus=False,
            )
            field.cursor_blink = False
            self.add_class("-typing")
            mounting, self._field = self.mount(field, before=1), field
            await mounting
            self.query_one(ShownLine).refresh()
        # At once, where `focus()` would be later: the next letter must find the field.
        self.screen.set_focus(self.query_one(Input))

    def type(self, letter: str) -> None:
        """A letter for the field that had been sent elsewhere before the field was open."""
        self.query_one(Input).insert_text_at_cursor(letter)

    async def close(self) -> None:
        """Closes the field."""
        self.remove_class("-typing")
        await self.query(Input).remove()
        self._field = None
        self.query_one(ShownLine).refresh()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Letters that came together become one search: it is asked for when no more of them wait."""
        event.stop()
        if self._waiting is None:
            self.call_later(self._search)
        self._waiting = event.value

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._waiting is not None:
            self._search()
        self.post_message(self.Kept())

    def _search(self) -> None:
        if self._waiting is not None:
            text, self._waiting = self._waiting, None
            self.post_message(self.Searched(text))


class ShownLine(Widget):
    """The words of the line."""

    COMPONENT_CLASSES = {
        "shown-line--problem",
        "shown-line--search",
        "shown-line--filter",
        "shown-line--marks",
        "shown-line--quiet",
    }

    def __init__(self) -> None:
        super().__init__()
        self._shown = Shown()

    def show(self, shown: Shown) -> None:
        """Tells something else."""
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render(self) -> Text:
        shown, quiet = self._shown, self.get_component_rich_style("shown-line--quiet", partial=True)
        typing = isinstance(self.parent, SearchBar) and self.parent.is_typing
        left = Text(" ", no_wrap=True, end="")
        if shown.search and not typing:
            style = self.get_component_rich_style("shown-line--search", partial=True)
            left.append(f"/{' '.join(shown.search.split())}", style).append("  ")
        if shown.failed_only:
            left.append("failed only", self.get_component_rich_style("shown-line--filter", partial=True)).append("  ")
        if shown.marks:
            left.append(f"{shown.marks:,} marked", self.get_component_rich_style("shown-line--marks", partial=True))
        count = _count(shown)
        right = Text(f"{count}  {shown.order} " if count else "", quiet)
        if typing:
            right = Text(f"{named(self, 'enter keeps  {back} clears')}  {count} ", quiet)
        if shown.problem:
            right = Text(f"{shown.problem} ", self.get_component_rich_style("shown-line--problem", partial=True))
        width = self.size.width
        if shown.problem:
            right.truncate(width, overflow="ellipsis")
        elif left.cell_len + right.cell_len + 2 > width:
            right = Text(f"{count} ", quiet)
        left.truncate(max(0, width - right.cell_len - 1), overflow="ellipsis")
        return left.append(" " * max(0, width - left.cell_len - right.cell_len)).append_text(right)


def _count(shown: Shown) -> str:
    if not shown.total:
        return ""
    if shown.search or shown.failed_only:
        return f"{shown.rows:,}{'' if shown.is_whole else '+'} of {shown.total:,} shown"
    return f"{shown.total:,} job{'' if shown.total == 1 else 's'}"
