"""Real processes on one store, killed and stopped at the worst moments, against a real server on loopback."""

from __future__ import annotations

import itertools
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from random import Random

from tests.jobs.worker import ACCOUNT, RHYTHM
from tests.support.scripted import Request, ScriptedServer, answer, responds, running
from whisul_tui.domain import JobState
from whisul_tui.storage import Database, JobStore

JOBS = 8
SLACK = 0.5  # seconds that waking up, deciding and connecting may take, beside what the machine itself stalls


@contextmanager
def worker(store: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.jobs.worker", str(store), url]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "runs\n"
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(10)
            finally:
                process.kill()


def whisul(request: Request) -> bytes:
    """Accepts each prompt as the job of that name; each job runs for ever."""
    if request.method == "POST":
        return answer(202, {"message": "Composition task received.", "job_id": request.json["prompt"]})
    return answer(200, {"status": "running", "prompt": "x", "started_at": "2026-02-17 16:00:00"})


def stop_outside_of_a_turn(process: subprocess.Popen[str], path: Path) -> None:
    """SIGSTOP. In about one case of a hundred it hits a process inside its transaction; SQLite's lock then stays with
    it, all others are told that the store is busy, and nobody can do better: so that case is tried again here."""
    with closing(sqlite3.connect(path, timeout=0.1, isolation_level=None)) as connection:
        while True:
            process.send_signal(signal.SIGSTOP)
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
                return
            except sqlite3.OperationalError:
                process.send_signal(signal.SIGCONT)


@contextmanager
def stalls() -> Iterator[list[float]]:
    """How long this machine lets a process that wants to go on wait: the worst of many short sleeps, at the end."""
    worst, over = [0.0], threading.Event()

    def sleep() -> None:
        while not over.is_set():
            start = time.monotonic()
            time.sleep(0.01)
            worst[0] = max(worst[0], time.monotonic() - start - 0.01)

    thread = threading.Thread(target=sleep)
    thread.start()
    try:
        yield worst
    finally:
        over.set()
        thread.join()


def eventually(true: object, seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]  # a condition
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def test_one_killed_and_one_stopped(path: Path) -> None:
    """Three processes watch the same jobs; one is killed, one stopped and let go on: no job is asked within its floor,
    none waits longer than its ceiling, and each prompt left once."""
    lot = Random()
    with ExitStack() as stack:
        worst = stack.enter_context(stalls())
        server = stack.enter_context(running(ScriptedServer(otherwise=responds(whisul))))
        store = JobStore(stack.enter_context(Database.open(path)))
        workers = [stack.enter_context(worker(path, server.url)) for _ in range(3)]
        for number in range(JOBS):
            store.hold(f"job-{number}", account=ACCOUNT, now=time.time(), not_before=time.time())
        eventually(lambda: store.counts()[JobState.RUNNING] == JOBS)
        time.sleep(lot.uniform(2.0, 2.5))
        workers[0].kill()
        time.sleep(lot.uniform(1.0, 1.5))
        stop_outside_of_a_turn(workers[1], path)
        time.sleep(lot.uniform(4.0, 4.5))
        workers[1].send_signal(signal.SIGCONT)
        time.sleep(lot.uniform(2.5, 3.0))
        end = time.monotonic()
        requests = list(server.requests)
    assert not server.faults
    assert sum(request.method == "POST" for request in requests) == JOBS
    for number in range(JOBS):
        polls = [request.at for request in requests if request.path == f"/jobs/job-{number}"]
        gaps = [later - earlier for earlier, later in itertools.pairwise([*polls, end])]
        assert len(polls) >= 4
        assert min(gaps[:-1]) >= RHYTHM.poll_min_seconds, gaps
        assert max(gaps) <= RHYTHM.poll_max_seconds + SLACK + 5 * worst[0], gaps


def test_killed_while_sending(path: Path) -> None:
    """kill -9 at moments spread over submitting: every prompt is accepted, still held or unconfirmed, and none left
    twice; what the server accepted and the store does not know is called unconfirmed."""
    lot, prompts = Random(5), 24
    accepted: list[str] = []

    def slow(request: Request) -> bytes:
        if request.method == "POST":
            time.sleep(lot.uniform(0.0, 0.03))
            accepted.append(request.json["prompt"])
        return whisul(request)

    with ExitStack() as stack:
        server = stack.enter_context(running(ScriptedServer(otherwise=responds(slow))))
        store = JobStore(stack.enter_context(Database.open(path)))
        numbers = [
            store.hold(f"job-{n}", account=ACCOUNT, now=time.time(), not_before=time.time()).number
            for n in range(prompts)
        ]
        for _ in range(5):
            with worker(path, server.url) as process:
                count = len(accepted)
                eventually(lambda before=count: len(accepted) > before or not store.counts()[JobState.HELD])
                time.sleep(lot.uniform(0.0, 0.06))
                process.kill()
        with worker(path, server.url):
            eventually(lambda: not store.counts()[JobState.HELD] and not store.counts()[JobState.SENDING], 40)
        jobs = [store.get(number) for number in numbers]
    assert len(accepted) == len(set(accepted))
    for job in jobs:
        assert job is not None
        assert job.state in (JobState.RUNNING, JobState.UNCONFIRMED)
        assert job.state is JobState.UNCONFIRMED or job.prompt in accepted
    known = {job.prompt for job in jobs if job is not None}
    assert set(accepted) <= known
