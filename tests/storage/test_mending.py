"""A broken store is set aside whole, what can be read of it comes along, and nothing is overwritten."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.storage.conftest import ACCOUNT, START, Bring, HandClock
from whisul_tui.domain import JobState, Song
from whisul_tui.storage import (
    Database,
    JobStore,
    StoreDamaged,
    StoreError,
    StoreNewer,
    StoreReadOnly,
    View,
    Windows,
    mending,
    opening,
    schema,
)
from whisul_tui.storage.mending import open_or_mend

JOBS = 400


@pytest.fixture
def filled(path: Path, clock: HandClock) -> Path:
    """A closed store of many jobs."""
    with Database.open(path, clock=clock) as database:
        store = JobStore(database)
        for index in range(JOBS):
            store.hold(f"prompt {index} " + "x" * 200, account=ACCOUNT, now=START, not_before=START)
    return path


def asides(path: Path) -> list[Path]:
    return sorted(p for p in path.parent.glob("jobs.db.damaged-*") if p.name.count("-") == 2)


def zero_page(path: Path, number: int) -> None:
    with path.open("r+b") as file:
        file.seek(4096 * number)
        file.write(bytes(4096))


HARMS: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("not a database"),
    "half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "header": lambda path: path.write_bytes(b"\0" * 100 + path.read_bytes()[100:]),
    "schema page": lambda path: path.write_bytes(path.read_bytes()[:100] + b"\xff" * 3996 + path.read_bytes()[4096:]),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_store_is_set_aside_and_a_new_one_begun(filled: Path, harm: str) -> None:
    HARMS[harm](filled)
    before = filled.read_bytes()
    opened = open_or_mend(filled, account=ACCOUNT, clock=lambda: START)
    with opened.database as database:
        JobStore(database).hold("a new one", account=ACCOUNT, now=START, not_before=START)
    (aside,) = asides(filled)
    assert aside.read_bytes() == before
    assert aside.name == "jobs.db.damaged-20270115-080000"
    assert aside.name in opened.notice
    assert stat.S_IMODE(filled.stat().st_mode) == 0o600


def test_all_that_can_be_read_comes_along(filled: Path, clock: HandClock) -> None:
    pages = filled.stat().st_size // 4096
    zero_page(filled, pages // 2)
    with Database.open(filled, clock=clock) as database, pytest.raises(StoreDamaged):
        mending.check_pages(database)
    opened = open_or_mend(filled, account=ACCOUNT, clock=clock)
    with opened.database as database:
        database.check()
        jobs = Windows(database).rows(View(), 0, 1000)
        assert JOBS * 0.8 < len(jobs) <= JOBS
        assert f"{len(jobs)} jobs of it" in opened.notice
    again = open_or_mend(filled, account=ACCOUNT, clock=clock)  # once is enough
    again.database.close()
    assert again.notice == ""
    assert len(asides(filled)) == 1


def test_a_large_store_is_read_whole_once_a_day(
    filled: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small one at each start; a large one where it was found whole is left alone for a day, a bad one never."""
    with Database.open(filled, clock=clock) as database:
        read: list[float] = []
        check = database.check
        monkeypatch.setattr(database, "check", lambda: (read.append(clock()), check()))
        for _ in range(2):
            mending.check_pages(database, clock=clock)
        assert len(read) == 2
        monkeypatch.setattr(mending, "LARGE", 4096)
        for _ in range(3):
            mending.check_pages(database, clock=clock)
        assert len(read) == 3
        clock.now += 86_401
        mending.check_pages(database, clock=clock)
        assert len(read) == 4
        clock.now -= 2 * 86_400  # a clock set back says nothing
        mending.check_pages(database, clock=clock)
        assert len(read) == 5
    clock.now += 2 * 86_400
    zero_page(filled, filled.stat().st_size // 4096 // 2)
    with Database.open(filled, clock=clock) as database:
        for _ in range(2):
            with pytest.raises(StoreDamaged):
                mending.check_pages(database, clock=clock)


def test_every_column_comes_along(path: Path, clock: HandClock, bring: Bring, database: Database) -> None:
    bring(JobState.UNCONFIRMED)
    number = bring(
        JobState.COMPLETED, "harp", song=Song("Title", 82, 182, "https://h/a.mp3", "https://h/a.jpg", ("a",))
    )
    store = JobStore(database)
    store.star(number, True)
    before = [store.get(n) for n in (1, 2)]
    database.close()
    mending._suspicion(path).touch()
    whole = open_or_mend(path, account=ACCOUNT, clock=clock)  # looked at again, and found whole
    whole.database.close()
    assert (whole.notice, asides(path)) == ("", [])
    shutil.copy(path, path.with_name("copy"))
    with Database.open(path.with_name("new.db"), clock=clock) as new:
        assert mending.salvage(path.with_name("copy"), new) == 2
        assert [JobStore(new).get(n) for n in (1, 2)] == before


def test_what_only_the_journal_knows_is_followed(filled: Path, clock: HandClock) -> None:
    line = {"client_id": "c" * 32, "job_id": "paid-1", "at": START - 5}
    filled.with_name(mending.JOURNAL).write_text(json.dumps(line) + "\nnot a line\n" + json.dumps({"number": 1}) + "\n")
    filled.write_bytes(b"gone")
    with open_or_mend(filled, account=ACCOUNT, clock=clock).database as database:
        job = JobStore(database).find("paid-1")
        assert job is not None
        assert (job.job_id, job.state, job.account, job.client_id) == ("paid-1", JobState.RUNNING, ACCOUNT, "c" * 32)


def test_a_file_of_another_program_stays_where_it_is(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA application_id = 42")
        other.execute("CREATE TABLE t (x)")
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="another program"):
        open_or_mend(path, account=ACCOUNT)
    assert path.read_bytes() == before


def test_a_folder_in_its_place_stays_too(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError):
        open_or_mend(path, account=ACCOUNT)
    assert path.is_dir()


def test_a_newer_store_is_read_and_not_written(filled: Path, clock: HandClock) -> None:
    with closing(sqlite3.connect(filled)) as newer:
        newer.execute("ALTER TABLE jobs ADD COLUMN mood TEXT")
        newer.execute(f"PRAGMA user_version = {len(schema.STEPS) + 1}")
        newer.commit()
    opened = open_or_mend(filled, account=ACCOUNT, clock=clock)
    with opened.database as database:
        assert "newer whisul-tui" in opened.notice
        assert Windows(database).total(View()) == JOBS
        with pytest.raises(StoreNewer, match="Update whisul-tui"):
            JobStore(database).hold("x", account=ACCOUNT, now=START, not_before=START)


def test_a_store_that_cannot_be_written_is_read(
    filled: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_is_writable", lambda _path: False)
    opened = open_or_mend(filled, account=ACCOUNT, clock=clock)
    with opened.database as database:
        assert Windows(database).total(View()) == JOBS
        assert "nothing is sent" in opened.notice
        with pytest.raises(StoreReadOnly):
            JobStore(database).hold("x", account=ACCOUNT, now=START, not_before=START)


def test_where_no_store_can_be_made_an_empty_one_stands_in(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_path: Path) -> None:
        if _path == path:
            raise PermissionError(13, "Permission denied")
        whole(_path)

    whole = opening._create
    monkeypatch.setattr(opening, "_create", refuses)
    opened = open_or_mend(path, account=ACCOUNT)
    with opened.database as database:
        assert Windows(database).total(View()) == 0
        with pytest.raises(StoreReadOnly, match="cannot be written"):
            JobStore(database).hold("x", account=ACCOUNT, now=START, not_before=START)
    assert not path.exists()


def test_a_store_that_came_to_a_network_leaves_its_wal(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Database.open(filled) as database:
        assert database.query("PRAGMA journal_mode")[0][0] == "wal"
    monkeypatch.setattr(opening, "is_networked", lambda _folder: True)
    with Database.open(filled) as database:
        assert database.query("PRAGMA journal_mode")[0][0] == "delete"


@pytest.mark.parametrize(("folder", "mode"), [("whisul-tui", 0o700), ("elsewhere", 0o755)])
def test_our_own_folder_is_made_private_and_the_users_is_left(tmp_path: Path, folder: str, mode: int) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder).chmod(0o755)
    Database.open(tmp_path / folder / "jobs.db").close()
    assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == mode
