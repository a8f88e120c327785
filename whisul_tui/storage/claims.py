"""The one short transaction in which a process decides what it asks or sends next, and claims it.

There is no leader. A claim of a running job moves its due time ahead by a lease, by compare-and-set: rowcount 1 means
mine. A claimant that dies or is stopped holds the job up for that lease and no longer. When the clock was set back,
what was stamped before lies ahead; that is mended here, by beginning the wait anew.
"""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from whisul_tui.domain.gate import Gate
from whisul_tui.storage import gates

CLAIM_SECONDS = 60.0  # how long the claim of a submission holds that did not come to leave
LEASE_SECONDS = 10.0  # when a claimed job is due again if no answer is written: the ceiling of the poll interval
SKEW_SECONDS = 10.0  # a past event stamped further ahead than that means that the clock was set back
_HEALED_WAIT = 5.0

_OVERDUE = """
SELECT number, job_id, accepted_at, asked_at, seen_at,
  :now - max(coalesce(seen_at, 0.0), coalesce(accepted_at, created_at) + :young) AS unseen
FROM jobs WHERE account = :account AND state = 'running' AND due_at <= :now
ORDER BY unseen DESC, number LIMIT 1"""
_HEAL_RUNNING = """
UPDATE jobs SET asked_at = :now, due_at = :now + :wait
WHERE account = :account AND state = 'running' AND due_at > :now + :skew
  AND coalesce(asked_at, changed_at) > :now + :skew"""
_HEAL_HELD = """
UPDATE jobs SET not_before = :now + max(0.0, not_before - changed_at), changed_at = :now
WHERE account = :account AND state = 'held' AND not_before > :now + :skew AND changed_at > :now + :skew"""
_UNCLAIMED = "(claimed_at IS NULL OR abs(:now - claimed_at) > :lease)"
_READY = (
    "FROM jobs WHERE account = :account AND state = 'held' AND NOT paused AND coalesce(not_before, 0.0) <= :now AND "
    + _UNCLAIMED
)
# Families of which as many are with Whisul, or about to be, as may be at once; only those that have more are looked at.
_FULL = """
SELECT id FROM families WHERE at_once IS NOT NULL
  AND id IN (SELECT family FROM jobs WHERE account = :account AND state = 'held' AND family IS NOT NULL)
  AND at_once <= (SELECT count(*) FROM jobs WHERE family = families.id AND state IN ('sending', 'running'))
    + (SELECT count(*) FROM jobs WHERE family = families.id AND state = 'held' AND claimed_at IS NOT NULL
       AND abs(:now - claimed_at) <= :lease)"""
_FIRST_READY = (
    f"SELECT number {_READY} AND (family IS NULL OR family NOT IN ({_FULL})) ORDER BY coalesce(place, number) LIMIT 1"
)
_CLAIM_POLL = """
UPDATE jobs SET asked_at = :now, due_at = :now + :lease
WHERE number = :number AND state = 'running' AND due_at <= :now AND coalesce(asked_at <= :now - :floor, TRUE)"""
_CLAIM_SUBMISSION = (
    "UPDATE jobs SET claim_host = :host, claim_pid = :pid, claim_started = :started, claimed_at = :now "
    "WHERE number = :number AND state = 'held' AND NOT paused AND coalesce(not_before, 0.0) <= :now AND " + _UNCLAIMED
)
_COUNT = """
INSERT INTO requests (account, day, kind, requests) VALUES (?, ?, ?, ?)
ON CONFLICT (account, day, kind) DO UPDATE SET requests = requests + excluded.requests"""
_NEXT_HELD = """
SELECT min(max(coalesce(not_before, 0.0), coalesce(claimed_at + :lease, 0.0)))
FROM jobs WHERE account = :account AND state = 'held' AND NOT paused"""


class Owner(NamedTuple):
    """A process: its host, its pid, and when it started (seconds since 1970), which tells a reused pid apart."""

    host: str
    pid: int
    started: float


class Due(NamedTuple):
    """A running job whose time has come; `unseen` is how many seconds it went unobserved beyond its youth."""

    number: int
    job_id: str
    unseen: float
    accepted_at: float | None
    asked_at: float | None
    seen_at: float | None


class Turn:
    """What may be read and claimed inside one decision; made by `JobStore.turn`, of no use after it.

    `now` is the clock as it stood when the transaction had begun: the time to decide by, since waiting for another
    process, or having been stopped by ctrl+z, may make any earlier reading stale.
    """

    def __init__(self, connection: sqlite3.Connection, now: float) -> None:
        self._connection = connection
        self.now = now

    def gate(self, account: str) -> Gate:
        """The account's gate; an open one when nothing is remembered."""
        return gates.load(self._connection, account)

    def save_gate(self, account: str, gate: Gate) -> None:
        """Remembers the account's gate, whole."""
        gates.save(self._connection, account, gate)

    def count_requests(self, account: str, requests: int, limited: int) -> None:
        """Adds requests that were answered, and the 429s among them, to those of the day (the user's own)."""
        day = datetime.fromtimestamp(self.now).astimezone().date().isoformat()
        for kind, number in (("all", requests), ("limited", limited)):
            if number:
                self._connection.execute(_COUNT, (account, day, kind, number))

    def most_overdue(self, account: str, now: float, young: float) -> Due | None:
        """The due job that went unobserved for longest, counted from `young` seconds of age; None when none is due."""
        values = {"account": account, "now": now, "young": young, "skew": SKEW_SECONDS, "wait": _HEALED_WAIT}
        self._connection.execute(_HEAL_RUNNING, values)
        row = self._connection.execute(_OVERDUE, values).fetchone()
        return Due(row["number"], row["job_id"], row["unseen"], *row[2:5]) if row else None

    def ready_submission(self, account: str, now: float, owner: Owner | None = None) -> int | None:
        """The first held job that may leave and that nobody, `owner` included, is about to send already.

        First is the oldest, unless the user moved it; one of a family waits while enough of that are with Whisul.
        """
        values = {"account": account, "now": now, "skew": SKEW_SECONDS, "lease": CLAIM_SECONDS}
        self._connection.execute(_HEAL_HELD, values)
        row = self._connection.execute(_FIRST_READY, values).fetchone()
        return row[0] if row else None

    def waiting_submissions(self, account: str, now: float) -> int:
        """How many held jobs may leave and wait for a turn, of any process."""
        return self._count("SELECT count(*) " + _READY, account=account, now=now, lease=CLAIM_SECONDS)

    def in_flight(self, account: str) -> int:
        """How many jobs Whisul has or is just being sent."""
        return self._count(
            "SELECT (SELECT count(*) FROM jobs WHERE account = :account AND state = 'running')"
            " + (SELECT count(*) FROM jobs WHERE account = :account AND state = 'sending')",
            account=account,
        )

    def next_due(self, account: str) -> float | None:
        """When the next running job is due, or None."""
        sql = "SELECT min(due_at) FROM jobs WHERE account = ? AND state = 'running'"
        return self._when(self._connection.execute(sql, (account,)))

    def next_held(self, account: str) -> float | None:
        """When the next held job may leave (a claimed one: when its claim has run out), or None."""
        return self._when(self._connection.execute(_NEXT_HELD, {"account": account, "lease": CLAIM_SECONDS}))

    def claim_poll(self, number: int, now: float, floor: float, *, lease: float = LEASE_SECONDS) -> bool:
        """Whether the due job, not asked by anyone within `floor` seconds, is mine to ask; due again after `lease`."""
        values = {"number": number, "now": now, "floor": floor, "lease": lease}
        return self._connection.execute(_CLAIM_POLL, values).rowcount == 1

    def claim_submission(self, number: int, owner: Owner, now: float) -> bool:
        """Whether the held job is mine to send; the claim ends with `leaving`, or after `CLAIM_SECONDS`."""
        values = {
            "number": number,
            "now": now,
            "lease": CLAIM_SECONDS,
            "host": owner.host,
            "pid": owner.pid,
            "started": owner.started,
        }
        return self._connection.execute(_CLAIM_SUBMISSION, values).rowcount == 1

    def _count(self, sql: str, **values: object) -> int:
        return int(self._connection.execute(sql, values).fetchone()[0])

    @staticmethod
    def _when(cursor: sqlite3.Cursor) -> float | None:
        moment = cursor.fetchone()[0]
        return None if moment is None else float(moment)
