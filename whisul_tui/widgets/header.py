"""The top line of every screen: where one is, how many jobs stand where, and what the poller is doing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text
from textual.widget import Widget

from whisul_tui.domain import JobState
from whisul_tui.messages import JobsChanged

if TYPE_CHECKING:
    from whisul_tui.desk import Desk

SCREENS = (("1", "Write", "write"), ("2", "Jobs", "jobs"), ("3", "Listen", "listen"))
_COUNTED = (JobState.RUNNING, JobState.UNCONFIRMED, JobState.HELD, JobState.FAILED, JobState.COMPLETED)
_ALARMS = {"limited": "limited", "offline": "offline", "key_refused": "refused", "store_trouble": "trouble"}


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

    def on_mount(self) -> None:
        self._desk.changed.subscribe(self, self._on_changed)
        self.set_interval(1.0, self.tick)

    def on_resize(self) -> None:
        self.tick()

    def _on_changed(self, _: JobsChanged) -> None:
        self.tick()

    def tick(self) -> None:
        """Looks again, and redraws only where the line has become another."""
        line = self._compose_line()
        if line != self._line or line.spans != self._line.spans:
            self._line = line
            self.refresh()

    def render(self) -> Text:
        if not self._line:
            self._line = self._compose_line()
        return self._line

    def _compose_line(self) -> Text:
        status, alarm = poller_words(self._desk.session.engine.status(), self._desk.now())
        right = Text.assemble((f"{status} ", self._style(alarm or "quiet")))
        profile = self._desk.session.settings.profile.name
        width = self.size.width or 80
        if width >= 60:
            right.append(f"· {profile} ", self._style("quiet"))
        left = self._tabs(width)
        counts = self._counts()
        room = width - left.cell_len - right.cell_len
        while counts and sum(part.cell_len + 2 for part in counts) > room - 1:
            counts.pop()
        middle = Text("  ").join(counts) if counts else Text()
        if left.cell_len + right.cell_len > width:
            left.truncate(max(0, width - right.cell_len))
        gap = width - left.cell_len - middle.cell_len - right.cell_len
        before = min(4, max(0, gap // 2)) if middle else 0
        line = Text.assemble(left, " " * before, middle, " " * max(0, gap - before), right, no_wrap=True, end="")
        line.truncate(width)
        return line

    def _tabs(self, width: int) -> Text:
        tabs = Text.assemble((" whisul " if width >= 100 else " ", self._style("name")))
        for key, name, room in SCREENS:
            here = room == self._here
            if width < 50 and not here:
                continue
            tabs.append(f" {key} {name} ", self._style("here" if here else "quiet"))
        return tabs

    def _counts(self) -> list[Text]:
        counts = self._desk.session.store.counts()
        return [Text(f"{counts[s]:,} {s}", self._style(str(s))) for s in _COUNTED if counts.get(s)]

    def _style(self, part: str) -> str:
        return str(self.get_component_rich_style(f"header--{part}", partial=True))


def poller_words(status: object, now: datetime) -> tuple[str, str | None]:
    """What the poller is doing in a few words, and the name of the alarm where it is one.

    `next poll 4s`, `429: waiting 20s`, `offline: retry 12s`, `key refused: K`, or nothing while nothing is open.
    """
    phase = str(getattr(status, "phase", "idle"))
    until = getattr(status, "until", None)
    wait = max(0, round(until - now.timestamp())) if until is not None else None
    if phase == "limited":
        return f"429: waiting {wait or 0}s", "limited"
    if phase == "offline":
        return f"offline: retry {wait or 0}s", "offline"
    if phase == "key_refused":
        return "key refused: K gives another", "refused"
    if phase == "store_trouble":
        return "store: " + (getattr(status, "message", "") or "trouble"), "trouble"
    due = getattr(status, "next_poll_at", None)
    if phase == "polling" and due is not None:
        return f"next poll {max(0, round(due - now.timestamp()))}s", None
    return "", None
