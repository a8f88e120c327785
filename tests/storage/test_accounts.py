"""Whose jobs the store holds: by account, with what is open there."""

from __future__ import annotations

from pathlib import Path

from tests.support.stage import put
from whisul_tui.storage import Database, JobStore
from whisul_tui.storage.accounts import Account, accounts


def test_an_empty_store_has_none(tmp_path: Path) -> None:
    with Database.open(tmp_path / "jobs.db") as database:
        assert accounts(database) == []


def test_accounts_come_by_name_with_their_open_jobs(tmp_path: Path) -> None:
    with Database.open(tmp_path / "jobs.db") as database:
        store = JobStore(database)
        for account, state in (
            ("b@x", "completed"), ("b@x", "completed"), ("a@x", "held"), ("a@x", "running"), ("a@x", "completed"),
            ("c@x", "failed"), ("d@x", "unconfirmed"), ("e@x", "sending"),
        ):  # fmt: skip
            put(store, account, state=state)
        assert accounts(database) == [
            Account("a@x", 2), Account("b@x"), Account("c@x"), Account("d@x", 1), Account("e@x", 1),
        ]  # fmt: skip


def test_no_row_is_read_for_accounts_but_through_an_index(tmp_path: Path) -> None:
    from whisul_tui.storage import accounts as room

    with Database.open(tmp_path / "jobs.db") as database:
        for state, index in room._INDEXES.items():
            plan = database.query("EXPLAIN QUERY PLAN " + room._JUMPS.format(index=index, state=state))
            assert not [row for row in plan if str(row[-1]).startswith("SCAN jobs") and index not in str(row[-1])]
