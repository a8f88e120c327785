"""A process of its own for `test_processes`: opens the store and plays one role until it is ended.

    python -m tests.storage.actor ROLE STORE LOG [NUMBER]

Every line of LOG is written whole, after the step it tells of was committed.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from whisul_tui.storage import Database, JobStore, Owner, schema

ACCOUNT = "shared"
FLOOR = 0.2
CEILING = 0.5


class Log:
    """Appends lines; one `write` each, so that processes do not mix theirs."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(self, *words: object) -> None:
        os.write(self._file, (" ".join(map(str, words)) + "\n").encode())


def pause(seconds: float) -> None:
    """Waits in real time: what is tried here is real processes."""
    threading.Event().wait(seconds)


def poll(store: JobStore, log: Log, fate_after: int, fate: signal.Signals | None) -> None:
    """Asks due jobs for ever; with a `fate` it meets it between a claim and the answer to it."""
    asked = 0
    while True:
        with store.turn() as turn:
            now = turn.now
            due = turn.most_overdue(ACCOUNT, now, 0.0)
            mine = due is not None and turn.claim_poll(due.number, now, FLOOR, lease=CEILING)
        if due is None or not mine:
            pause(0.01)
            continue
        log.tell("asked", due.number, repr(now), os.getpid())
        asked += 1
        if fate is not None and asked == fate_after:
            os.kill(os.getpid(), fate)
        answered = time.time()
        if answered - now < CEILING:  # else another one may have asked it since: its answer is the newer
            store.still_running(due.number, answered, due_at=now + 0.3)


def send(store: JobStore, log: Log, die_after: int) -> None:
    """Lets held jobs leave until none is left; ends by SIGKILL with the claim of number `die_after` in its hand."""
    owner = Owner("here", os.getpid(), 1.0)
    steps = 0
    while True:
        with store.turn() as turn:
            number = turn.ready_submission(ACCOUNT, turn.now, owner)
            mine = number is not None and turn.claim_submission(number, owner, turn.now)
        if number is None or not mine:
            return
        steps += 1
        if steps == die_after:
            os.kill(os.getpid(), signal.SIGKILL)
        if not store.leaving(number, owner, time.time()):
            continue
        log.tell("left", number, os.getpid())
        store.accepted(number, f"job-{number}", time.time(), time.time() + 60, owner=owner)


def hold(store: JobStore, log: Log) -> None:
    """Holds prompts for ever."""
    count = 0
    while True:
        count += 1
        number = store.hold(f"prompt {os.getpid()} {count}", account=ACCOUNT, now=1.0, not_before=1.0).number
        log.tell("held", number, os.getpid(), count)


def main() -> None:
    """Plays the role that the command line names."""
    role, path, log = sys.argv[1], Path(sys.argv[2]), Log(Path(sys.argv[3]))
    number = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    if role == "migrate":
        schema.STEPS += [(f"ALTER TABLE jobs ADD COLUMN step{step} TEXT",) for step in range(20)]
    with Database.open(path) as database:
        store = JobStore(database)
        log.tell("ready", os.getpid())
        if role == "poll":
            poll(store, log, 0, None)
        elif role == "poll-and-die":
            poll(store, log, number, signal.SIGKILL)
        elif role == "poll-and-stop":
            poll(store, log, number, signal.SIGSTOP)
        elif role == "send":
            send(store, log, number)
        elif role == "hold":
            hold(store, log)
        elif role == "stop-inside":
            with database.write():
                os.kill(os.getpid(), signal.SIGSTOP)


if __name__ == "__main__":
    main()
