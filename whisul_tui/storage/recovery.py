"""The recovery journal: ids of jobs that were paid for and could not be written to the store."""

from __future__ import annotations

import json
from pathlib import Path

Line = tuple[str, str, float]  # client id, job id, seconds since 1970
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
        client_id, job_id, at = str(entry["client_id"]), str(entry["job_id"]), float(entry["at"])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None
    return client_id, job_id, at if 0 <= at < 1e11 else 0.0
