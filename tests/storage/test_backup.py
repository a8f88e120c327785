"""Backup and restore: one moment of the store, put back under running programs, and nothing is sent because of it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.storage.conftest import ACCOUNT, OWNER, START, Bring, HandClock, found
from whisul_tui.domain import Job, JobState, Song
from whisul_tui.storage import Database, JobStore, StoreDamaged, StoreNewer, View, Windows
from whisul_tui.storage.backup import back_up, backup_name, checked
from whisul_tui.storage.restoring import Restored, restore

_RUNNING = """
import pathlib, sys
from whisul_tui.storage import Database, JobStore, View, Windows
with Database.open(pathlib.Path(sys.argv[1])) as database:
    windows, store = Windows(database), JobStore(database)
    print(windows.total(View()), windows.numbers(View(search="rain"), 9), flush=True)
    for line in sys.stdin:
        print(windows.total(View()), windows.numbers(View(search="rain"), 9), flush=True)
        store.hold("one more", account="a", now=1.0, not_before=1.0)
"""


def jobs(store: JobStore) -> dict[str, Job]:
    return {job.client_id: job for job in Windows(store.database).rows(View(), 0, 1000)}


def again(store: JobStore, source: Path, name: str = "before.db") -> Restored:
    return restore(store.database, source, store.database.path.parent / name)


def test_what_was_there_is_there_again(store: JobStore, bring: Bring, tmp_path: Path) -> None:
    one = bring(JobState.COMPLETED, "soft rain", song=Song("Rain", 80.0, 100.0, tags=("lofi",)))
    two = bring(JobState.FAILED, "hard rain", message="no")
    store.tag([one], ["demo"])
    backup = tmp_path / "b" / "backup.db"
    assert back_up(store.database.path, backup) == 2
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.iterdir()] == ["backup.db"]
    assert checked(backup) == 2
    then = jobs(store)
    store.tag([one], [], ["demo"])
    store.star(two, True)
    store.forget([one], START)
    bring(JobState.COMPLETED, "later", song=Song("Later"))
    revision = Windows(store.database).revision()
    restored = again(store, backup)
    assert (restored.jobs, restored.kept, restored.doubtful) == (2, 0, 0)
    assert jobs(store) == then
    assert Windows(store.database).revision() > revision
    windows = Windows(store.database)
    assert (windows.total(View()), windows.numbers(View(search="tag:demo rain"), 9)) == (2, [one])
    assert windows.numbers(View(search="later"), 9) == []
    assert checked(restored.before) == 3
    assert bring(JobState.COMPLETED, "after", song=Song("After")) > two + 1
    assert windows.numbers(View(search="after"), 9) != []
    assert [path.name for path in store.database.path.parent.glob(".restoring*")] == []
    store.database.check()


def test_what_is_open_now_stays_and_nothing_old_is_sent(
    store: JobStore, bring: Bring, clock: HandClock, tmp_path: Path
) -> None:
    sent_since, lost = bring(JobState.HELD, "sent since"), bring(JobState.HELD, "only in the backup")
    on_its_way, runs = bring(JobState.SENDING, "on its way then"), bring(JobState.RUNNING, "ran then, gone now")
    back_up(store.database.path, tmp_path / "backup.db")
    with store.turn() as turn:
        assert turn.claim_submission(sent_since, OWNER, clock.now)
    store.leaving(sent_since, OWNER, clock.now)
    store.accepted(sent_since, "job-paid", clock.now, clock.now + 5)
    store.settled(sent_since, JobState.COMPLETED, clock.now, song=Song("Paid"))
    store.star(sent_since, True)
    with store.database.write() as connection:
        connection.execute("DELETE FROM jobs WHERE number IN (?, ?, ?)", (lost, on_its_way, runs))
    held, sending, running = (
        bring(state, f"now {state}") for state in (JobState.HELD, JobState.SENDING, JobState.RUNNING)
    )
    before = {number: found(store, number) for number in (held, sending, running)}
    restored = again(store, tmp_path / "backup.db")
    assert (restored.kept, restored.doubtful) == (4, 2)
    assert {number: found(store, number) for number in before} == before
    paid = found(store, sent_since)
    assert (paid.state, paid.job_id, paid.starred) == (JobState.COMPLETED, "job-paid", False)
    for number, was in ((lost, "held"), (on_its_way, "sending")):
        job = found(store, number)
        assert job.state is JobState.UNCONFIRMED
        assert f"had it as {was}" in (job.message or "")
    assert found(store, runs).state is JobState.RUNNING
    with store.turn() as turn:
        assert turn.ready_submission(ACCOUNT, START + 1e6) == held
        assert turn.waiting_submissions(ACCOUNT, START + 1e6) == 1
    assert store.accepted(sending, "job-late", clock.now, clock.now + 5, owner=OWNER)
    windows = Windows(store.database)
    for words, number in (
        ("paid", sent_since),
        ('"only in the backup"', lost),
        ('"now held"', held),
        ('"ran then"', runs),
    ):
        assert windows.numbers(View(search=words), 9) == [number]
    assert windows.total(View(search="now")) == 4


def test_another_stores_numbers_give_way_to_those_that_programs_go_by(
    store: JobStore, bring: Bring, tmp_path: Path
) -> None:
    with Database.open(tmp_path / "other" / "jobs.db", clock=lambda: START) as other:
        theirs = JobStore(other)
        for n in range(4):
            theirs.hold(f"theirs {n}", account=ACCOUNT, now=START, not_before=START, parent=n or None)
        with other.write() as connection:
            connection.execute("UPDATE jobs SET state = 'failed', job_id = 'x' || number, family = NULL")
            connection.execute("INSERT INTO families (id, template, made_at) VALUES (1, 'theirs', 1)")
            connection.execute("UPDATE jobs SET family = 1 WHERE number = 4")
    back_up(tmp_path / "other" / "jobs.db", tmp_path / "backup.db")
    bring(JobState.FAILED, "mine, over")
    mine = bring(JobState.RUNNING, "mine")
    with store.database.write() as connection:
        connection.execute("INSERT INTO families (id, template, made_at) VALUES (1, 'mine', 1)")
        connection.execute("UPDATE jobs SET family = 1, parent = 1 WHERE number = ?", (mine,))
    restored = again(store, tmp_path / "backup.db")
    assert restored.jobs == 5
    kept = found(store, mine)
    assert (kept.prompt, kept.state, kept.parent, kept.family) == ("mine", JobState.RUNNING, None, None)
    by_prompt = {job.prompt: job for job in jobs(store).values()}
    assert by_prompt["theirs 1"].number > 4
    assert by_prompt["theirs 2"].parent == by_prompt["theirs 1"].number
    assert by_prompt["theirs 1"].parent == by_prompt["theirs 0"].number
    assert by_prompt["theirs 3"].family == 1
    windows = Windows(store.database)
    assert windows.numbers(View(search='"mine"'), 9) == [mine]
    assert sorted(windows.numbers(View(search="theirs"), 9)) == sorted(
        job.number for prompt, job in by_prompt.items() if prompt.startswith("theirs")
    )
    store.forget([by_prompt["theirs 1"].number], START)
    assert len(windows.numbers(View(search="theirs"), 9)) == 3
    with store.database.write() as connection:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_a_store_whose_index_cannot_be_copied_has_it_made_anew(
    store: JobStore, bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(JobState.FAILED, "soft rain")
    back_up(store.database.path, tmp_path / "backup.db")
    bring(JobState.HELD, "hard rain")

    def refused(_connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("table words_data may not be modified")

    monkeypatch.setattr("whisul_tui.storage.restoring._copy_words", refused)
    again(store, tmp_path / "backup.db")
    assert Windows(store.database).total(View(search="rain")) == 2


def test_a_program_that_runs_sees_it_and_goes_on(store: JobStore, bring: Bring, tmp_path: Path) -> None:
    path = store.database.path
    one = bring(JobState.COMPLETED, "soft rain", song=Song("Rain"))
    with subprocess.Popen(
        [sys.executable, "-c", _RUNNING, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stdout.readline() == f"1 [{one}]\n"
        back_up(path, tmp_path / "backup.db")
        bring(JobState.COMPLETED, "more rain", song=Song("More"))
        again(store, tmp_path / "backup.db")
        print(file=program.stdin, flush=True)
        assert program.stdout.readline() == f"1 [{one}]\n"
        program.stdin.close()
        assert program.wait(20) == 0
    assert [job.prompt for job in jobs(store).values()] == ["one more", "soft rain"]


def test_what_is_no_whole_backup_changes_nothing(store: JobStore, bring: Bring, tmp_path: Path) -> None:
    for n in range(60):
        bring(JobState.FAILED, f"{n} " + "rain " * 200, message="no " * 300)
    before, good = jobs(store), tmp_path / "good.db"
    back_up(store.database.path, good)
    with pytest.raises(FileExistsError):
        back_up(store.database.path, good)
    bad = tmp_path / "bad.db"
    bad.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    with pytest.raises(StoreDamaged):
        again(store, bad)
    torn = bytearray(good.read_bytes())
    torn[40_960:61_440] = b"\xff" * 20_480
    bad.write_bytes(bytes(torn))
    with pytest.raises(StoreDamaged):
        again(store, bad)
    bad.write_text("no store")
    with pytest.raises(StoreDamaged):
        again(store, bad)
    bad.write_bytes(good.read_bytes())
    with closing(sqlite3.connect(bad)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreNewer):
        again(store, bad)
    assert jobs(store) == before
    assert not (store.database.path.parent / "before.db").exists()


def test_the_backup_of_before_must_be_made_first(store: JobStore, bring: Bring, tmp_path: Path) -> None:
    bring(JobState.FAILED)
    back_up(store.database.path, tmp_path / "backup.db")
    more = bring(JobState.FAILED)
    taken = tmp_path / "taken.db"
    taken.touch()
    with pytest.raises(FileExistsError):
        restore(store.database, tmp_path / "backup.db", taken)
    assert found(store, more).state is JobState.FAILED
    assert backup_name(Path("/x/jobs.db"), START).as_posix() == "/x/backups/jobs-20270115-080000.db"
