"""Opening of the file: looks at it before SQLite does, creates a new one whole, migrates an older one.

All of it costs the same for 10 and for 1,000,000 jobs: pages are checked by `Database.check`, not here.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import re
import sqlite3
import stat
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from whisul_tui.storage import schema
from whisul_tui.storage.errors import StoreError, StoreNewer, damaged, full, missing, read_only, translated
from whisul_tui.storage.mounts import is_networked

BUSY_SECONDS = 5.0
OWN_FOLDER = "whisul-tui"
_BALLAST_BYTES = 64 * 1024
_BACKUPS = 3  # kept
_NORMAL = 1  # of SQLite's synchronous: in WAL mode a commit is ordered after earlier ones, and not synced
_UPGRADE_SECONDS = 24 * 3600.0
_BACKUP = re.compile(r"\.v(\d{1,6})\.backup\Z")
_MAGIC = b"SQLite format 3\0"
_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables


def sibling(path: Path, suffix: str) -> Path:
    """The file beside the store with `suffix` added to its whole name, as SQLite names its own."""
    return path.with_name(path.name + suffix)


def connect(path: Path, options: str = "mode=rw") -> sqlite3.Connection:
    """A connection in autocommit with the store's settings; `options` are those of a SQLite URI. Never creates."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # so that Database.close can close the connections of other threads
        cached_statements=256,
    )
    connection.row_factory = sqlite3.Row
    try:
        for pragma in (
            "synchronous = FULL",
            "foreign_keys = ON",
            "journal_size_limit = 8388608",
            "cache_size = -500",  # kilobytes for each thread: the system keeps the file's pages anyway
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        discard(connection)
        raise
    return connection


def discard(connection: sqlite3.Connection) -> None:
    """Closes without touching the files: the last close of a damaged store would write its journal and delete it."""
    connection.interrupt()  # the checkpoint at the close gives up at once, and the journal stays
    connection.close()


def make_ready(path: Path) -> None:
    """Makes sure that a whole store of ours, writable and private, stands at `path`; creates folder and file.

    Raises StoreDamaged, StoreReadOnly or StoreFull. Nothing that is already there is deleted or overwritten.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(f"Python's SQLite is {sqlite3.sqlite_version}; whisul-tui needs 3.37. Use a newer Python.")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        has_journal = _is_filled(sibling(path, "-wal"))  # asked before the file: who creates makes the file first
        if not os.path.lexists(path):
            if has_journal:
                raise damaged(path, f"it is gone, but its journal {path.name}-wal is left with the last changes")
            _create(path)
        inspect(path)
        if not _is_writable(path):
            raise read_only(path)
        folder = path.parent
        if folder.name == OWN_FOLDER and stat.S_IMODE(folder.stat().st_mode) & 0o077:
            folder.chmod(0o700)  # made by an older umask; a folder that the user named is the user's
        if stat.S_IMODE(path.stat().st_mode) != 0o600:
            path.chmod(0o600)  # SQLite gives -wal and -shm the same mode
        keep_ballast(path)
    except OSError as error:
        raise _os_error(error, path) from error


def inspect(path: Path) -> None:
    """Looks at kind, size and header of the file; raises StoreMissing, StoreReadOnly or StoreDamaged."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise damaged(path, "it is not a regular file")
        with path.open("rb") as file:
            header = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError as error:
        raise missing(path) from error
    except OSError as error:
        raise _os_error(error, path) from error
    if size == 0:
        raise damaged(path, "it is empty, though a job store never is: something cut it off")
    if len(header) < 100 or not header.startswith(_MAGIC):
        raise damaged(path, "it is not a SQLite file")
    if struct.unpack_from(">I", header, 68)[0] != schema.APPLICATION_ID:
        raise damaged(path, "it belongs to another program")
    page_size = struct.unpack_from(">H", header, 16)[0]
    pages = struct.unpack_from(">I", header, 28)[0]
    if size < pages * (65536 if page_size == 1 else page_size) and not _is_filled(sibling(path, "-wal")):
        raise damaged(path, "its end is missing")


def read_options(path: Path) -> tuple[str, ...]:
    """How to open for reading alone: on ground that can be written as ever, else without leaving a trace.

    `immutable` reads where not even the journal's index can be made, but is blind to a journal that is left.
    """
    if _is_writable(path):
        return ("mode=rw",)
    return ("mode=ro",) if _is_filled(sibling(path, "-wal")) else ("mode=ro", "mode=ro&immutable=1")


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of an open store; raises StoreNewer when this program does not know it."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version < 0:
        raise damaged(path, "its schema has an impossible number")
    if version > len(schema.STEPS):
        raise StoreNewer(
            f"The job store {path} was written by a newer whisul-tui (schema {version}, this one knows "
            f"{len(schema.STEPS)}). Update whisul-tui, or name another folder with --data-dir."
        )
    return version


def leave_wal_on_network(connection: sqlite3.Connection, path: Path) -> None:
    """Takes a store that came to a network file system off the write-ahead log, which needs one machine's memory.

    Raises StoreBusy while another process has it open.
    """
    if is_networked(path.parent) and connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        connection.execute("PRAGMA journal_mode = DELETE")


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Leads an older store to the present schema, one step a transaction, after a backup beside it."""
    while check_version(connection, path) < len(schema.STEPS):
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = check_version(connection, path)  # another process may have taken the step meanwhile
            if version < len(schema.STEPS):
                _back_up(path, version)
                _take_step(connection, version)
            connection.execute("COMMIT")
        except BaseException:
            roll_back(connection)
            raise


@contextlib.contextmanager
def unsynced(connection: sqlite3.Connection) -> Iterator[None]:
    """What is committed inside is ordered, and not waited for until the disk has it; enter it outside a transaction."""
    usual = int(connection.execute("PRAGMA synchronous").fetchone()[0])
    connection.execute(f"PRAGMA synchronous = {min(usual, _NORMAL)}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA synchronous = {usual}")


def roll_back(connection: sqlite3.Connection) -> None:
    """Ends a failed transaction, unless SQLite has done so itself, as it does when the disk is full."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def keep_ballast(path: Path) -> None:
    """Sets 64 KB aside, so that the id of a job that was paid for finds room on a disk that filled up meanwhile."""
    ballast = sibling(path, ".ballast")
    if ballast.exists():
        return
    with contextlib.suppress(OSError):  # no room for it now: the next start tries again
        handle = os.open(ballast, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(handle, b"\0" * _BALLAST_BYTES)
        finally:
            os.close(handle)


def drop_ballast(path: Path) -> bool:
    """Gives the space set aside back to the disk; False when there was none."""
    try:
        sibling(path, ".ballast").unlink()
    except OSError:
        return False
    return True


def _backups(path: Path) -> list[tuple[int, Path]]:
    """The backups of upgrades by their schema version, oldest first."""
    found = [(int(match[1]), old) for old in path.parent.glob(f"{glob.escape(path.name)}.v*.backup")
             if (match := _BACKUP.search(old.name))]  # fmt: skip
    return sorted(found)


def _take_step(connection: sqlite3.Connection, version: int) -> None:
    for statement in schema.STEPS[version]:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version + 1}")


def _create(path: Path) -> None:
    """Builds a whole store under another name and links it into place: nobody ever sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with translated(path, is_new=True), contextlib.closing(connect(draft)) as connection:
            if not is_networked(path.parent):  # there, all processes would have to share one machine's memory
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            for version in range(len(schema.STEPS)):
                _take_step(connection, version)
            connection.execute("COMMIT")
        with contextlib.suppress(FileExistsError):  # another process was quicker: its store is as good
            _place(draft, path)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            sibling(draft, suffix).unlink(missing_ok=True)


def _place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _back_up(path: Path, version: int) -> None:
    """Copies the store as it stood before an upgrade, whose steps follow each other within the day: one backup each."""
    target = sibling(path, f".v{version}.backup")
    newest = max((old.stat().st_mtime for _, old in _backups(path)), default=0.0)
    if target.exists() or 0 <= time.time() - newest < _UPGRADE_SECONDS:
        return
    draft = sibling(target, ".new")
    draft.unlink(
        missing_ok=True
    )  # of a process that died at it: the caller holds the write lock, so nobody is at it now
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with contextlib.closing(connect(path)) as source, contextlib.closing(sqlite3.connect(draft)) as copy:
            source.backup(copy)
        draft.rename(target)
        for _, old in _backups(path)[:-_BACKUPS]:
            old.unlink(missing_ok=True)
    finally:
        draft.unlink(missing_ok=True)


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)


def _is_filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def _os_error(error: OSError, path: Path) -> StoreError:
    if error.errno == errno.ENOSPC:
        return full(path)
    if isinstance(error, FileExistsError | NotADirectoryError | PermissionError) or error.errno == errno.EROFS:
        return read_only(path)
    return StoreError(f"The job store {path} cannot be reached ({error.strerror}). Check the disk and the folder.")
