"""The recovery journal: ids of jobs that were paid for and could not be written to the store."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from whisul_tui.storage.opening import sibling

Line = tuple[int | None, str, str, float]  # number in the store, client id, job id, seconds since 1970
_MOST = 1 << 24  # bytes of a journal that are looked at


def lines_of(path: Path) -> list[Line]:
    """The entries of the engine's journal (`jobs.recovery`), for a store begun anew; foreign lines are left out."""
    try:
        with path.open("rb") as file:
            lines = file.read(_MOST).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return [entry for line in lines if (entry := _line(line)) is not None]


def _line(text: str) -> Line | None:
    try:
        entry = json.loads(text)
        number, at = int(entry["number"]), float(entry["at"])
        client_id, job_id = str(entry["client_id"]), str(entry["job_id"])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None
    return (number if 0 < number < 1 << 62 else None), client_id, job_id, at if 0 <= at < 1e11 else 0.0


class RecoveryJournal:
    """A file beside the store, one JSON line a job, for when the store itself cannot be written.

    What is noted is on the disk when `note` returns; `replay` gives it back to the store at a later start.
    """

    def __init__(self, database_path: Path) -> None:
        self.path = sibling(database_path, ".recovery.jsonl")

    def note(self, client_id: str, job_id: str, now: float) -> None:
        """Keeps that the job of `client_id` was accepted as `job_id`; raises OSError when even that is impossible."""
        line = json.dumps({"client_id": client_id, "job_id": job_id, "at": now}) + "\n"
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def replay(self, restore: Callable[[str, str], bool]) -> int:
        """Hands each (client id, job id) to `restore`, which says whether the store has it now; gives their count.

        The file goes when all are restored; what was not, and lines that cannot be read, stay for the next start.
        """
        try:
            lines = self.path.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return 0
        restored = [line for line in lines if (entry := _entry(line)) and restore(*entry)]
        if len(restored) == len(lines):
            self.path.unlink(missing_ok=True)
        return len(restored)


def _entry(line: str) -> tuple[str, str] | None:
    try:
        entry = json.loads(line)
        client_id, job_id = entry["client_id"], entry["job_id"]
    except (ValueError, KeyError, TypeError):  # a line that was cut off, or foreign
        return None
    return (client_id, job_id) if isinstance(client_id, str) and isinstance(job_id, str) else None
