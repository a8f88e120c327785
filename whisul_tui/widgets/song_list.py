"""The songs around the one that is shown: where one is, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.formatting import age, clock
from whisul_tui.widgets.cells import fit


class SongList(Widget):
    """As many songs as there are lines, the shown one marked and kept off the edges; a click posts `Chosen`."""

    COMPONENT_CLASSES = {f"song-list--{part}" for part in ("row", "here", "quiet")}

    @dataclass
    class Chosen(Message):
        """A song was clicked."""

        number: int

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._songs: tuple[Job, ...] = ()
        self._here: int | None = None

    def window(self, place: int, total: int) -> tuple[int, int]:
        """Offset and limit of the songs to show, with the one at `place` near the middle."""
        lines = max(1, self.size.height)
        return max(0, min(place - lines // 2, total - lines)), lines

    def show(self, songs: Sequence[Job], here: int | None) -> None:
        """Shows these songs; `here` is the number of the one that the card shows."""
        if (tuple(songs), here) != (self._songs, self._here):
            self._songs, self._here = tuple(songs), here
            self.refresh()

    def render(self) -> Text:
        return Text("\n", no_wrap=True).join([self._line(job) for job in self._songs])

    def _line(self, job: Job) -> Text:
        here, unicode = job.number == self._here, self._desk.unicode
        length = clock(job.song.seconds) if job.song else "-"
        tail = f"  {length:>5}  {age(job.finished_at, self._desk.now()):>3} "
        star = ("★" if unicode else "*") if job.starred else " "
        mark = ("▸" if unicode else ">") if here else " "
        name = fit(job.name, max(4, self.size.width - len(tail) - 5), unicode=unicode)
        style = self._style("here" if here else "row")
        return Text.assemble(
            (f" {mark} {name}", style), (f" {star}", style), (tail, self._style("here" if here else "quiet")), end=""
        )

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if 0 <= event.y < len(self._songs):
            self.post_message(self.Chosen(self._songs[event.y].number))

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"song-list--{part}", partial=True)
