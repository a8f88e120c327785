"""Totals and positions of the visible jobs from the counters of blocks, newest first, without walking over the jobs."""

from __future__ import annotations

from whisul_tui.domain.job import JobState
from whisul_tui.storage.database import Database
from whisul_tui.storage.errors import sound
from whisul_tui.storage.schema import BLOCK_BITS

# The order of the view by state: what is open, then what waits for the user's word, then what is over.
STATE_ORDER = (
    JobState.RUNNING,
    JobState.SENDING,
    JobState.HELD,
    JobState.UNCONFIRMED,
    JobState.COMPLETED,
    JobState.FAILED,
    JobState.REJECTED,
    JobState.EXPIRED,
)
_BLOCKS = "SELECT block, sum(jobs) FROM blocks GROUP BY block HAVING sum(jobs) > 0 ORDER BY block DESC"
_BLOCKS_OF_STATE = "SELECT block, jobs FROM blocks WHERE state = ? AND jobs > 0 ORDER BY block DESC"
_WINDOW = """
SELECT number FROM jobs WHERE number < ? AND forgotten_at IS NULL ORDER BY number DESC LIMIT ? OFFSET ?"""
_WINDOW_OF_STATE = """
SELECT number FROM jobs WHERE state = ? AND number < ? AND forgotten_at IS NULL
ORDER BY number DESC LIMIT ? OFFSET ?"""
_NEWER = "SELECT count(*) FROM jobs WHERE number > ? AND number < ? AND forgotten_at IS NULL"
_NEWER_OF_STATE = "SELECT count(*) FROM jobs WHERE state = ? AND number > ? AND number < ? AND forgotten_at IS NULL"


class Census:
    """Positions among all visible jobs, or among those of one state, the newest at 0."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> int:
        """A figure that changes with whatever may change the rows of a view or their order; no poll does."""
        with sound(self._database.path):
            return int(self._database.query("SELECT revision FROM revisions")[0][0])

    def total(self, state: JobState | None) -> int:
        """How many visible jobs there are, of one state or of all."""
        return sum(jobs for _, jobs in self._blocks(state))

    def window(self, state: JobState | None, offset: int, limit: int) -> list[int]:
        """The numbers at `offset` and after it: at most one block of jobs is passed over."""
        for block, jobs in self._blocks(state):
            if offset < jobs:
                end = (block + 1) << BLOCK_BITS
                sql, first = (_WINDOW, ()) if state is None else (_WINDOW_OF_STATE, (state.value,))
                return [row[0] for row in self._database.query(sql, (*first, end, limit, offset))]
            offset -= jobs
        return []

    def position(self, state: JobState | None, number: int) -> int:
        """How many visible jobs are newer than `number`, whether or not it is one of them itself."""
        own = number >> BLOCK_BITS
        sql, first = (_NEWER, ()) if state is None else (_NEWER_OF_STATE, (state.value,))
        in_block = self._database.query(sql, (*first, number, (own + 1) << BLOCK_BITS))[0][0]
        return int(in_block) + sum(jobs for block, jobs in self._blocks(state) if block > own)

    def _blocks(self, state: JobState | None) -> list[tuple[int, int]]:
        rows = self._database.query(*((_BLOCKS, ()) if state is None else (_BLOCKS_OF_STATE, (state.value,))))
        with sound(self._database.path):
            return [(int(row[0]), int(row[1])) for row in rows]
