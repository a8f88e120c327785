"""What has not reached Whisul yet, under the editor: held prompts with the seconds left, and those on their way."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from whisul_tui.desk import Desk
from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import counted, glyph
from whisul_tui.key_words import named
from whisul_tui.widgets.cells import cut, fit

_SHOWN = 3
_CLOSED = {"limited": "held, 429", "offline": "held, offline", "key_refused": "held, key refused",
           "store_trouble": "held, store trouble"}  # fmt: skip


class OutboxLines(Widget):
    """A line for each of the newest few; hidden while the outbox is empty, ticking once a second else."""

    COMPONENT_CLASSES = {f"outbox-lines--{part}" for part in ("held", "sending", "prompt", "quiet")}

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._jobs: list[Job] = []
        self._lines: tuple[str, ...] = ()

    def on_mount(self) -> None:
        if not self._desk.calm:
            self.set_interval(1.0, self.tick)

    def look(self) -> None:
        """Reads the outbox anew."""
        waiting = [job for job in self._desk.session.open_jobs() if job.state is not JobState.RUNNING]
        self._jobs = sorted(waiting, key=lambda job: -job.number)
        self.display = bool(self._jobs)
        self.styles.height = min(len(self._jobs), _SHOWN + 1) or 1
        self.tick()

    def tick(self) -> None:
        """A second has passed: draws anew where that changes what stands here."""
        lines = tuple(f"{job.number} {self._words(job)}" for job in self._jobs)
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render(self) -> Text:
        held = next((job for job in self._jobs if job.state is JobState.HELD), None)  # the one that ^z takes back
        lines = [self._line(job, job is held) for job in self._jobs[:_SHOWN]]
        if (more := len(self._jobs) - _SHOWN) > 0:
            lines.append(Text(f"   and {counted(more, 'prompt')} more", self._style("quiet")))
        return Text("\n", no_wrap=True).join(lines)

    def _line(self, job: Job, is_next_back: bool) -> Text:
        colour = "held" if job.state is JobState.HELD else "sending"
        words = f" {glyph(job.state, unicode=self._desk.unicode)} {fit(self._words(job), self._column)}  "
        tail = named(self, "  {write.take_back} takes it back ") if is_next_back and self.size.width >= 50 else ""
        room = max(4, self.size.width - len(words) - len(tail))
        prompt = cut(" ".join(job.prompt.split()), room, unicode=self._desk.unicode)
        line = Text.assemble((words, self._style(colour)), (prompt, self._style("prompt")), no_wrap=True, end="")
        line.append(" " * max(0, self.size.width - line.cell_len - len(tail)))
        return line.append(tail, self._style("quiet"))

    @property
    def _column(self) -> int:
        return max((len(self._words(job)) for job in self._jobs[:_SHOWN]), default=0)

    def _words(self, job: Job) -> str:
        return waiting_words(job, self._desk)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"outbox-lines--{part}", partial=True)


def waiting_words(job: Job, desk: Desk) -> str:
    """Why a job has not left, in a word or two."""
    if job.state is not JobState.HELD:
        return str(job.state)
    if job.paused:
        return "paused"
    if closed := _CLOSED.get(str(desk.session.engine.status().phase)):
        return closed
    if desk.calm:
        return "held"
    wait = (job.not_before - desk.now()).total_seconds() if job.not_before else 0
    return f"held {round(wait)}s" if wait >= 0.5 else "held"
