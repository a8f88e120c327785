"""A copy of the store in one file, made while others write, checked page by page before it gets its name."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from whisul_tui.storage import opening
from whisul_tui.storage.errors import damaged, translated

FOLDER = "backups"  # beside the store


def backup_name(store: Path, now: float, kind: str = "jobs") -> Path:
    """Where a backup goes unless the user names a file."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    return store.parent / FOLDER / f"{kind}-{stamp}.db"


def back_up(store: Path, target: Path) -> int:
    """Copies the store as it stands at one moment, checks the copy, and returns how many jobs it has.

    Readers and writers go on meanwhile. The file is for its owner alone (0600) and complete by itself, without a
    journal. Raises StoreError, and OSError, FileExistsError among them: nothing is overwritten.
    """
    if os.path.lexists(target):
        raise FileExistsError(17, "there is a file of that name already", str(target))
    opening.inspect(store)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        with translated(store):
            jobs = _copy(store, draft)
        _settle(draft)
        target.hardlink_to(draft)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            opening.sibling(draft, suffix).unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return jobs


def checked(path: Path) -> int:
    """How many jobs a backup has, after a look at all of its pages; raises StoreDamaged, StoreNewer, StoreMissing."""
    opening.inspect(path)
    with translated(path), closing(opening.connect(path, "mode=ro")) as connection:
        return _check(connection, path)


def _copy(store: Path, draft: Path) -> int:
    options = opening.read_options(store)[-1]
    with closing(opening.connect(store, options)) as source, closing(sqlite3.connect(draft)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file that needs no journal beside it
        return _check(copy, draft)


def _check(connection: sqlite3.Connection, path: Path) -> int:
    opening.check_version(connection, path)
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise damaged(path, f"a check of its pages found: {found}")
    return int(connection.execute("SELECT count(*) FROM jobs").fetchone()[0])


def _settle(draft: Path) -> None:
    handle = os.open(draft, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
