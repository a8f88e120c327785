"""Stores, a fake Whisul and monitors in virtual time for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from whisul_tui.storage import Database, JobStore

OpenStore = Callable[[Callable[[], float]], JobStore]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "whisul" / "jobs.db"


@pytest.fixture
def open_store(path: Path) -> Iterator[OpenStore]:
    """Opens the store of the test with a clock; each call is a connection of its own, as another process has."""
    with ExitStack() as opened:

        def open_one(clock: Callable[[], float]) -> JobStore:
            database = opened.enter_context(Database.open(path, clock=clock))
            database.read().execute("PRAGMA synchronous = OFF")  # no test here cuts the power
            return JobStore(database)

        yield open_one
