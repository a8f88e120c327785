"""Several real processes on one store: none steps on another's toes, and none that is killed or stopped holds it up."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from tests.storage.actor import ACCOUNT, CEILING, FLOOR
from whisul_tui.domain import JobState
from whisul_tui.storage import Database, JobStore, Owner, StoreBusy, View, Windows, opening, schema

_ROOT = Path(__file__).parents[2]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def start(path: Path, log: Path) -> Iterator[Start]:
    """Starts an actor in a role; whoever is left is killed at the end."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*role: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.storage.actor", str(role[0]), str(path), str(log), *map(str, role[1:])]
        process = subprocess.Popen(command, cwd=_ROOT)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()


def _wait(until: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited in vain"
        threading.Event().wait(0.01)


def _lines(log: Path, word: str) -> list[list[str]]:
    text = log.read_text() if log.exists() else ""
    return [line.split()[1:] for line in text.splitlines() if line.startswith(word + " ")]


def _held(store: JobStore, jobs: int) -> list[int]:
    with store.database.write():
        return [store.hold(f"p{n}", account=ACCOUNT, now=1.0, not_before=1.0).number for n in range(jobs)]


def _running(store: JobStore, jobs: int) -> list[int]:
    owner, now = Owner("here", 1, 1.0), time.time()
    numbers = _held(store, jobs)
    with store.database.write():
        for number in numbers:
            with store.turn() as turn:
                assert turn.claim_submission(number, owner, now)
            assert store.leaving(number, owner, now)
            assert store.accepted(number, f"job-{number}", now, now)
    return numbers


def test_four_pollers_of_which_one_dies_and_one_stops(path: Path, log: Path, start: Start) -> None:
    """No job is asked twice within the floor, by anyone; none waits for a process that does not answer."""
    with Database.open(path) as database:
        numbers = _running(JobStore(database), 12)
        start("poll"), start("poll")
        dying, stopping = start("poll-and-die", 5), start("poll-and-stop", 5)
        _wait(lambda: dying.poll() is not None)
        assert dying.returncode == -signal.SIGKILL
        _wait(lambda: Path(f"/proc/{stopping.pid}/stat").read_text().split()[2] == "T")
        both_gone = time.time()
        _wait(lambda: time.time() > both_gone + 2.0)
        stopping.send_signal(signal.SIGCONT)
        _wait(lambda: time.time() > both_gone + 2.5)
        ended = time.time()
    asked: dict[int, list[float]] = defaultdict(list)
    by_process: dict[str, int] = defaultdict(int)
    for number, when, pid in _lines(log, "asked"):
        asked[int(number)].append(float(when))
        by_process[pid] += 1
    assert sorted(asked) == numbers
    assert len(by_process) == 4
    assert by_process[str(dying.pid)] == 5
    for times in asked.values():
        times.sort()
        assert min(after - before for before, after in pairwise(times)) >= FLOOR - 1e-6
        waits = [after - before for before, after in pairwise([*times, ended]) if before > both_gone - CEILING]
        assert max(waits) < CEILING + 1.0, "the lease, and what a busy machine adds"


def test_each_held_job_leaves_once(path: Path, log: Path, start: Start) -> None:
    """Four senders, of which one is killed with a claim in its hand: nothing leaves twice, nothing is lost."""
    with Database.open(path) as database:
        store = JobStore(database)
        numbers = _held(store, 60)
        dying = start("send", 4)
        _wait(lambda: len(_lines(log, "left")) >= 3)  # else the others may be done before it begins
        senders = [start("send", 10_000) for _ in range(3)]
        for sender in senders:
            assert sender.wait(30) == 0
        assert dying.wait(30) == -signal.SIGKILL
        left = [int(number) for number, _ in _lines(log, "left")]
        assert len(left) == len(set(left)) == 59
        assert store.counts()[JobState.RUNNING] == 59
        (claimed,) = set(numbers) - set(left)
        assert store.orphaned(lambda owner: owner.pid != dying.pid, time.time()) == []
        assert start("send", 10_000).wait(30) == 0
        assert _lines(log, "left")[-1][0] == str(claimed)


def test_kill_at_any_moment_loses_no_held_job_and_breaks_nothing(path: Path, log: Path, start: Start) -> None:
    pick = random.Random(11)
    for _ in range(6):
        before = len(_lines(log, "held"))
        pair = [start("hold"), start("hold")]
        _wait(lambda before=before: len(_lines(log, "held")) > before + 3)
        for process in pair:
            threading.Event().wait(pick.random() * 0.05)
            process.kill()
            process.wait()
    held = _lines(log, "held")
    with Database.open(path) as database:
        database.check()
        jobs = {job.number: job.prompt for job in Windows(database).rows(View(), 0, 10**6)}
        assert Windows(database).total(View(search="prompt")) == min(len(jobs), 5000)
        assert Windows(database).total(View()) == len(jobs)
    assert len(jobs) <= len(held) + 12, "at most the one each was at when it was killed"
    for number, pid, count in held:
        assert jobs[int(number)] == f"prompt {pid} {count}"


def test_many_open_a_new_store_at_once(path: Path, log: Path, start: Start) -> None:
    processes = [start("send", 0) for _ in range(6)]
    assert [process.wait(30) for process in processes] == [0] * 6
    with Database.open(path) as database:
        database.check()
    assert sorted(file.name for file in path.parent.iterdir()) == ["jobs.db", "jobs.db.ballast"]


def test_migration_killed_at_any_moment_and_by_several_at_once(path: Path, log: Path, start: Start) -> None:
    pick = random.Random(12)
    with Database.open(path) as database:
        numbers = _held(JobStore(database), 50)
    for _ in range(5):
        process = start("migrate")
        threading.Event().wait(0.08 + pick.random() * 0.1)
        process.kill()
        process.wait()
    together = [start("migrate") for _ in range(3)]
    assert [process.wait(30) for process in together] == [0] * 3
    backup = path.with_name(f"jobs.db.v{len(schema.STEPS)}.backup")
    assert backup.stat().st_size > 0
    assert not list(path.parent.glob("*.new"))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(schema.STEPS) + 20,)
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM jobs WHERE step19 IS NULL").fetchone() == (len(numbers),)


def test_a_process_stopped_inside_a_transaction(
    path: Path, log: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.1)
    with Database.open(path) as database:
        store = JobStore(database)
        (number,) = _held(store, 1)
        stopped = start("stop-inside")
        _wait(lambda: len(_lines(log, "ready")) == 1)
        _wait(lambda: Path(f"/proc/{stopped.pid}/stat").read_text().split()[2] == "T")
        with pytest.raises(StoreBusy, match="bring it back with fg"):
            store.star(number, True)
        assert Windows(database).numbers(View(), 9) == [number]
        stopped.send_signal(signal.SIGCONT)
        assert stopped.wait(10) == 0
        assert store.star(number, True)


_WITHOUT_ROOM = """
import resource, sys
from pathlib import Path
from whisul_tui.storage import Database, StoreError
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    Database.open(Path(sys.argv[1]))
except StoreError as error:
    print(type(error).__name__, error)
"""


def test_no_room_for_a_new_store_leaves_nothing_behind(path: Path) -> None:
    command = [sys.executable, "-c", _WITHOUT_ROOM, str(path)]
    run = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.startswith(f"StoreError The job store {path} failed (disk I/O error). Check that the disk is")
    assert list(path.parent.iterdir()) == []


_AS_A_READER = """
import json, os, sys
from pathlib import Path
from whisul_tui.storage import Database, Drafts, JobStore, StoreError, View, Windows
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
path, found = Path(sys.argv[1]), {}
try:
    Database.open(path).close()
except StoreError as error:
    found["open"] = [type(error).__name__, str(error)]
try:
    with Database.open(path, read_only=True) as database:
        found["rows"] = [job.prompt for job in Windows(database).rows(View(), 0, 9)]
        found["search"] = Windows(database).total(View(search="newest"))
        try:
            Drafts(database).save("write", "x", 1.0)
        except StoreError as error:
            found["write"] = type(error).__name__
except StoreError as error:
    found["read"] = [type(error).__name__, str(error)]
print(json.dumps(found))
"""


@pytest.mark.parametrize("left", ["clean", "journal"])
def test_a_store_on_read_only_ground_is_readable(tmp_path: Path, left: str) -> None:
    path = tmp_path / "jobs.db"
    with Database.open(path) as database, tempfile.TemporaryDirectory() as ground:
        folder = Path(ground) / "home"
        if left == "clean":
            database.close()
            with Database.open(path) as again:
                JobStore(again).hold("the newest", account=ACCOUNT, now=1.0, not_before=1.0)
        else:
            JobStore(database).hold("the newest", account=ACCOUNT, now=1.0, not_before=1.0)
        shutil.copytree(tmp_path, folder)  # with the journal as kill -9 leaves it, or without
        assert (folder / "jobs.db-wal").exists() is (left == "journal")
        for file in folder.iterdir():
            file.chmod(0o444)
        Path(ground).chmod(0o755)
        folder.chmod(0o555)
        try:
            run = subprocess.run(
                [sys.executable, "-c", _AS_A_READER, str(folder / "jobs.db")],
                cwd=_ROOT,
                env={**os.environ, "PYTHONPATH": str(_ROOT)},
                capture_output=True,
                text=True,
                check=True,
            )
        finally:
            folder.chmod(0o755)
    found = json.loads(run.stdout)
    assert found.pop("open")[0] == "StoreReadOnly"
    assert found == {"rows": ["the newest"], "search": 1, "write": "StoreReadOnly"}
