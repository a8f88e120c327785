"""What happens with the song: where it sounds, and how far its download is."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from whisul_tui.desk import Desk, Keeping

_PARTS = ("playing", "failed", "quiet", "bar", "rest")


class SongBar(Widget):
    """Up to two lines; nothing while nothing happens."""

    COMPONENT_CLASSES = {f"song-bar--{part}" for part in _PARTS}

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._number: int | None = None

    def show(self, number: int | None) -> None:
        """Shows what happens with this job's song."""
        self._number = number
        lines = self._lines()
        self.display = bool(lines)
        self.styles.height = max(1, len(lines))
        self.refresh()

    def render(self) -> Text:
        return Text("\n", no_wrap=True, overflow="ellipsis").join(self._lines())

    def _lines(self) -> list[Text]:
        hearing = self._desk.hearing
        lines = []
        if self._number is not None and hearing.number == self._number and hearing.sentence:
            part = "failed" if hearing.failed else "playing" if hearing.playing else "quiet"
            sign = "▶ " if self._desk.unicode and hearing.playing else "> " if hearing.playing else ""
            lines.append(Text.assemble((f" {sign}{hearing.sentence}", self._style(part))))
        keeping = self._desk.keeping.get(self._number) if self._number is not None else None
        if keeping is not None:
            lines.append(self._ended(keeping) if keeping.is_over else self._bar(keeping))
        return lines

    def _ended(self, keeping: Keeping) -> Text:
        return Text.assemble((f" {keeping.sentence}", self._style("failed" if keeping.failed else "quiet")))

    def _bar(self, keeping: Keeping) -> Text:
        size = (
            f"{keeping.done / 1e6:.1f} of {keeping.total / 1e6:.1f} MB"
            if keeping.total
            else f"{keeping.done / 1e6:.1f} MB"
        )
        head = f" downloading {keeping.piece}  "
        width = max(10, min(40, self.size.width - len(head) - len(size) - 4))
        full = round(width * min(1.0, keeping.done / keeping.total)) if keeping.total else 0
        signs = ("━", "─") if self._desk.unicode else ("#", "-")
        return Text.assemble(
            (head, self._style("quiet")),
            (signs[0] * full, self._style("bar")),
            (signs[1] * (width - full), self._style("rest")),
            (f"  {size}", self._style("quiet")),
        )

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"song-bar--{part}", partial=True)
