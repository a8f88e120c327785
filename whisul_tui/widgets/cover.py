"""The cover of a song, by whichever way the terminal shows pictures, or words in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.color import Color
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets._toast import Toast

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.widgets.cells import wrap

if TYPE_CHECKING:
    from whisul_tui.listening.pictures import Picture

_HALF = "▀"
_ROOM = (24, 12)  # the smaller of the sheet's sizes


class Cover(Widget):
    """Half blocks are text like any other. Pixels are painted by the terminal over blanks, each time these were drawn:
    whatever is drawn there later takes them away, and while a sheet or toast lies over them they are not painted."""

    COMPONENT_CLASSES = {"cover--label"}

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._job: Job | None = None
        self._picture: Picture | None = None
        self._painted: Picture | None = None

    def show(self, job: Job | None, *, has_room: bool) -> None:
        """Shows this job's cover, or nothing where the screen has no room for it."""
        self._job = job if has_room else None
        columns, rows = self.content_size
        room = (columns, rows) if columns and rows else _ROOM  # while it is hidden, it has no size
        picture = self._desk.art.look(self._job, *room) if self._job is not None else None
        self.display = picture is not None
        if picture != self._picture:
            self._erase()
            self._picture = picture
            self.refresh()

    def render(self) -> Text:
        picture = self._picture
        if picture is None or picture.draw:
            return Text("")
        if not picture.cells:
            return self._label(picture.label)
        return Text("\n", no_wrap=True).join(
            Text.assemble(
                *((_HALF, Style(color=Color.from_rgb(*top), bgcolor=Color.from_rgb(*low))) for top, low in row)
            )
            for row in picture.cells
        )

    def render_lines(self, crop: Region) -> list[Strip]:
        """The blanks are about to be drawn: the picture goes over them after that."""
        if self._picture is not None and self._picture.draw:
            self.call_after_refresh(self._paint)
        return super().render_lines(crop)

    def on_resize(self, _: events.Resize) -> None:
        self._erase()
        self.show(self._job, has_room=True)

    def on_unmount(self) -> None:
        self._erase()

    def left(self) -> None:
        """Another screen has come in front."""
        self._erase()

    def _label(self, words: str) -> Text:
        width, height = max(1, self.size.width), self.size.height
        lines = [line.center(width) for line in wrap(words, max(1, width - 2))]
        above = max(0, (height - len(lines)) // 2)
        return Text("\n" * above + "\n".join(lines), self.get_component_rich_style("cover--label", partial=True))

    def _paint(self) -> None:
        picture, region = self._picture, self.content_region
        if picture is None or not picture.draw or self.app.screen is not self.screen or not self.display:
            return
        if any(toast.region.overlaps(region) for toast in self.screen.query(Toast)):
            return  # it is drawn anew when the toast has gone
        if self.screen.region.contains_region(region):
            self._painted = picture
            self._desk.art.paint(picture, region.x, region.y)

    def _erase(self) -> None:
        painted, self._painted = self._painted, None
        if painted is not None:
            self._desk.art.erase(painted)
