"""SIGKILL at each system call of a submission, by strace; then a new process recovers, and the server's log judges.

    python -m tests.torture.syscall_kills [--paths 202,429,timeout] [--points N] [--seed S]

A warm process forks one that submits a prompt; strace is attached to it before it may begin, and kills it at the N-th
call of one kind of any of its threads. Another one then opens the same store, as the next start would. Lost: a job that
the server accepted, of which the store knows nothing to follow or to ask the user about. Doubled: accepted twice.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.submission_server import entries, serve
from whisul_tui.api.client import Address, WhisulClient
from whisul_tui.domain import Job, JobState
from whisul_tui.domain.secret import Secret
from whisul_tui.jobs.engine import Engine
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.storage import Database, JobStore, View, Windows

PATHS = ("202", "429", "timeout")
RHYTHM = Rhythm(5.0, 10.0, waits=(0.2,), error_wait=(0.2, 0.4), probe_seconds=1.0)
_CALL = re.compile(r"^(\d+) +(?:<\.\.\. )?([a-z0-9_]+)[( ]")
_NEVER = {"exit", "exit_group", "rt_sigreturn", "restart_syscall"}


@dataclass
class Verdict:
    """What became of all points of the paths."""

    points: int = 0
    killed: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    needless: int = 0
    needless_at: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)

    @property
    def is_good(self) -> bool:
        """Nothing lost or doubled or broken, and at most one needless doubt in ten."""
        return not (self.lost or self.doubled or self.broken) and self.needless * 10 <= max(self.points, 1)

    def add(self, other: Verdict) -> None:
        """Counts another path's points in."""
        self.points += other.points
        self.killed += other.killed
        self.needless += other.needless
        self.needless_at += other.needless_at
        self.states += other.states
        self.lost += other.lost
        self.doubled += other.doubled
        self.broken += other.broken

    def __str__(self) -> str:
        states = ", ".join(f"{count} {state}" for state, count in self.states.most_common())
        return (
            f"{self.points} points ({self.killed} killed at them): {len(self.lost)} lost, {len(self.doubled)} doubled, "
            f"{len(self.broken)} broken, {self.needless} needlessly unconfirmed "
            f"{dict(self.needless_at)}; ended as {states}"
        )


class Bench:
    """The server, and what is done with one folder after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "server.jsonl"
        listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        self.server = multiprocessing.get_context("fork").Process(target=serve, args=(listening, self.log), daemon=True)
        self.server.start()
        listening.close()
        self._count = 0
        self.was_killed = False
        self._warm_up()

    def _warm_up(self) -> None:
        """One submission in this process: what is imported for the first one is then there in all that are forked."""
        with Database.open(self.folder / "warm" / "jobs.db") as database:
            engine = _engine(database, self.url)
            engine.start()
            number = engine.submit("202 warm").result(15).number
            engine.wait_for([number], lambda job: job.state is JobState.RUNNING, 15)
            engine.stop()

    def close(self) -> None:
        """Ends the server."""
        self.server.terminate()
        self.server.join()

    def calls(self, path: str) -> dict[str, int]:
        """How many calls of each kind the busiest thread makes in an undisturbed submission."""
        trace = self.folder / "trace"
        store, _prompt, _held = self.submit(path, ["-o", str(trace)])
        if not self.jobs_after(store):
            raise RuntimeError("an undisturbed submission left no job")
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for line in trace.read_text(errors="replace").splitlines():
            if (match := _CALL.match(line)) and "resumed>" not in line:
                counts[match[2]][match[1]] += 1
        return {kind: max(by_thread.values()) for kind, by_thread in counts.items() if kind not in _NEVER}

    def submit(self, path: str, strace: list[str]) -> tuple[Path, str, bool]:
        """One submission under strace; gives the store's folder, the prompt, and whether it was told to be held."""
        self._count += 1
        folder = self.folder / f"store-{self._count}"
        prompt = f"{path} song {self._count}"
        told, tell = os.pipe()
        go, release = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(told)
            os.close(release)
            self._in_child(lambda: _submit(folder / "jobs.db", self.url, prompt, go, tell))
        os.close(tell)
        os.close(go)
        tracer = None
        try:
            assert os.read(told, 1) == b"R"
            tracer = subprocess.Popen(["strace", "-f", "-qq", *strace, "-p", str(pid)], stderr=subprocess.DEVNULL)
            _until(lambda: _is_traced(pid) or _is_dead(pid), 60.0)
            with suppress(BrokenPipeError):  # a call of the waiting engine was the one: it is dead already
                os.write(release, b"G")
            self.was_killed = os.WIFSIGNALED(_ended(pid, 60.0))
            held = b"H" in os.read(told, 16)
        finally:
            os.close(told)
            os.close(release)
            if tracer is not None:
                tracer.wait(60)
        return folder, prompt, held

    def jobs_after(self, folder: Path) -> list[Job]:
        """The jobs as a new process leaves them that had time to settle everything."""
        pid = os.fork()
        if pid == 0:
            self._in_child(lambda: _recover(folder / "jobs.db", self.url))
        if os.waitpid(pid, 0)[1]:
            raise RuntimeError("the next start failed")
        with Database.open(folder / "jobs.db", read_only=True) as database:
            database.check()
            return Windows(database).rows(View(), 0, 10)

    @staticmethod
    def _in_child(work: Callable[[], None]) -> None:
        code = 1
        try:
            null = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1):
                os.dup2(null, number)
            work()
            code = 0
        finally:
            os._exit(code)

    def judge(self, verdict: Verdict, where: str, folder: Path, prompt: str, held: bool) -> None:
        """Compares what the next start has with what the server has written down."""
        verdict.points += 1
        verdict.killed += self.was_killed
        try:
            jobs = [job for job in self.jobs_after(folder) if job.prompt == prompt]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is being looked for
            verdict.broken.append(f"{where}: {error}")
            return
        taken = [entry for entry in entries(self.log) if entry["prompt"] == prompt and entry["job_id"]]
        state = jobs[0].state if jobs else None
        verdict.states[state or "not there"] += 1
        if len(taken) > 1:
            verdict.doubled.append(where)
        known = [
            job for job in jobs if job.state is JobState.UNCONFIRMED or (taken and job.job_id == taken[0]["job_id"])
        ]
        if (taken and not known) or (held and not jobs):
            verdict.lost.append(f"{where}: {state}")
        if state is JobState.UNCONFIRMED and not taken:
            verdict.needless += 1
            verdict.needless_at[where.split()[1]] += 1


def _engine(database: Database, url: str) -> Engine:
    address = Address(url, Secret("key-of-the-torture"))
    return Engine(
        JobStore(database), lambda: WhisulClient(address, deadline=0.5), account="a", rhythm=RHYTHM, undo_seconds=0.0
    )


def _submit(path: Path, url: str, prompt: str, go: int, tell: int) -> None:
    with Database.open(path) as database:
        engine = _engine(database, url)
        engine.start()
        engine.save_draft("write", prompt).result(10)  # it runs
        os.write(tell, b"R")
        os.read(go, 1)
        number = engine.submit(prompt).result(15).number
        os.write(tell, b"H")
        engine.wait_for([number], lambda job: job.state not in (JobState.HELD, JobState.SENDING), 15)
        engine.stop()


def _recover(path: Path, url: str) -> None:
    with Database.open(path) as database:
        store, engine = JobStore(database), _engine(database, url)
        engine.start()
        numbers = [job.number for job in store.open_jobs()]
        engine.wait_for(numbers, lambda job: job.state not in (JobState.HELD, JobState.SENDING), 15)
        engine.stop()


def _is_dead(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def _is_traced(pid: int) -> bool:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return all("TracerPid:\t0\n" not in (task / "status").read_text() for task in tasks)
    except FileNotFoundError:  # a thread ended meanwhile: looked at again
        return False


def _until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.002)


def _ended(pid: int, seconds: float) -> int:
    """The wait status of a child; one that takes longer is killed, and an error."""
    end = time.monotonic() + seconds
    while not (found := os.waitpid(pid, os.WNOHANG))[0]:
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise TimeoutError
        time.sleep(0.002)
    return found[1]


def run(paths: list[str], points: int | None = None, seed: int = 1) -> Verdict:
    """Kills at every point of these paths, or at so many of them chosen by a seed."""
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="whisul-kills-") as name:
        bench = Bench(Path(name))
        try:
            chosen = [
                (path, kind, number)
                for path in paths
                for kind, count in sorted(bench.calls(path).items())
                for number in range(1, count + 1)
            ]
            if points is not None:
                chosen = random.Random(seed).sample(chosen, min(points, len(chosen)))
            for path, kind, number in chosen:
                injection = ["-o", "/dev/null", "-e", f"trace={kind}", "-e", f"inject={kind}:signal=KILL:when={number}"]
                folder, prompt, held = bench.submit(path, injection)
                bench.judge(verdict, f"{path} {kind} {number}", folder, prompt, held)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            bench.close()
    return verdict


def main() -> int:
    """Runs it and says what was seen; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--paths", default=",".join(PATHS))
    parser.add_argument("--points", type=int)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if shutil.which("strace") is None:
        print("strace is not installed; nothing was shown")
        return 0
    total = Verdict()
    for path in args.paths.split(","):
        verdict = run([path], args.points, args.seed)
        print(f"{path}: {verdict}", *verdict.lost, *verdict.doubled, *verdict.broken, sep="\n  ", flush=True)
        total.add(verdict)
    print(f"all: {total}")
    return 0 if total.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
