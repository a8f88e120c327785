"""`on_event`: the user's own command for each job that ends, run beside everything else and by one program alone.

The command is split as a shell would split it and run without one, with the event (the job's state) as its last
argument and in WHISUL_EVENT, and the job as JSON on standard input. It gets no key, ten seconds, and a process group of
its own, which is killed when they are over. Which of several programs runs it is settled in the store.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from whisul_tui.domain import Job
from whisul_tui.formatting import job_document
from whisul_tui.storage import JobStore, StoreError

SECONDS = 10.0  # for one command
AT_ONCE = 3
_LAST_LOOK = 3.0  # seconds that the end of the program waits for commands
_log = logging.getLogger(__name__)


class EventHook:
    """Watches the jobs that are open and runs the command for those that end; `failed` hears the first of the same
    failures, on a thread of this class."""

    def __init__(
        self,
        store: JobStore,
        command: str,
        *,
        failed: Callable[[str], object] = _log.warning,
        seconds: float = SECONDS,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.failed = failed
        self._store = store
        self._seconds = seconds
        self._environ = {name: value for name, value in environ.items() if name != "WHISUL_API_KEY"}
        self._arguments = split(command)
        self._open: set[int] = set()
        self._since = 0.0
        self._news: queue.SimpleQueue[frozenset[int] | None] = queue.SimpleQueue()
        self._turns = threading.Semaphore(AT_ONCE)
        self._running: set[threading.Thread] = set()
        self._children: set[subprocess.Popen[bytes]] = set()
        self._told = ""
        self._thread = threading.Thread(target=self._work, name="whisul-hook", daemon=True)

    def start(self) -> None:
        """Looks at what is open; what ends from now on is told."""
        self._since = self._store.database.clock()
        self._look_at_open()
        self._thread.start()

    def look(self, numbers: frozenset[int]) -> None:
        """Some of these jobs, or of those that were open, may have ended; returns at once, from any thread."""
        self._news.put(numbers)

    def stop(self, patience: float = _LAST_LOOK) -> None:
        """Looks once more, and gives commands under way so many seconds; then they are killed."""
        end = time.monotonic() + patience
        self._news.put(frozenset())
        self._news.put(None)
        self._thread.join(patience)
        for thread in list(self._running):
            thread.join(max(0.0, end - time.monotonic()))
        for child in list(self._children):
            _kill(child)

    def _work(self) -> None:
        while (numbers := self._gathered()) is not None:
            try:
                still = self._store.open_states().keys()
                for number in sorted(numbers - still | self._open - still):
                    self._ended(number)
                self._open = set(still)
            except StoreError as error:
                _log.warning("jobs that ended could not be looked at: %s", error)

    def _gathered(self) -> frozenset[int] | None:
        """All news that have come, once there are some; None at the end."""
        numbers = self._news.get()
        while numbers is not None and not self._news.empty():
            more = self._news.get()
            if more is None:
                self._news.put(None)
                break
            numbers |= more
        return numbers

    def _look_at_open(self) -> None:
        with suppress(StoreError):
            self._open = set(self._store.open_states())

    def _ended(self, number: int) -> None:
        job = self._store.get(number)
        if job is None or job.state.is_open or not (number in self._open or job.changed_at.timestamp() >= self._since):
            return
        if not self._store.claim_telling(number, job.state):
            return
        self._turns.acquire()  # this thread waits, nobody else
        thread = threading.Thread(target=self._run, args=(job,), name="whisul-hook-run", daemon=True)
        self._running.add(thread)
        thread.start()

    def _run(self, job: Job) -> None:
        try:
            problem = self._command(job)
        finally:
            self._turns.release()
            self._running.discard(threading.current_thread())
        if problem != self._told:
            self._told = problem
            if problem:
                _log.warning("on_event for %s: %s", job.short_id, problem)
                self.failed(f"on_event: {problem}")

    def _command(self, job: Job) -> str:
        """Runs the command; what went wrong, in a sentence, or nothing."""
        event = job.state.value
        environ = {**self._environ, "WHISUL_EVENT": event, "WHISUL_JOB": job.job_id or job.client_id}
        name = self._arguments[0]
        try:
            child = subprocess.Popen(
                [*self._arguments, event],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environ,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return f"{name} cannot be run: {getattr(error, 'strerror', None) or error}."
        self._children.add(child)
        try:
            child.communicate(json.dumps({"event": event, **job_document(job)}).encode() + b"\n", self._seconds)
        except subprocess.TimeoutExpired:
            _kill(child)
            return f"{name} took longer than {self._seconds:g} s and was ended."
        finally:
            self._children.discard(child)
            if child.stdin is not None:
                with suppress(OSError):
                    child.stdin.close()
        return f"{name} ended with {child.returncode}." if child.returncode else ""


def split(command: str) -> list[str]:
    """The words of a command line; raises ValueError with a sentence."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ValueError(f"its quotes do not fit together ({error})") from None
    if not words:
        raise ValueError("it is empty")
    words[0] = str(os.path.expanduser(words[0]))  # noqa: PTH111 - a name without a slash stays one
    return words


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Ends a command with all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        child.wait(1.0)
