"""What happens with the song: where it sounds, and how far its download is."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from whisul_tui.desk import Desk, Keeping
from whisul_tui.widgets.cells import wrap

_PARTS = ("playing", "failed", "quiet", "bar", "rest")
_MOST = 6  # lines


class SongBar(Widget):
    """A sentence on the sound, a sentence or a bar on the download; nothing while nothing happens."""

    COMPONENT_CLASSES = {f"song-bar--{part}" for part in _PARTS}

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._number: int | None = None
        self._shown: list[Text] = []

    def on_resize(self) -> None:
        self.show(self._number)

    def notify_style_update(self) -> None:
        """Another theme: the lines are made anew, in its colours."""
        super().notify_style_update()
        self._shown = []

    def show(self, number: int | None) -> None:
        """Shows what happens with this job's song."""
        self._number = number
        lines = self._lines()
        if lines != self._shown or [line.spans for line in lines] != [line.spans for line in self._shown]:
            self._shown = lines
            self.display = bool(lines)
            self.styles.height = min(_MOST, max(1, len(lines)))
            self.refresh()

    def render(self) -> Text:
        return Text("\n", no_wrap=True, overflow="ellipsis").join(self._shown or self._lines())

    def _lines(self) -> list[Text]:
        hearing = self._desk.hearing
        lines: list[Text] = []
        if self._number is not None and hearing.number == self._number and hearing.sentence:
            part = "failed" if hearing.failed else "playing" if hearing.playing else "quiet"
            sign = ("▶" if self._desk.unicode else ">") if hearing.playing else ""
            lines += self._sentence(hearing.sentence, part, sign)
        keeping = self._desk.keeping.get(self._number) if self._number is not None else None
        if keeping is not None and keeping.is_over:
            lines += self._sentence(keeping.sentence, "failed" if keeping.failed else "quiet")
        elif keeping is not None:
            lines.append(self._bar(keeping))
        return lines

    def _sentence(self, words: str, part: str, sign: str = "") -> list[Text]:
        sign = sign or {"failed": "!", "quiet": "-"}.get(part, "-")
        width = (self.size.width or 80) - 2
        return [
            Text(f"{'' if number else sign:<2}{line}", self._style(part))
            for number, line in enumerate(wrap(words, max(8, width)))
        ]

    def _bar(self, keeping: Keeping) -> Text:
        done, total = keeping.done / 1e6, (keeping.total or 0) / 1e6
        size = f"{done:.1f} of {total:.1f} MB" if keeping.total else f"{done:.1f} MB"
        unicode = self._desk.unicode
        head = f"{'↓' if unicode else '-'} {keeping.piece:<5}  "
        width = max(4, min(48, (self.size.width or 80) - len(head) - len(size) - 2))
        full = round(width * min(1.0, keeping.done / keeping.total)) if keeping.total else 0
        signs = ("━", "─") if unicode else ("#", "-")
        return Text.assemble(
            (head, self._style("bar")),
            (signs[0] * full, self._style("bar")),
            (signs[1] * (width - full), self._style("rest")),
            (f"  {size}", self._style("quiet")),
        )

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"song-bar--{part}", partial=True)
