"""Whose jobs the store holds, told from the indexes alone, so that a million jobs cost no more than ten."""

from __future__ import annotations

from typing import NamedTuple

from whisul_tui.storage.database import Database

# Each account's first entry of an index leads to the next account's: a row a jump, not a row a job.
_JUMPS = """
WITH RECURSIVE held(account) AS (
  SELECT min(account) FROM jobs INDEXED BY {index} WHERE state = '{state}'
  UNION ALL
  SELECT (SELECT min(account) FROM jobs INDEXED BY {index} WHERE state = '{state}' AND account > held.account)
  FROM held WHERE held.account IS NOT NULL
) SELECT account FROM held WHERE account IS NOT NULL"""
_INDEXES = {state: f"jobs_{state}" for state in ("running", "sending", "held", "completed")}
_OPEN = "SELECT account, count(*) FROM jobs WHERE state = '{state}' AND forgotten_at IS NULL GROUP BY account"
_OTHERS = """
SELECT DISTINCT account FROM (SELECT account FROM jobs WHERE state IN ('failed', 'rejected', 'expired', 'unconfirmed')
AND forgotten_at IS NULL ORDER BY number DESC LIMIT 1000)"""


class Account(NamedTuple):
    """An account that has jobs here, and how many of them are open: held, sending, unconfirmed or running."""

    name: str
    open: int = 0


def accounts(database: Database) -> list[Account]:
    """All accounts with jobs in the store, by name; of what failed only the newest thousand are looked at.

    Raises StoreError.
    """
    names = {str(name) for (name,) in database.query(_OTHERS)}
    for state, index in _INDEXES.items():
        names |= {str(name) for (name,) in database.query(_JUMPS.format(index=index, state=state))}
    counts: dict[str, int] = {}
    for state in ("running", "sending", "held", "unconfirmed"):
        for name, count in database.query(_OPEN.format(state=state)):
            counts[str(name)] = counts.get(str(name), 0) + int(count)
    return [Account(name, counts.get(name, 0)) for name in sorted(names)]
