"""The journal of last resort: job ids that Whisul gave and the store could not take, in a file beside the store."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from whisul_tui.domain.job import is_job_id


class Accepted(NamedTuple):
    """A job that was accepted: the store's client id, Whisul's id, and when (seconds since 1970)."""

    client_id: str
    job_id: str
    at: float


class RecoveryJournal:
    """`recovery.jsonl`: a line a job, appended and synced before anything else is done; shared by all processes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, accepted: Accepted) -> None:
        """Writes a line and waits for the disk; raises OSError."""
        line = json.dumps(accepted._asdict()) + "\n"
        with self._locked(os.O_CREAT) as file:
            # A line that a full disk cut short must not swallow this one.
            os.write(file, line.encode() if _ends_whole(file) else b"\n" + line.encode())
            os.fsync(file)

    def settle(self, apply: Callable[[Accepted], bool]) -> int:
        """Offers every line to `apply` and keeps those that it declines; gives how many stay. Raises OSError."""
        if not self.path.exists():
            return 0
        with self._locked() as file:
            lines = _read(file).splitlines(keepends=True)
            kept = [line for line in lines if not ((accepted := _parse(line)) and apply(accepted))]
            if not any(line.strip() for line in kept):
                os.ftruncate(file, 0)
                return 0
            if len(kept) < len(lines):
                rest = self.path.with_name(self.path.name + ".new")
                rest.touch(0o600)
                with rest.open("wb") as new:
                    new.write(b"".join(kept))
                    new.flush()
                    os.fsync(new.fileno())
                rest.replace(self.path)
            return len(kept)

    @contextmanager
    def _locked(self, flags: int = 0) -> Iterator[int]:
        """The file, ours alone; taken again when another process put a new one in its place meanwhile."""
        while True:
            file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | flags, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                if self._is_current(file):
                    yield file
                    return
            finally:
                os.close(file)

    def _is_current(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), self.path.stat())
        except FileNotFoundError:
            return False


def _ends_whole(file: int) -> bool:
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"


def _read(file: int) -> bytes:
    size = os.fstat(file).st_size
    return os.pread(file, size, 0)


def _parse(line: bytes) -> Accepted | None:
    """A line's entry; None for one that was cut short or is not ours."""
    try:
        values: Any = json.loads(line)
        entry = Accepted(str(values["client_id"]), values["job_id"], float(values["at"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return entry if is_job_id(entry.job_id) else None
