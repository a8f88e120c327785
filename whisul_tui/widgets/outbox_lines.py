"""What has not reached Whisul yet, under the editor: held prompts with the seconds left, and those on their way."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from whisul_tui.desk import Desk
from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import glyph

_SHOWN = 3


class OutboxLines(Widget):
    """A line for each of the newest few; hidden while the outbox is empty, ticking once a second else."""

    COMPONENT_CLASSES = {"outbox-lines--held", "outbox-lines--sending", "outbox-lines--prompt", "outbox-lines--quiet"}

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._jobs: list[Job] = []

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)

    def look(self) -> None:
        """Reads the outbox anew."""
        waiting = [job for job in self._desk.session.open_jobs() if job.state is not JobState.RUNNING]
        self._jobs = sorted(waiting, key=lambda job: -job.number)
        self.display = bool(self._jobs)
        self.styles.height = min(len(self._jobs), _SHOWN + 1)
        self.refresh()

    def _tick(self) -> None:
        if self._jobs and self.screen.is_current:
            self.refresh()

    def render(self) -> Text:
        lines = [self._line(job) for job in self._jobs[:_SHOWN]]
        if (more := len(self._jobs) - _SHOWN) > 0:
            lines.append(Text(f"   and {more} more", self._style("quiet")))
        return Text("\n", no_wrap=True).join(lines)

    def _line(self, job: Job) -> Text:
        held = job.state is JobState.HELD
        sign = f" {glyph(job.state, unicode=self._desk.unicode)} {self._words(job)}"
        line = Text.assemble((sign, self._style("held" if held else "sending")))
        tail = "  ^z takes it back" if held else ""
        room = self.size.width - line.cell_len - len(tail) - 6
        prompt = Text.assemble(("  " + job.prompt.replace("\n", " "), self._style("prompt")))
        prompt.truncate(max(4, room), overflow="ellipsis")
        return line.append_text(prompt).append(tail, self._style("quiet"))

    def _words(self, job: Job) -> str:
        if job.state is not JobState.HELD:
            return str(job.state)
        status = self._desk.session.engine.status()
        if status.phase == "limited":
            return "held, 429"
        if status.phase == "offline":
            return "held, offline"
        if status.phase == "key_refused":
            return "held, key refused"
        wait = (job.not_before - self._desk.now()).total_seconds() if job.not_before else 0
        return f"held {round(wait)}s" if wait >= 0.5 else "held"

    def _style(self, part: str) -> str:
        return str(self.get_component_rich_style(f"outbox-lines--{part}", partial=True))
