"""The file: opening, rights, threads, and every kind of trouble, each with its own error and nothing overwritten."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import stat
import struct
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import whisul_tui
from tests.storage.conftest import ACCOUNT, START, Bring
from whisul_tui.domain import JobState
from whisul_tui.storage import (
    Database,
    Drafts,
    JobStore,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
    View,
    Windows,
    opening,
    schema,
)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _closed_store(path: Path, prompts: int = 3) -> list[int]:
    with Database.open(path) as database:
        store = JobStore(database)
        return [store.hold(f"p{n}", account=ACCOUNT, now=n, not_before=n).number for n in range(prompts)]


def test_a_new_store_is_private_whole_and_of_the_right_kind(path: Path, database: Database) -> None:
    old = os.umask(0)
    try:
        JobStore(database).hold("p", account=ACCOUNT, now=START, not_before=START)
        names = sorted(file.name for file in path.parent.iterdir())
        assert names == ["jobs.db", "jobs.db-shm", "jobs.db-wal", "jobs.db.ballast"]
        assert {_mode(file) for file in path.parent.iterdir()} == {0o600}
        assert _mode(path.parent) == 0o700
    finally:
        os.umask(old)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "application_id", "user_version")
    values = [database.query(f"PRAGMA {name}")[0][0] for name in pragmas]
    assert values == ["wal", 2, 1, 5000, schema.APPLICATION_ID, len(schema.STEPS)]
    tables = database.query(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    assert {row["name"] for row in tables if not row["strict"]} == set()
    assert len(tables) >= 6


def test_rights_that_were_too_wide_are_narrowed(path: Path) -> None:
    _closed_store(path)
    path.chmod(0o644)
    with Database.open(path) as database:
        assert _mode(path) == 0o600
        assert _mode(path.with_name("jobs.db-wal")) == 0o600
        assert database.query("SELECT count(*) FROM jobs")[0][0] == 3


def test_what_was_written_is_there_after_a_restart(path: Path) -> None:
    numbers = _closed_store(path)
    with Database.open(path) as database:
        database.check()
        assert Windows(database).numbers(View(), 9) == numbers[::-1]


def test_a_link_to_the_store_is_followed(path: Path, tmp_path: Path) -> None:
    _closed_store(path)
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with Database.open(link) as database:
        JobStore(database).hold("p", account=ACCOUNT, now=START, not_before=START)
        assert database.path == path.resolve()


def test_opening_asks_the_same_of_a_large_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No statement of the start looks at more than one row or page of the jobs."""
    _closed_store(path)
    statements: list[str] = []
    connect = opening.connect

    def watched(*arguments: str | Path) -> sqlite3.Connection:
        connection = connect(*arguments)  # type: ignore[arg-type]
        connection.set_trace_callback(statements.append)
        return connection

    monkeypatch.setattr(opening, "connect", watched)
    Database.open(path).close()
    assert statements == [
        "PRAGMA schema_version",
        "PRAGMA user_version",
        "SELECT number FROM jobs LIMIT 1",
    ]


# Trouble with the file as it is found.


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("dear diary\n" * 500)


def _foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE jobs (number INTEGER)")


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _short(path: Path) -> None:
    os.truncate(path, 60)


def _zero_schema(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\0" * 3996)


@pytest.mark.parametrize("harm", [_empty, _text, _foreign, _cut, _short, _zero_schema])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_broken_or_foreign_file_is_named_and_left_as_it_is(
    path: Path, harm: Callable[[Path], None], read_only: bool
) -> None:
    _closed_store(path)
    harm(path)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match=r"mv jobs\.db jobs\.db\.broken"):
        Database.open(path, read_only=read_only)
    assert path.read_bytes() == before


def test_a_folder_in_the_files_place(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreDamaged, match="not a regular file"):
        Database.open(path)


def test_a_journal_without_its_store_is_not_fed_to_a_new_one(path: Path) -> None:
    path.parent.mkdir()
    journal = path.with_name("jobs.db-wal")
    journal.write_bytes(b"the last changes")
    with pytest.raises(StoreDamaged, match="journal"):
        Database.open(path)
    assert not path.exists()
    assert journal.read_bytes() == b"the last changes"


def test_damage_inside_is_found_by_the_check_and_never_ends_in_a_traceback(path: Path, tmp_path: Path) -> None:
    with Database.open(path) as database, database.write():
        store = JobStore(database)
        for n in range(200):
            store.hold(f"prompt {n} " + "lorem ipsum " * 20, account=ACCOUNT, now=n, not_before=n)
    found, size = 0, path.stat().st_size
    whole = path.read_bytes()
    pages = [page for page in range(1, size // 4096) if whole[page * 4096 : (page + 1) * 4096].strip(b"\0")]
    pages = random.Random(5).sample(pages, 60)
    for copy, page in enumerate(pages):
        target = tmp_path / f"copy{copy}" / "jobs.db"
        target.parent.mkdir()
        shutil.copy(path, target)
        with target.open("r+b") as file:
            file.seek(page * 4096)
            file.write(b"\0" * 4096)
        try:
            with Database.open(target) as database:
                Windows(database).rows(View(), 0, 1000)
                database.check()
        except StoreDamaged:
            found += 1
        assert target.stat().st_size == size
    assert found == 60


def test_values_that_no_program_of_ours_writes(path: Path) -> None:
    _closed_store(path, 1)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE jobs SET created_at = 1e300")
        connection.commit()
    with Database.open(path) as database, pytest.raises(StoreDamaged, match="impossible value"):
        Windows(database).rows(View(), 0, 1)


def test_text_that_is_no_utf8(path: Path) -> None:
    _closed_store(path, 1)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE jobs SET message = CAST(x'ff41' AS TEXT)")
        connection.commit()
    with Database.open(path) as database, pytest.raises(StoreDamaged, match="UTF-8"):
        Windows(database).rows(View(), 0, 1)


def test_a_newer_schema_is_refused_and_left_as_it_is(path: Path) -> None:
    _closed_store(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(schema.STEPS) + 1}")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreNewer, match="Update whisul-tui"):
            Database.open(path, read_only=read_only)
    assert path.read_bytes() == before


def test_a_store_that_another_program_migrates_meanwhile_takes_no_write(path: Path, store: JobStore) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(schema.STEPS) + 1}")
    with pytest.raises(StoreNewer):
        store.hold("p", account=ACCOUNT, now=START, not_before=START)


# Trouble while it is open.


@pytest.mark.parametrize("replace", [False, True])
def test_an_accepted_job_is_not_written_into_a_file_that_is_gone(
    path: Path, store: JobStore, bring: Bring, replace: bool
) -> None:
    number = bring(JobState.SENDING)
    path.rename(path.with_name("elsewhere.db"))
    if replace:
        shutil.copy(path.with_name("elsewhere.db"), path)
    with pytest.raises(StoreMissing, match="deleted or replaced"):
        store.accepted(number, "abc", START, START)
    with pytest.raises(StoreMissing), store.turn():
        pass


def test_a_journal_that_is_gone_is_noticed(path: Path, store: JobStore, bring: Bring) -> None:
    number = bring(JobState.SENDING)
    path.with_name("jobs.db-wal").unlink()
    with pytest.raises(StoreMissing):
        store.accepted(number, "abc", START, START)


def test_a_file_that_goes_during_the_transaction_is_noticed_before_the_commit(path: Path, store: JobStore) -> None:
    def hold() -> None:
        with store.database.write():
            store.hold("p", account=ACCOUNT, now=START, not_before=START)
            path.unlink()

    with pytest.raises(StoreMissing):
        hold()


def test_a_full_disk_loses_nothing_and_heals(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    connection = store.database.read()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFull, match="Free some space"):
        store.hold("x" * 10_000, account=ACCOUNT, now=START, not_before=START)
    assert not connection.in_transaction
    assert Windows(store.database).numbers(View(), 9) == [number]
    connection.execute("PRAGMA max_page_count = 1000000")
    assert store.hold("x" * 10_000, account=ACCOUNT, now=START, not_before=START).number > number


def test_the_ballast_makes_room_for_what_was_paid_for(path: Path, store: JobStore, bring: Bring) -> None:
    number = bring(JobState.SENDING)
    ballast = path.with_name("jobs.db.ballast")
    assert ballast.stat().st_blocks * 512 >= 64 * 1024, "really set aside, not a hole"
    connection = store.database.read()
    connection.execute("PRAGMA max_page_count = 1")

    def step() -> bool:
        if not ballast.exists():
            connection.execute("PRAGMA max_page_count = 1000000")
        store.hold("x" * 10_000, account=ACCOUNT, now=START, not_before=START)
        return True

    assert store.database.with_ballast(step)
    assert not ballast.exists()
    connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreFull):
        store.database.with_ballast(lambda: store.hold("y" * 90_000, account=ACCOUNT, now=START, not_before=START))
    assert store.accepted(number, "abc", START, START), "an update in place needs no page"
    Database.open(path).close()
    assert ballast.exists()


def test_a_writer_that_holds_on_makes_others_busy_but_no_reader_waits(
    path: Path, store: JobStore, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = bring()
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)
    with Database.open(path) as other:
        with store.database.write():
            store.star(number, True)
            with pytest.raises(StoreBusy, match="ctrl"):
                JobStore(other).star(number, False)
            row = Windows(other).rows(View(), 0, 1)[0]
            assert not row.starred, "a reader sees what was committed last"
        assert Windows(other).rows(View(), 0, 1)[0].starred
        assert JobStore(other).star(number, False)


def test_only_a_durable_write_waits_for_the_disk(database: Database) -> None:
    def synchronous() -> int:
        return int(database.read().execute("PRAGMA synchronous").fetchone()[0])

    store, full, normal = JobStore(database), 2, 1
    with database.write():
        assert synchronous() == full
    with store.turn(durable=False):
        assert synchronous() == normal
        store.hold("inside", account="a", now=1.0, not_before=1.0)  # joins
    assert synchronous() == full
    with pytest.raises(RuntimeError), database.write(durable=False):
        raise RuntimeError
    assert synchronous() == full
    assert store.counts()[JobState.HELD] == 1


@pytest.mark.parametrize("room", ["jobs", "session.py", "cli", "app.py", "workers", "screens", "widgets"])
def test_no_other_room_speaks_to_sqlite(room: str) -> None:
    place = Path(whisul_tui.__file__).parent / room
    for source in [place] if place.is_file() else sorted(place.rglob("*.py")):
        assert not re.search(r"PRAGMA|\bsqlite3\b|\.execute\(", source.read_text()), source


def test_a_closed_store_says_so(path: Path) -> None:
    database = Database.open(path)
    database.close()
    database.close()
    with pytest.raises(StoreError, match="closed"):
        database.query("SELECT 1")
    with pytest.raises(StoreError, match="closed"), database.write():
        pass


# Threads.


def test_each_thread_has_its_connection_and_ended_threads_give_theirs_back(database: Database) -> None:
    store = JobStore(database)
    trouble: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for n in range(10):
                store.hold(f"{name}-{n}", account=ACCOUNT, now=START, not_before=START)
                assert Windows(database).total(View()) > 0
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            trouble.append(error)

    for _ in range(3):
        threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert trouble == []
    assert store.counts()[JobState.HELD] == 120
    assert len(database._lines) <= 5


def test_closing_ends_a_long_read_of_another_thread(path: Path) -> None:
    database = Database.open(path)
    started, ended = threading.Event(), []

    def read_on() -> None:
        database.read().set_progress_handler(lambda: started.set() or 0, 1000)
        try:
            database.query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
        except StoreError as error:
            ended.append(error)

    thread = threading.Thread(target=read_on)
    thread.start()
    assert started.wait(5)
    database.close()
    thread.join(5)
    assert not thread.is_alive()
    assert len(ended) == 1


def test_a_damaged_file_keeps_its_journal(path: Path, tmp_path: Path) -> None:
    _closed_store(path)
    left = tmp_path / "left"
    with Database.open(path) as database:
        Drafts(database).save("write", "not yet sent", START)
        shutil.copytree(path.parent, left)  # as kill -9 would leave it
    _zero_schema(left / "jobs.db")
    before = {name: (left / name).read_bytes() for name in ("jobs.db", "jobs.db-wal")}
    assert len(before["jobs.db-wal"]) > 4096
    with pytest.raises(StoreDamaged):
        Database.open(left / "jobs.db")
    assert {name: (left / name).read_bytes() for name in before} == before


def test_data_version_tells_of_other_connections_alone(path: Path, store: JobStore, bring: Bring) -> None:
    before = store.database.data_version()
    number = bring()
    assert store.database.data_version() == before, "one's own writes are known"
    with Database.open(path) as other:
        assert JobStore(other).star(number, True)
    assert store.database.data_version() != before


def test_a_transaction_inside_another_is_part_of_it(store: JobStore) -> None:
    def fail() -> None:
        with store.database.write():
            store.hold("p", account=ACCOUNT, now=START, not_before=START)
            raise KeyError("stop")

    with pytest.raises(KeyError):
        fail()
    assert sum(store.counts().values()) == 0


# Migrations.


def test_an_older_store_is_backed_up_and_led_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _closed_store(path)
    old = len(schema.STEPS)
    steps = [*schema.STEPS, ("ALTER TABLE jobs ADD COLUMN one TEXT",), ("ALTER TABLE jobs ADD COLUMN two TEXT",)]
    monkeypatch.setattr(schema, "STEPS", steps)
    with pytest.raises(StoreReadOnly, match="older"):
        Database.open(path, read_only=True)
    with Database.open(path) as database:
        assert database.query("PRAGMA user_version")[0][0] == old + 2
        assert database.query("SELECT one, two FROM jobs LIMIT 1")[0][0] is None
    (backup,) = path.parent.glob("*.backup")  # one an upgrade, of the store as it was before all of it
    assert backup.name == f"jobs.db.v{old}.backup"
    assert _mode(backup) == 0o600
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (old,)
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (3,)
        assert connection.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)


def test_three_backups_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _closed_store(path)
    newest = len(schema.STEPS) + 4  # the step before the last of five
    for step in range(5):
        monkeypatch.setattr(schema, "STEPS", [*schema.STEPS, (f"ALTER TABLE jobs ADD COLUMN new{step} TEXT",)])
        Database.open(path).close()
        for backup in path.parent.glob("*.backup"):
            os.utime(backup, (0, backup.stat().st_mtime - 2 * 86_400))
    kept = [f"jobs.db.v{version}.backup" for version in range(newest - 2, newest + 1)]
    assert sorted(backup.name for backup in path.parent.glob("*.backup")) == kept


def test_a_step_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _closed_store(path)
    old = len(schema.STEPS)
    monkeypatch.setattr(schema, "STEPS", [*schema.STEPS, ("ALTER TABLE jobs ADD COLUMN one TEXT", "SELECT nonsense")])
    with pytest.raises(StoreError, match="nonsense"):
        Database.open(path)
    monkeypatch.undo()
    with Database.open(path) as database:
        assert database.query("PRAGMA user_version")[0][0] == old
        assert "one" not in database.query("SELECT * FROM jobs")[0].keys()  # noqa: SIM118 - a Row iterates values


def test_the_header_keeps_our_mark_outside_the_journal(path: Path, database: Database) -> None:
    """What `inspect` reads from the file itself must be there from the first moment."""
    header = path.read_bytes()[:100]
    assert struct.unpack_from(">I", header, 68)[0] == schema.APPLICATION_ID
    assert database.query("SELECT 1")[0][0] == 1
