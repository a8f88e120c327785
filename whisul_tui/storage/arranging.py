"""What the user does to the outbox: held prompts paused, moved, reworded; each step one compare-and-set transaction.

A paused job is neither claimed nor let leave, by whichever process; only `resume` and `release` end that. A prompt that
somebody is about to send is never reworded: what leaves is what stood there when it was claimed.
"""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

from collections.abc import Sequence

from whisul_tui.domain.job import Job
from whisul_tui.storage.claims import CLAIM_SECONDS
from whisul_tui.storage.database import Database
from whisul_tui.storage.entering import keep_prompt, new_client_id
from whisul_tui.storage.rows import SELECT_JOB, jobs_of, sort_name, storable

_ORDER = "coalesce(jobs.place, jobs.number)"  # of two held jobs that may both leave, the lower one leaves first
_HELD = f"WHERE account = ? AND state = 'held' ORDER BY {_ORDER}"
_PAUSE = """
UPDATE jobs SET paused = 1, changed_at = :now WHERE number = :number AND state = 'held' AND NOT paused"""
_RESUME = """
UPDATE jobs SET paused = 0, changed_at = :now, not_before = max(coalesce(not_before, 0.0), :not_before)
WHERE number = :number AND state = 'held' AND paused"""
_REWORD = """
UPDATE jobs SET prompt = :prompt, sort_name = :sort_name, client_id = :client_id, changed_at = :now,
  not_before = max(coalesce(not_before, 0.0), :not_before),
  claim_host = NULL, claim_pid = NULL, claim_started = NULL, claimed_at = NULL
WHERE number = :number AND state = 'held' AND (claimed_at IS NULL OR abs(:now - claimed_at) > :lease)"""
_PLACES = f"SELECT number, {_ORDER} FROM jobs {_HELD}"


class Arranging:
    """The outbox as the user arranges it; see `JobStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, account: str, limit: int = 1_000) -> list[Job]:
        """Held jobs in the order in which they will leave, paused ones in their places."""
        return jobs_of(self._database, self._database.query(SELECT_JOB + _HELD + " LIMIT ?", (account, limit)))

    def pause(self, numbers: Sequence[int], now: float) -> list[int]:
        """Held jobs stay until they are resumed; returns those that had not been paused, and were held."""
        return self._each(_PAUSE, numbers, {"now": now})

    def resume(self, numbers: Sequence[int], now: float, not_before: float) -> list[int]:
        """Paused jobs may leave again, from `not_before` on; returns those that were paused."""
        return self._each(_RESUME, numbers, {"now": now, "not_before": not_before})

    def move(self, number: int, steps: int, account: str) -> bool:
        """A held job changes places with the one before it (-1) or after it (1); False where there is none."""
        with self._database.write() as connection:
            places = [(row[0], row[1]) for row in connection.execute(_PLACES, (account,))]
            at = next((at for at, (held, _) in enumerate(places) if held == number), None)
            if at is None or not 0 <= at + steps < len(places):
                return False
            first, last = sorted((at, at + steps))
            moved = places[first : last + 1]
            order = moved[1:] + moved[:1] if steps > 0 else moved[-1:] + moved[:-1]
            for (held, _), (_, place) in zip(order, moved, strict=True):
                connection.execute("UPDATE jobs SET place = ? WHERE number = ? AND state = 'held'", (place, held))
            return True

    def reword(self, number: int, prompt: str, now: float, not_before: float) -> bool:
        """A held job that nobody is about to send has another prompt now, and may leave from `not_before` on.

        It is another submission from here on: its client id is a new one, so that no service takes it for the old one.
        """
        text = storable(prompt)
        with self._database.write() as connection:
            values = {"number": number, "now": now, "not_before": not_before, "lease": CLAIM_SECONDS}
            values |= {"client_id": new_client_id(), "sort_name": sort_name(None, text)}  # type: ignore[dict-item]
            values["prompt"] = keep_prompt(connection, text, now)
            return connection.execute(_REWORD, values).rowcount == 1

    def paused(self, account: str | None = None) -> int:
        """How many held jobs are paused, of an account or of all."""
        sql = "SELECT count(*) FROM jobs WHERE state = 'held' AND paused AND coalesce(account = ?, TRUE)"
        return int(self._database.query(sql, (account,))[0][0])

    def _each(self, sql: str, numbers: Sequence[int], values: dict[str, float]) -> list[int]:
        with self._database.write() as connection:
            return [n for n in numbers if connection.execute(sql, {"number": n, **values}).rowcount]
