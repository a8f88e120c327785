"""How prompts come into the outbox, one or a family of them, within the budget; and how they are taken back."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from whisul_tui.domain.budget import Budget, Spent, check_budget, day_and_month
from whisul_tui.domain.expansion import MOST_SONGS, joined
from whisul_tui.domain.job import Job
from whisul_tui.storage.claims import CLAIM_SECONDS
from whisul_tui.storage.database import Database
from whisul_tui.storage.rows import SELECT_JOB, fetch, jobs_of, prompt_digest, sort_name, storable

LONGEST_TEMPLATE = 100_000  # characters, as of a draft
_KEEP_PROMPT = """
INSERT INTO prompts (digest, used_at, text) VALUES (:digest, :now, :text)
ON CONFLICT (digest) DO UPDATE SET used_at = :now RETURNING id"""
_HOLD = """
INSERT INTO jobs (state, prompt, account, client_id, created_at, changed_at, not_before, sort_name, parent, family,
  paused)
VALUES ('held', :prompt, :account, :client_id, :now, :now, :not_before, :sort_name,
  (SELECT number FROM jobs WHERE number = :parent), (SELECT id FROM families WHERE id = :family), :paused)"""
_FREE = "state = 'held' AND (claimed_at IS NULL OR abs(:now - claimed_at) > :lease)"  # nobody is about to send it
_TAKE_BACK = f"DELETE FROM jobs WHERE number = :number AND {_FREE}"
_NEWEST = "SELECT number, family FROM jobs WHERE account = ? AND state = 'held' AND forgotten_at IS NULL "
_FAMILY = f"SELECT number FROM jobs WHERE family = :family AND account = :account AND {_FREE} ORDER BY number"
_SPENT = """
SELECT (SELECT count(*) FROM jobs WHERE account = :account AND sent_at >= :day),
  (SELECT count(*) FROM jobs WHERE account = :account AND sent_at >= :month),
  (SELECT count(*) FROM jobs WHERE account = :account AND state = 'held')"""


class Entry(NamedTuple):
    """A prompt for the outbox: the job it was made from, the family it was taken out of, and whether it is to pause."""

    prompt: str
    parent: int | None = None
    family: int | None = None
    paused: bool = False


class TakenBack(NamedTuple):
    """Jobs that left the outbox unsent, and the text that makes their prompts again: empty for a batch too large."""

    jobs: tuple[Job, ...]
    text: str


class Entering:
    """Into the outbox and out again, unsent; see `JobStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hold(self, prompt: str, *, account: str, now: float, not_before: float, parent: int | None = None) -> Job:
        """A new job in the outbox; it may leave at `not_before`. `parent`: the job it was made from."""
        return self.hold_all([Entry(prompt, parent)], account=account, now=now, not_before=not_before)[0]

    def hold_all(
        self,
        entries: Sequence[Entry],
        *,
        account: str,
        now: float,
        not_before: float,
        template: str | None = None,
        at_once: int | None = None,
        budget: Budget | None = None,
    ) -> list[Job]:
        """New jobs in the outbox, all of them or none; raises OverBudget with none, whatever other programs send.

        `template` (empty for a batch) makes them a family of that text; at most `at_once` of it are with Whisul at a
        time.
        """
        with self._database.write() as connection:
            if budget:
                check_budget(budget, _spent(connection, account, now), len(entries))
            family = None
            if template is not None:
                sql = "INSERT INTO families (template, made_at, at_once) VALUES (?, ?, ?)"
                family = connection.execute(sql, (storable(template), now, at_once)).lastrowid
            numbers = [
                connection.execute(_HOLD, _values(connection, entry, account, now, not_before, family)).lastrowid or 0
                for entry in entries
            ]
            return fetch(self._database, numbers)

    def take_back(self, number: int) -> Job | None:
        """A held job that nobody is about to send leaves the store and is returned; its prompt stays in the history."""
        with self._database.write() as connection:
            return next(iter(self._taken(connection, [number])), None)

    def take_back_last(self, account: str) -> TakenBack | None:
        """The newest held job, with all held ones of its family; None where there is none, or it is leaving already."""
        with self._database.write() as connection:
            newest = connection.execute(_NEWEST + "ORDER BY number DESC LIMIT 1", (account,)).fetchone()
            if newest is None:
                return None
            number, family = newest
            values = {"family": family, "account": account} | self._lease()
            numbers = [row[0] for row in connection.execute(_FAMILY, values)] if family is not None else [number]
            jobs = self._taken(connection, numbers)
            if not jobs:
                return None
            text = _template(connection, family)
            if not text:
                text = joined([job.prompt for job in jobs]) if len(jobs) <= MOST_SONGS else ""
            return TakenBack(tuple(jobs), text)

    def spent(self, account: str, now: float) -> Spent:
        """What the account's submissions of this day and month are, those in the outbox included."""
        with self._database.at_work() as connection:
            return _spent(connection, account, now)

    def _taken(self, connection: sqlite3.Connection, numbers: Sequence[int]) -> list[Job]:
        taken: list[Job] = []
        for number in numbers:
            rows = connection.execute(SELECT_JOB + "WHERE number = ?", (number,)).fetchall()
            if connection.execute(_TAKE_BACK, {"number": number} | self._lease()).rowcount:
                taken += jobs_of(self._database, rows)
        return taken

    def _lease(self) -> dict[str, float]:
        return {"now": self._database.clock(), "lease": CLAIM_SECONDS}


def keep_prompt(connection: sqlite3.Connection, text: str, now: float) -> int:
    """The number of a prompt's (storable) text, which was used now."""
    row = connection.execute(_KEEP_PROMPT, {"digest": prompt_digest(text), "now": now, "text": text}).fetchone()
    return int(row[0])


def new_client_id() -> str:
    """What tells a submission from every other: 32 hex digits."""
    return os.urandom(16).hex()


def _values(
    connection: sqlite3.Connection, entry: Entry, account: str, now: float, not_before: float, family: int | None
) -> dict[str, object]:
    text = storable(entry.prompt)
    return {
        "prompt": keep_prompt(connection, text, now),
        "account": account,
        "client_id": new_client_id(),
        "now": now,
        "not_before": not_before,
        "sort_name": sort_name(None, text),
        "parent": entry.parent,
        "family": entry.family if family is None else family,
        "paused": entry.paused,
    }


def _template(connection: sqlite3.Connection, family: int | None) -> str | None:
    """The family's text, where none of it is left: with some of it sent, the whole would pay for these twice."""
    if family is None or connection.execute("SELECT 1 FROM jobs WHERE family = ? LIMIT 1", (family,)).fetchone():
        return None
    row = connection.execute(
        f"SELECT substr(template, 1, {LONGEST_TEMPLATE}) FROM families WHERE id = ?", (family,)
    ).fetchone()
    return str(row[0]) if row else None


def _spent(connection: sqlite3.Connection, account: str, now: float) -> Spent:
    day, month = day_and_month(now)
    left_today, left, waiting = connection.execute(_SPENT, {"account": account, "day": day, "month": month}).fetchone()
    return Spent(left_today + waiting, left + waiting)
