"""Ids of jobs for the shell's completion: the newest first, read in a moment and without a trace in the store."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

_SHELL_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}\Z")
_BEGINNING = """
SELECT job_id FROM jobs WHERE job_id >= :text AND job_id < :end AND forgotten_at IS NULL
ORDER BY number DESC LIMIT :most"""
_NEWEST = "SELECT job_id FROM jobs WHERE job_id IS NOT NULL AND forgotten_at IS NULL ORDER BY number DESC LIMIT :most"


def newest_ids(path: Path, beginning: str = "", most: int = 50) -> list[str]:
    """Job ids that begin so; none where the store cannot be read, and never one that a shell would take for more."""
    if not path.is_file() or (beginning and not _SHELL_SAFE.match(beginning)):
        return []
    # Without a write-ahead log nobody is writing: SQLite may take the file as it is, and makes no other beside it.
    how = "mode=ro" if path.with_name(path.name + "-wal").exists() else "immutable=1"
    values = {"text": beginning, "end": beginning + "\x7f", "most": most}
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?{how}", uri=True, timeout=0.2)) as connection:
            rows = connection.execute(_BEGINNING if beginning else _NEWEST, values).fetchall()
    except sqlite3.Error:
        return []
    return [name for (name,) in rows if isinstance(name, str) and _SHELL_SAFE.match(name)]
