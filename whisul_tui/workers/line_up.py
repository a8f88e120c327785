"""The songs that play one after the other, and the ones around a single one."""

from __future__ import annotations

from dataclasses import dataclass

from whisul_tui.domain import Job, JobState
from whisul_tui.session import Session
from whisul_tui.storage import View

_SONGS = View(state=JobState.COMPLETED)


@dataclass(slots=True)
class LineUp:
    """Several songs that were asked for at once, in that order; or one, whose neighbours are the list's, newest first.

    `on_host`: where the first one was asked to play; the others follow it.
    """

    numbers: tuple[int, ...]
    on_host: bool = False
    at: int = 0

    @property
    def number(self) -> int:
        """The song whose turn it is."""
        return self.numbers[self.at]

    @property
    def goes_on(self) -> bool:
        """Whether another song follows by itself."""
        return self.at + 1 < len(self.numbers)

    def step(self, session: Session, by: int) -> Job | None:
        """The next song or the one before, whose turn it is now; None where there is none, and nothing changes."""
        if len(self.numbers) > 1:
            place = self.at + by
            job = session.store.get(self.numbers[place]) if 0 <= place < len(self.numbers) else None
            if job is not None:
                self.at = place
            return job
        here = session.windows.index_of(_SONGS, self.number)
        place = (0 if by > 0 else -1) if here is None else here + by
        found = session.windows.rows(_SONGS, place, 1) if place >= 0 else []
        if not found:
            return None
        self.numbers = (found[0].number,)
        return found[0]
