"""The journal of what could not be stored, and the telling of network file systems."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.storage.conftest import START, Bring, found
from whisul_tui.domain import JobState
from whisul_tui.jobs.recovery import Accepted, RecoveryJournal
from whisul_tui.storage import Database, JobStore, opening
from whisul_tui.storage.mounts import is_networked
from whisul_tui.storage.recovery import lines_of


def test_a_paid_job_comes_back_by_its_client_id(store: JobStore, bring: Bring) -> None:
    sending, unconfirmed, done = bring(JobState.SENDING), bring(JobState.UNCONFIRMED), bring(JobState.RUNNING)
    for number, job_id in ((sending, "paid-1"), (unconfirmed, "paid-2"), (done, found(store, done).job_id)):
        assert job_id is not None
        assert store.recover(found(store, number).client_id, job_id, START + 9)
    assert [found(store, number).job_id for number in (sending, unconfirmed)] == ["paid-1", "paid-2"]
    assert found(store, sending).state is found(store, unconfirmed).state is JobState.RUNNING


def test_what_was_never_sent_or_is_not_ours_is_not_recovered(store: JobStore, bring: Bring) -> None:
    assert not store.recover("f" * 32, "of-a-lost-store", START)
    held = found(store, bring())
    assert not store.recover(held.client_id, "not-sent-yet", START)
    assert not store.recover(found(store, bring(JobState.SENDING)).client_id, "../evil", START)


def test_a_store_begun_anew_reads_the_very_lines_that_the_engine_writes(tmp_path: Path) -> None:
    path = tmp_path / "recovery.jsonl"
    journal = RecoveryJournal(path)
    journal.append(Accepted("c" * 32, "job-1", 100.0))
    with path.open("ab") as file:
        file.write(b'{"client_id": "x"}\nnot json\n[' + b"[" * 100_000 + b"\n")
    journal.append(Accepted("d" * 32, "job-2", 1e300))
    assert lines_of(path) == [("c" * 32, "job-1", 100.0), ("d" * 32, "job-2", 0.0)]
    assert lines_of(tmp_path / "none") == []


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
