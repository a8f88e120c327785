"""The outbox's steps of a job: from held to Whisul's answer, each one compare-and-set transaction.

A step that finds the job in another state than it starts from changes nothing and says so. `owner`, where given, must
still hold the claim: an answer that comes late to a process whose claim ran out cannot undo another one's step.
"""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

from collections.abc import Callable

from whisul_tui.domain.job import is_job_id
from whisul_tui.storage.claims import Owner
from whisul_tui.storage.database import Database
from whisul_tui.storage.rows import storable

_HELD_BY_OWNER = """
  (:host IS NULL OR (claim_host IS :host AND claim_pid IS :pid AND claim_started IS :started))"""
_UNCLAIM = " claim_host = NULL, claim_pid = NULL, claim_started = NULL, claimed_at = NULL "

_RELEASE = """
UPDATE jobs SET not_before = :now, changed_at = :now, paused = 0 WHERE number = :number AND state = 'held'"""
_LEAVING = (
    "UPDATE jobs SET state = 'sending', sent_at = :now, changed_at = :now "
    "WHERE number = :number AND state = 'held' AND NOT paused AND" + _HELD_BY_OWNER
)
_ACCEPTED = (
    "UPDATE jobs SET state = 'running', job_id = :job_id, accepted_at = :now, changed_at = :now, due_at = :due_at, "
    "message = NULL," + _UNCLAIM + "WHERE number = :number AND state IN ('sending', 'unconfirmed') AND" + _HELD_BY_OWNER
)
_HELD_AGAIN = (
    "UPDATE jobs SET state = 'held', sent_at = NULL, changed_at = :now, not_before = :not_before,"
    + _UNCLAIM
    + "WHERE number = :number AND (state = 'sending' OR (state = 'held' AND claimed_at IS NOT NULL)) AND"
    + _HELD_BY_OWNER
)
_UNCONFIRMED = (
    "UPDATE jobs SET state = 'unconfirmed', message = :message, changed_at = :now "
    "WHERE number = :number AND state = 'sending' AND" + _HELD_BY_OWNER
)
_REJECTED = (
    "UPDATE jobs SET state = 'rejected', message = :message, changed_at = :now,"
    + _UNCLAIM
    + "WHERE number = :number AND state IN ('sending', 'unconfirmed') AND"
    + _HELD_BY_OWNER
)
_CLAIMED = """
SELECT number, state, claim_host, claim_pid, claim_started FROM jobs WHERE state = 'sending'
UNION ALL
SELECT number, state, claim_host, claim_pid, claim_started FROM jobs WHERE state = 'held' AND claimed_at IS NOT NULL"""
_UNCLAIMED = "UPDATE jobs SET" + _UNCLAIM + "WHERE number = :number AND state = 'held' AND" + _HELD_BY_OWNER
_CONFIRM = (
    "UPDATE jobs SET state = 'running', job_id = :job_id, accepted_at = coalesce(sent_at, :now), changed_at = :now, "
    "due_at = :now, message = NULL," + _UNCLAIM + "WHERE number = :number AND state = 'unconfirmed' "
    "AND NOT EXISTS (SELECT 1 FROM jobs AS other WHERE other.job_id = :job_id)"
)
_RECOVER = "SELECT number, job_id FROM jobs WHERE client_id = ?"
_ORPHANED = "The whisul-tui that was sending it ended before the answer came."


class Submissions:
    """The steps held, sending, unconfirmed, running and rejected; see `JobStore` for all steps of a job."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def release(self, number: int) -> bool:
        """A held job may leave now: the undo delay is skipped, and a pause is over."""
        return self._step(_RELEASE, number, self._database.clock())

    def leaving(self, number: int, owner: Owner, now: float) -> bool:
        """The last step before bytes leave: held, claimed by `owner`, becomes sending. False: it must not be sent."""
        return self._step(_LEAVING, number, now, owner)

    def accepted(self, number: int, job_id: str, now: float, due_at: float, *, owner: Owner | None = None) -> bool:
        """Whisul has it; also a late answer to an unconfirmed one. On a full disk the ballast is dropped first."""
        if not is_job_id(job_id):
            raise ValueError("not a job id")
        return self._database.with_ballast(
            lambda: self._step(_ACCEPTED, number, now, owner, job_id=job_id, due_at=due_at)
        )

    def held_again(self, number: int, now: float, not_before: float, *, owner: Owner | None = None) -> bool:
        """It was refused for now (429), or surely not sent: back to the outbox, and unclaimed."""
        return self._step(_HELD_AGAIN, number, now, owner, not_before=not_before)

    def unconfirmed(self, number: int, evidence: str, now: float, *, owner: Owner | None = None) -> bool:
        """It was sent and no usable answer is known; `evidence` says in a sentence what was seen."""
        return self._database.with_ballast(
            lambda: self._step(_UNCONFIRMED, number, now, owner, message=storable(evidence))
        )

    def let_go(self, number: int, now: float, *, owner: Owner) -> bool:
        """`owner` gives its claim of a held job back; one that is *sending* by now has left, and stays what it is."""
        return self._step(_UNCLAIMED, number, now, owner)

    def rejected(self, number: int, message: str, now: float, *, owner: Owner | None = None) -> bool:
        """Whisul wants another prompt (400); `message` is its own."""
        return self._step(_REJECTED, number, now, owner, message=storable(message))

    def orphaned(self, is_alive: Callable[[Owner], bool], now: float) -> list[int]:
        """Settles what dead processes left: sending becomes unconfirmed (their numbers are returned), claims end."""
        became: list[int] = []
        for row in self._database.query(_CLAIMED):
            owner = Owner(row["claim_host"] or "", row["claim_pid"] or 0, row["claim_started"] or 0.0)
            if is_alive(owner):
                continue
            if row["state"] == "held":
                self._step(_UNCLAIMED, row["number"], now, owner)
            elif self.unconfirmed(row["number"], _ORPHANED, now, owner=owner):
                became.append(row["number"])
        return became

    def confirm(self, number: int, job_id: str, now: float) -> bool:
        """The user knows the id of an unconfirmed job: it runs. False also when another job has that id already."""
        return is_job_id(job_id) and self._step(_CONFIRM, number, now, job_id=job_id)

    def recover(self, client_id: str, job_id: str, now: float) -> bool:
        """Takes an acceptance from the recovery journal; whether the store knows the job by that id now."""
        for row in self._database.query(_RECOVER, (client_id,)):
            if row["job_id"] is not None:
                return bool(row["job_id"] == job_id)
            return is_job_id(job_id) and self.accepted(row["number"], job_id, now, now)
        return False

    def _step(self, sql: str, number: int, now: float, owner: Owner | None = None, **values: object) -> bool:
        host, pid, started = (owner.host, owner.pid, owner.started) if owner else (None, None, None)
        values |= {"number": number, "now": now, "host": host, "pid": pid, "started": started}
        with self._database.write() as connection:
            return connection.execute(sql, values).rowcount == 1
