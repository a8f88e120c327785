"""The journal of what could not be stored, and the telling of network file systems."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.storage.conftest import START, Bring, found
from whisul_tui.domain import JobState
from whisul_tui.storage import Database, JobStore, RecoveryJournal, opening
from whisul_tui.storage.mounts import is_networked


def test_a_paid_job_comes_back_from_the_journal(path: Path, store: JobStore, bring: Bring) -> None:
    sending, unconfirmed, done = bring(JobState.SENDING), bring(JobState.UNCONFIRMED), bring(JobState.RUNNING)
    journal = RecoveryJournal(path)
    for number, job_id in ((sending, "paid-1"), (unconfirmed, "paid-2"), (done, found(store, done).job_id)):
        assert job_id is not None
        journal.note(found(store, number).client_id, job_id, START)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert journal.replay(lambda client_id, job_id: store.recover(client_id, job_id, START + 9)) == 3
    assert [found(store, number).job_id for number in (sending, unconfirmed)] == ["paid-1", "paid-2"]
    assert found(store, sending).state is found(store, unconfirmed).state is JobState.RUNNING
    assert not journal.path.exists()
    assert journal.replay(lambda *_: False) == 0


def test_what_cannot_be_restored_stays_in_the_journal(path: Path, store: JobStore, bring: Bring) -> None:
    journal = RecoveryJournal(path)
    journal.note("f" * 32, "of-a-lost-store", START)
    with journal.path.open("a") as file:
        file.write('[1]\n{"client_id": 7, "job_id": "x"}\n{"client_id": "cut of')
    before = journal.path.read_bytes()
    assert journal.replay(lambda client_id, job_id: store.recover(client_id, job_id, START)) == 0
    assert journal.path.read_bytes() == before
    held = found(store, bring())
    assert not store.recover(held.client_id, "not-sent-yet", START)
    assert not store.recover(found(store, bring(JobState.SENDING)).client_id, "../evil", START)


_MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:25 / /home rw - nfs4 server:/export rw
31 30 8:2 / /home/my\040own rw - xfs /dev/sdb1 rw
32 22 0:30 / /mnt/laptop rw - fuse.sshfs me@laptop: rw
33 22 0:31 / /mnt/win rw - 9p drvfs rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/var/lib", False),
        ("/home/anna/.local/share/whisul", True),
        ("/home/my own/deep/er", False),
        ("/homes", False),
        ("/mnt/laptop", True),
        ("/mnt/win/x", True),
    ],
)
def test_the_mount_that_holds_a_folder_tells(tmp_path: Path, folder: str, expected: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(_MOUNTS)
    assert is_networked(Path(folder), mounts) is expected


def test_no_word_of_the_system_is_no_network(tmp_path: Path) -> None:
    assert not is_networked(tmp_path, tmp_path / "absent")


def test_a_store_on_a_network_keeps_no_write_ahead_log(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "is_networked", lambda folder: folder == path.parent)
    with Database.open(path) as database:
        assert database.query("PRAGMA journal_mode")[0][0] == "delete"
        store = JobStore(database)
        number = store.hold("p", account="a", now=START, not_before=START).number
        with Database.open(path) as other:
            assert JobStore(other).star(number, True)
        assert found(store, number).starred
        assert not path.with_name("jobs.db-wal").exists()
