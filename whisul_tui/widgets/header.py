"""The top line of every screen: where one is, how many jobs stand where, and what the poller is doing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual.widget import Widget

from whisul_tui.domain import JobState
from whisul_tui.formatting import local_time
from whisul_tui.key_words import key_like, named
from whisul_tui.messages import JobsChanged
from whisul_tui.storage.errors import StoreError
from whisul_tui.widgets.cells import cut

if TYPE_CHECKING:
    from whisul_tui.desk import Desk

SCREENS = (("1", "Write", "write"), ("2", "Jobs", "jobs"), ("3", "Listen", "listen"))
_COUNTED = (JobState.RUNNING, JobState.UNCONFIRMED, JobState.HELD, JobState.FAILED, JobState.COMPLETED)


class Header(Widget):
    """One line; redrawn when a count or the poller's state changes, at most once a second while something runs."""

    COMPONENT_CLASSES = {
        "header--name", "header--here", "header--quiet", "header--limited", "header--offline", "header--refused",
        "header--trouble", *(f"header--{state}" for state in JobState),
    }  # fmt: skip

    def __init__(self, desk: Desk, here: str) -> None:
        super().__init__()
        self._desk = desk
        self._here = here
        self._line = Text()
        self._counts: dict[JobState, int] = {}
        self._spent: list[tuple[str, str]] = []
        self._trouble = ""
        self._said: object = None  # what of the line may be another a second later

    def on_mount(self) -> None:
        self._desk.changed.subscribe(self, self._on_changed)
        self.look()

    def on_resize(self) -> None:
        self.tick()

    def notify_style_update(self) -> None:
        """Another theme: the line is made anew, in its colours."""
        super().notify_style_update()
        self._line = Text()

    def _on_changed(self, _: JobsChanged) -> None:
        self.look()

    def look(self) -> None:
        """Counts the jobs anew: when they have changed, or when the screen comes back."""
        if not self._is_shown:
            return
        try:
            self._counts, self._trouble = self._desk.session.store.counts(), ""
            self._spent = spent_parts(self._desk)
        except StoreError as error:
            self._trouble = str(error)
        self.tick()

    def second(self) -> None:
        """A second has passed: only where the poller says something else the line is made, to be compared."""
        if self._is_shown and self._saying() != self._said:
            self.tick()

    def _saying(self) -> object:
        try:
            words = poller_words(self._desk.session.engine.status(), self._desk.now(), calm=self._desk.calm)
        except StoreError as error:
            return str(error)
        return words, self._trouble or self._desk.reading.trouble

    def tick(self) -> None:
        """Looks at the poller and the clock, and redraws only where the line has become another."""
        if not self._is_shown:
            return
        self._said = self._saying()
        line = self.compose_line(self.size.width or 80)
        if line == self._line and line.spans == self._line.spans:
            return
        first = _first_difference(self._line, line)
        self._line = line
        if first is None:
            self.refresh()
        else:  # a second less until the next poll is no reason to send the whole line over SSH
            self.refresh(Region(first, 0, max(1, self.size.width - first), 1))

    @property
    def _is_shown(self) -> bool:
        return self.is_attached and self.screen in self.app.screen_stack

    def render(self) -> Text:
        if not self._line:
            self._line = self.compose_line(self.size.width or 80)
        return self._line

    def compose_line(self, width: int) -> Text:
        """The line as it is in so many cells."""
        left = self._tabs(width)
        right = self._right(width, width - left.cell_len)
        counts = self._count_parts()
        room = width - left.cell_len - right.cell_len
        while counts and sum(part.cell_len + 2 for part in counts) > room - 2:
            counts.pop()
        middle = Text("  ").join(counts) if counts else Text()
        if left.cell_len + right.cell_len > width:
            left.truncate(max(0, width - right.cell_len))
        gap = width - left.cell_len - middle.cell_len - right.cell_len
        before = min(4, max(0, gap // 2)) if middle else 0
        line = Text.assemble(left, " " * before, middle, " " * max(0, gap - before), right, no_wrap=True, end="")
        line.truncate(width)
        return line

    def _right(self, width: int, room: int) -> Text:
        """What the poller does, cut so that the place one is at stays readable, and the profile where there is room."""
        try:
            words, alarm = poller_words(self._desk.session.engine.status(), self._desk.now(), calm=self._desk.calm)
            words = named(self, words) if alarm == "refused" else words
        except StoreError as error:
            words, alarm = _trouble_words(str(error)), "trouble"
        if (trouble := self._trouble or self._desk.reading.trouble) and not alarm:
            words, alarm = _trouble_words(trouble), "trouble"
        profile = f"{'· ' if words else ''}{self._desk.session.settings.profile.name} "
        if width < 60 or (words and len(words) + len(profile) + 2 > room):
            profile = ""
        words = cut(words, max(0, room - len(profile) - 2), unicode=self._desk.unicode)
        right = Text(no_wrap=True, end="")
        if words:
            right.append(f"{words} ", self._style(alarm or "quiet"))
        if profile:
            right.append(profile if self._desk.unicode else profile.replace("·", "-"), self._style("quiet"))
        return right

    def _tabs(self, width: int) -> Text:
        tabs = Text.assemble((" whisul " if width >= 100 else " ", self._style("name")))
        for key, name, room in SCREENS:
            here = room == self._here
            if width < 60 and not here:
                continue
            key = key_like(f"screen.{room}", key, getattr(self.app, "_keymap", {}))
            tabs.append(f" {key} {name} ", self._style("here" if here else "quiet"))
        return tabs

    def _count_parts(self) -> list[Text]:
        counts = self._counts
        parts = [Text(f"{counts[s]:,} {s}", self._style(str(s))) for s in _COUNTED if counts.get(s)]
        parts[1:1] = [Text(words, self._style(part)) for words, part in self._spent]  # where there is room for two
        return parts

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"header--{part}", partial=True)


def poller_words(status: object, now: datetime, *, calm: bool = False) -> tuple[str, str | None]:
    """What the poller is doing in a few words, and the name of the alarm where it is one.

    `next poll 4s`, `429: waiting 20s`, `offline: retry 12s`, `key refused: ..`, or nothing while nothing is open; keys
    by their ids. Where all is to be `calm`, times of day stand for seconds, and polls are not told of.
    """
    phase = str(getattr(status, "phase", "idle"))
    until = getattr(status, "until", None)
    wait = max(0, round(until - now.timestamp())) if until is not None else None
    at = local_time(datetime.fromtimestamp(until, UTC))[11:] if calm and until is not None else f"{wait or 0}s"
    if phase == "limited":
        return f"429: waiting {'until ' if calm else ''}{at}", "limited"
    if phase == "offline":
        return f"offline: retry {'at ' if calm else ''}{at}", "offline"
    if phase == "key_refused":
        return "key refused: {setup} gives another", "refused"
    if phase == "store_trouble":
        return _trouble_words(getattr(status, "message", "")), "trouble"
    due = getattr(status, "next_poll_at", None)
    if phase == "polling" and due is not None and not calm:
        return f"next poll {max(0, round(due - now.timestamp()))}s", None
    return "", None


def spent_parts(desk: Desk) -> list[tuple[str, str]]:
    """How the budget stands, `today 3/20`, each with the name of its style; nothing where there is none."""
    budget = desk.session.engine.budget
    if not budget:
        return []
    spent = desk.session.store.spent(desk.session.account, desk.now().timestamp())
    return [
        (f"{span} {have:,}/{limit:,}", "limited" if have >= limit else "quiet")
        for limit, have, span in ((budget.day, spent.day, "today"), (budget.month, spent.month, "month"))
        if limit
    ]


def _trouble_words(sentence: str) -> str:
    return f"store: {sentence}" if sentence else "store: trouble"


def _first_difference(before: Text, after: Text) -> int | None:
    """The cell from which on two lines differ in letters or colours; None where there was no line before."""
    if not before.plain:
        return None
    pairs = zip(before.plain, after.plain, strict=False)
    letters = next((place for place, (old, new) in enumerate(pairs) if old != new), min(len(before), len(after)))
    first = min([letters, *(span.start for span in {*before.spans} ^ {*after.spans})])
    return cell_len(after.plain[:first])
