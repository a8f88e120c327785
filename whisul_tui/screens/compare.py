"""Compare: two results side by side, heard and starred by one key each, pair after pair."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import CancelledError

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.domain.word_diff import Change, word_diff
from whisul_tui.formatting import clock, glyph, tempo
from whisul_tui.keymap import bindings
from whisul_tui.messages import SoundWanted
from whisul_tui.screens.dialog import Dialog
from whisul_tui.storage.errors import StoreError
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.cover import Cover
from whisul_tui.widgets.hints import subtitle

_HINTS = ("compare.side", "compare.here", "compare.host", "compare.star_left", "compare.star_right", "compare.next",
          "compare.close")  # fmt: skip
COVERS_FROM = (100, 30)


class CompareScreen(Dialog[Job | None]):
    """The left and the right one of a pair; tab chooses a side for o, p and Enter, [ and ] star, n and N step on."""

    CSS_PATH = sheets("composing", "listen")
    BINDINGS = bindings("compare")
    HORIZONTAL_BREAKPOINTS = [(0, "-stacked"), (100, "-beside")]
    COMPONENT_CLASSES = {
        "compare-screen--name",
        "compare-screen--same",
        "compare-screen--in",
        "compare-screen--out",
        "compare-screen--quiet",
        "compare-screen--differs",
    }

    def __init__(self, desk: Desk, numbers: Sequence[int], at: int = 0) -> None:
        """Pairs of neighbours among these jobs, beginning with the one at `at` and the next."""
        super().__init__()
        self._desk = desk
        self._numbers = list(numbers)
        self._at = max(0, min(at, len(self._numbers) - 2))
        self._side = 0

    def compose(self) -> ComposeResult:
        with Vertical(id="compare-box") as box:
            box.border_title = "Compare"
            box.border_subtitle = Content(subtitle(_HINTS, getattr(self.app, "_keymap", {})))
            with Container(id="compare-sides"):
                for side in ("left", "right"):
                    with VerticalScroll(id=f"compare-{side}", can_focus=False):
                        yield Static(classes="told", markup=False)
                        yield Cover(self._desk)

    def on_mount(self) -> None:
        self._desk.changed.subscribe(self, lambda _: self._show())
        self._show()

    def on_resize(self) -> None:
        self._show()

    def _pair(self) -> list[Job]:
        found = [self._desk.session.store.get(number) for number in self._numbers[self._at : self._at + 2]]
        return [job for job in found if job is not None]

    def _show(self) -> None:
        pair = self._pair()
        if len(pair) < 2:
            self.dismiss(None)
            return
        pairs = len(self._numbers) - 1
        self.query_one("#compare-box").border_title = Content(
            f"Compare: pair {self._at + 1} of {pairs}" if pairs > 1 else "Compare"
        )
        has_room = self.size.width >= COVERS_FROM[0] and self.size.height >= COVERS_FROM[1]
        for side, name in enumerate(("left", "right")):
            box = self.query_one(f"#compare-{name}")
            box.set_class(side == self._side, "-chosen")
            box.border_title = Content(name if side != self._side else f"{name} {'◂' if self._desk.unicode else '<'}")
            box.query_one(".told", Static).update(
                self._told(pair[side], pair[1 - side], Change.IN if side else Change.OUT)
            )
            box.query_one(Cover).show(pair[side], has_room=has_room)

    def _told(self, job: Job, other: Job, mine: Change) -> Text:
        """What is known of a job; what the other has not is marked, by letters too."""
        unicode, star = self._desk.unicode, ("★" if self._desk.unicode else "*") if job.starred else ""
        text = Text.assemble((" ".join(job.name.split())[:100], self._style("name")), f" {star}\n")
        text.append(f"{glyph(job.state, unicode=unicode)} {job.state}\n")
        song, theirs = job.song, other.song
        for name, figure, others in zip(("bpm", "length"), _figures(job), _figures(other), strict=True):
            text.append(f"{name:<8}", self._style("quiet"))
            text.append(f"{figure}\n", self._style("differs" if figure != others else "same"))
        text.append(f"{'tags':<8}", self._style("quiet"))
        tags = song.tags if song else ()
        for place, tag in enumerate(tags):
            alone = theirs is not None and tag not in theirs.tags
            text.append(", " if place else "").append(tag, self._style("differs" if alone else "same"))
        text.append("\n\n" if tags else "-\n\n")
        first, second = (job, other) if mine is Change.OUT else (other, job)
        for change, words in word_diff(first.prompt, second.prompt):
            if change is mine:
                text.append(words, self._style(str(mine)))
            elif change is Change.SAME:
                text.append(words, self._style("same"))
        return text

    # Steps ----------------------------------------------------------------------------------------------------------

    def action_side(self) -> None:
        """The other side is the chosen one."""
        self._side = 1 - self._side
        self._show()

    def action_step(self, step: int) -> None:
        """The next pair, or the one before."""
        if 0 <= self._at + step <= len(self._numbers) - 2:
            self._at += step
            self._show()
        else:
            self.notify("There is no further pair." if step > 0 else "This is the first pair.", timeout=3, markup=False)

    def action_play(self, on_host: bool) -> None:
        """Plays the chosen one."""
        job = self._pair()[self._side]
        if job.song is not None and job.song.song_url:
            self.post_message(SoundWanted(job, on_host))
        else:
            self.notify(f"There is no song: this one is {job.state}.", timeout=3, markup=False)

    @work(group="compare star")
    async def action_star(self, side: int) -> None:
        """Stars the left (0) or the right one (1), or takes the star off."""
        job = self._pair()[side]
        try:
            await asyncio.wrap_future(self._desk.session.engine.star(job.number, not job.starred))
        except StoreError as error:
            self.notify(str(error), severity="warning", markup=False)
        except (CancelledError, RuntimeError):  # the engine is ending
            return
        self._show()

    def action_open(self) -> None:
        """Opens the chosen one."""
        self.dismiss(self._pair()[self._side])

    def action_scroll(self, lines: int) -> None:
        """Both texts some lines down, or up."""
        for box in self.query(VerticalScroll):
            box.scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Away with it."""
        self.dismiss(None)

    def _style(self, part: str) -> str:
        return str(self.get_component_rich_style(f"compare-screen--{part}", partial=True))


def _figures(job: Job) -> tuple[str, str]:
    """Tempo and length as they are told."""
    song = job.song
    return (tempo(song.bpm) if song and song.bpm is not None else "-", clock(song.seconds if song else None))
