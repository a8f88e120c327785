"""The journal of last resort: whole lines, kept until they are taken, whatever else stands in the file."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from whisul_tui.jobs.recovery import Accepted, RecoveryJournal


@pytest.fixture
def journal(tmp_path: Path) -> RecoveryJournal:
    return RecoveryJournal(tmp_path / "recovery.jsonl")


def entry(number: int) -> Accepted:
    return Accepted(f"{number:032x}", f"job-{number}", 1_700_000_000.5 + number)


def test_what_is_appended_is_offered_and_what_is_taken_goes(journal: RecoveryJournal) -> None:
    for number in range(3):
        journal.append(entry(number))
    offered: list[Accepted] = []

    def take(accepted: Accepted) -> bool:
        offered.append(accepted)
        return accepted.job_id != "job-1"

    assert journal.settle(take) == 1
    assert offered == [entry(0), entry(1), entry(2)]
    assert [json.loads(line)["job_id"] for line in journal.path.read_text().splitlines()] == ["job-1"]
    assert journal.settle(lambda _: True) == 0
    assert journal.path.read_bytes() == b""


def test_no_journal_is_no_trouble(journal: RecoveryJournal) -> None:
    assert journal.settle(lambda _: True) == 0
    assert not journal.path.exists()


@pytest.mark.parametrize(
    "junk",
    [
        b'{"client_id": "x", "jo',
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b"null\n",
        b'{"client_id": [], "job_id": 7, "at": null}\n',
        b'{"client_id": "c", "job_id": "../x", "at": 1}\n',
    ],
    ids=["cut-short", "no-text", "deep", "null", "wrong-types", "no-job-id"],
)
def test_junk_is_kept_and_hides_nothing(journal: RecoveryJournal, junk: bytes) -> None:
    """A line that a crash or a full disk cut short neither swallows the next one nor is thrown away."""
    journal.path.write_bytes(junk)
    journal.append(entry(7))
    offered: list[Accepted] = []

    def take(accepted: Accepted) -> bool:
        offered.append(accepted)
        return True

    assert journal.settle(take) >= 1
    assert offered == [entry(7)]
    assert junk.rstrip(b"\n") in journal.path.read_bytes()


def test_an_exception_changes_nothing(journal: RecoveryJournal) -> None:
    journal.append(entry(1))

    def broken(_: Accepted) -> bool:
        raise ValueError("the store is full")

    with pytest.raises(ValueError, match="full"):
        journal.settle(broken)
    assert journal.settle(lambda _: True) == 0


def test_appending_and_settling_at_once_loses_nothing(tmp_path: Path) -> None:
    """Four threads append while one settles and declines every other line: each entry is offered until it is taken."""
    path = tmp_path / "recovery.jsonl"
    taken: set[str] = set()

    def write(first: int) -> None:
        for number in range(first, first + 25):
            RecoveryJournal(path).append(entry(number))

    writers = [threading.Thread(target=write, args=(100 * n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    seen: dict[str, int] = {}

    def take(accepted: Accepted) -> bool:
        seen[accepted.job_id] = seen.get(accepted.job_id, 0) + 1
        if seen[accepted.job_id] > 1:
            taken.add(accepted.job_id)
        return accepted.job_id in taken

    while any(writer.is_alive() for writer in writers) or RecoveryJournal(path).settle(take):
        RecoveryJournal(path).settle(take)
    for writer in writers:
        writer.join()
    assert taken == {f"job-{100 * n + k}" for n in range(4) for k in range(25)}
