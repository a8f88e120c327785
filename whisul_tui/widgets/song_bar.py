"""What happens with the song: where it sounds and how far it is, and how far its download is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from whisul_tui.desk import Desk, Keeping
from whisul_tui.formatting import clock
from whisul_tui.widgets.cells import wrap
from whisul_tui.widgets.hearing_words import heard

if TYPE_CHECKING:
    from whisul_tui.listening.steering import Steer

_PARTS = ("playing", "paused", "away", "failed", "quiet", "bar", "rest")
_MOST = 6  # lines
_WIDEST = 72  # cells of the bar


@dataclass(frozen=True, slots=True)
class Track:
    """Where the song's bar was drawn, and the seconds that it stands for: a click there is a place in the song."""

    line: int
    left: int
    width: int
    seconds: float

    def place(self, x: int, y: int) -> float | None:
        """The second under a cell of the widget, None beside the bar."""
        inside = y == self.line and 0 <= x - self.left < self.width
        return (x - self.left) / max(1, self.width - 1) * self.seconds if inside else None


class SongBar(Widget):
    """A sentence on the sound and a bar with its place, a bar or sentence on the download; nothing while nothing is.

    Ticks once a second, and only while a place moves and this is what the user sees.
    """

    COMPONENT_CLASSES = {f"song-bar--{part}" for part in _PARTS}

    @dataclass
    class Sought(Message):
        """The song's bar was clicked at this second."""

        seconds: float

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._number: int | None = None
        self._shown: list[Text] = []
        self._track: Track | None = None
        self._tick: Timer | None = None

    def on_mount(self) -> None:
        if not self._desk.calm:
            self._tick = self.set_interval(1.0, self._ticked, pause=True)

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
        if self._tick is not None:
            if self._moves():
                self._tick.resume()
            else:
                self._tick.pause()

    def render(self) -> Text:
        return Text("\n", no_wrap=True, overflow="ellipsis").join(self._shown or self._lines())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        place = self._track.place(event.x, event.y) if self._track is not None else None
        if place is not None:
            self.post_message(self.Sought(place))

    def _ticked(self) -> None:
        if self.screen.is_current:
            self.show(self._number)
        elif self._tick is not None:
            self._tick.pause()  # the screen shows us anew when it is back

    def _moves(self) -> bool:
        state = self._state()
        return state is not None and not (state.is_over or state.paused or state.away)

    def _state(self) -> Steer | None:
        return self._desk.hearing.seen() if self._desk.hearing.playing else None

    def _lines(self) -> list[Text]:
        lines: list[Text] = []
        self._track = None
        told = heard(self._desk.hearing, self._number)
        if told is not None:
            lines += self._sentence(told.words, told.part, told.sign(unicode=self._desk.unicode))
            state = self._state()
            if state is not None and not state.is_over and state.position is not None and state.length:
                lines.append(self._place(state, told.part, state.position, state.length, len(lines)))
        keeping = self._desk.keeping.get(self._number) if self._number is not None else None
        if keeping is not None and keeping.is_over:
            lines += self._sentence(keeping.sentence, *(("failed", "!") if keeping.failed else ("quiet", "-")))
        elif keeping is not None:
            lines.append(self._download(keeping))
        return lines

    def _sentence(self, words: str, part: str, sign: str) -> list[Text]:
        width = (self.size.width or 80) - 2
        return [
            Text(f"{'' if number else sign:<2}{line}", self._style(part))
            for number, line in enumerate(wrap(words, max(8, width)))
        ]

    def _place(self, state: Steer, part: str, position: float, length: float, line: int) -> Text:
        """How far the song is, how long, and how loud; what is out of reach is drawn as such."""
        at, end = clock(min(position, length)), clock(length)
        head = f"  {at:>{len(end)}}  "
        tail = f"  {end}" + (f"   vol {state.volume:.0f}%" if state.volume is not None else "")
        width = max(4, min(_WIDEST, (self.size.width or 80) - len(head) - len(tail)))
        self._track = Track(line, len(head), width, length)
        drawn = "quiet" if part == "away" else "bar"
        return self._bar(head, min(1.0, position / length), width, tail, drawn)

    def _download(self, keeping: Keeping) -> Text:
        done, total = keeping.done / 1e6, (keeping.total or 0) / 1e6
        size = f"  {done:.1f} of {total:.1f} MB" if keeping.total else f"  {done:.1f} MB"
        head = f"{'↓' if self._desk.unicode else '-'} {keeping.piece:<5}  "
        width = max(4, min(48, (self.size.width or 80) - len(head) - len(size)))
        share = min(1.0, keeping.done / keeping.total) if keeping.total else 0.0
        return self._bar(head, share, width, size, "bar")

    def _bar(self, head: str, share: float, width: int, tail: str, part: str) -> Text:
        full = round(width * share)
        signs = ("━", "─") if self._desk.unicode else ("#", "-")
        return Text.assemble(
            (head, self._style(part)),
            (signs[0] * full, self._style(part)),
            (signs[1] * (width - full), self._style("rest")),
            (tail, self._style("quiet")),
        )

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"song-bar--{part}", partial=True)
