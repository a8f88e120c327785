"""A row of the outbox: its place, why it waits and how long, and its prompt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.widgets.cells import cut, fit
from whisul_tui.widgets.outbox_lines import waiting_words

_MOST = 14  # cells for why it waits


class OutboxRows:
    """Makes the rows; the longest reason decides how wide their column is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rows(self, jobs: Sequence[Job], width: int) -> Iterator[Text]:
        """A row for each job, in so many cells."""
        unicode = self._desk.unicode
        reasons = [waiting_words(job, self._desk) for job in jobs]
        column = min(_MOST, max((len(reason) for reason in reasons), default=0))
        number = len(str(len(jobs)))
        for place, (job, reason) in enumerate(zip(jobs, reasons, strict=True), 1):
            head = f"{place:>{number}}  {fit(reason, column, unicode=unicode)}  "
            family = ("≡ " if unicode else "= ") if job.family is not None else ""
            prompt = cut(" ".join(job.prompt[:400].split()), max(4, width - len(head) - 2), unicode=unicode)
            yield Text(head + family + prompt, no_wrap=True, end="")
