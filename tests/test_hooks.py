"""`on_event`: run once for each job that ends, without a key, a shell or much time."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.conftest import ACCOUNT, OWNER
from tests.support.stage import wait_until
from whisul_tui.domain import Job, JobState, Song
from whisul_tui.hooks import EventHook, split
from whisul_tui.storage import Database, JobStore

_KEEPS = """
import os, pathlib, sys
folder = pathlib.Path({folder!r})
name = os.environ["WHISUL_JOB"] + "-" + sys.argv[-1] + "-" + str(os.getpid())
part = folder / (name + ".part")
part.write_text(sys.stdin.read() + "\\n" + "\\n".join(sorted(os.environ)))
part.rename(folder / name)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    with Database.open(tmp_path / "jobs.db") as database:
        yield JobStore(database)


@pytest.fixture
def command(tmp_path: Path) -> str:
    """A command that keeps what it was given in a file of the folder `told`."""
    (tmp_path / "told").mkdir()
    script = tmp_path / "a hook.py"
    script.write_text(_KEEPS.format(folder=str(tmp_path / "told")))
    return f"{sys.executable} '{script}' 'two words' $HOME ;"


def running(store: JobStore) -> int:
    now = store.database.clock()
    number = store.hold("a; prompt $(x)", account=ACCOUNT, now=now, not_before=now).number
    with store.turn() as turn:
        turn.claim_submission(number, OWNER, now)
    store.leaving(number, OWNER, now)
    store.accepted(number, f"job-{number}", now, now + 5)
    return number


def settle(store: JobStore, number: int, state: JobState = JobState.COMPLETED) -> None:
    store.settled(number, state, store.database.clock(), song=Song("Title") if state is JobState.COMPLETED else None)


def told(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "told").iterdir() if path.suffix != ".part")


def test_each_end_is_told_once_by_one_of_several_programs(store: JobStore, command: str, tmp_path: Path) -> None:
    failures: list[str] = []
    environ = {"WHISUL_API_KEY": "wh_CANARY", "PATH": "/usr/bin:/bin"}
    hooks = [EventHook(store, command, failed=failures.append, environ=environ) for _ in range(4)]
    first, second = running(store), running(store)
    for hook in hooks:
        hook.start()
    settle(store, first)
    third = running(store)  # made and ended between two looks
    settle(store, third, JobState.FAILED)
    for hook in hooks:
        hook.look(frozenset({first, third}))
    wait_until(lambda: len(told(tmp_path)) == 2)
    settle(store, second)
    for hook in hooks:
        hook.look(frozenset())
        hook.stop(20.0)
    names = told(tmp_path)
    assert [name.rsplit("-", 1)[0] for name in names] == ["job-1-completed", "job-2-completed", "job-3-failed"]
    document, *environment = (tmp_path / "told" / names[0]).read_text().split("\n")
    content = json.loads(document)
    assert (content["event"], content["prompt"], content["title"]) == ("completed", "a; prompt $(x)", "Title")
    assert "WHISUL_API_KEY" not in environment
    assert failures == []


def test_what_ended_before_is_not_told(store: JobStore, command: str, tmp_path: Path) -> None:
    number = running(store)
    settle(store, number)
    store.database.clock = lambda clock=store.database.clock: clock() + 10
    hook = EventHook(store, command)
    hook.start()
    hook.look(frozenset({number}))
    hook.stop(20.0)
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/no/such/program", "cannot be run"),
        ("false", "ended with 1"),
        ("sh -c 'sleep 60 & sleep 60'", "took longer than 0.2 s"),
    ],
)
def test_a_failure_is_told_once_and_nobody_waits(store: JobStore, command: str, words: str) -> None:
    failures: list[str] = []
    hook = EventHook(store, command, failed=failures.append, seconds=0.2)
    hook.start()
    for _ in range(2):
        settle(store, number := running(store))
        hook.look(frozenset({number}))
    wait_until(lambda: bool(failures))
    hook.stop(20.0)
    assert len(failures) == 1
    assert words in failures[0]


def test_a_few_run_at_once(store: JobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    most, now, lock, gate = 0, 0, threading.Lock(), threading.Event()

    def busy(_hook: EventHook, _job: Job) -> str:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        gate.wait(20)
        with lock:
            now -= 1
        return ""

    monkeypatch.setattr(EventHook, "_command", busy)
    hook = EventHook(store, "true")
    numbers = [running(store) for _ in range(8)]
    hook.start()
    for number in numbers:
        settle(store, number)
    hook.look(frozenset(numbers))
    wait_until(lambda: now == 3)
    gate.set()
    hook.stop(20.0)
    assert (most, now) == (3, 0)


def test_a_command_line_is_split_without_a_shell() -> None:
    assert split("prog 'a b' $X | y") == ["prog", "a b", "$X", "|", "y"]
    for wrong in ("'", "   "):
        with pytest.raises(ValueError, match=r"it is empty|quotes"):
            split(wrong)
