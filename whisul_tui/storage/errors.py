"""What can go wrong with the store, and the translation of SQLite's errors into it.

    StoreError
    ├── StoreDamaged    the file is broken, empty or another program's; it is never deleted or overwritten
    ├── StoreNewer      a newer whisul-tui wrote it
    ├── StoreReadOnly   file or folder cannot be written
    ├── StoreFull       the disk is full
    ├── StoreBusy       another process holds it for longer than the time-out
    └── StoreMissing    the file was deleted or replaced underneath, or is not there to be read

Every message is a sentence for the user, with the mend. JobNotFound and JobAmbiguous are answers of a look-up by id.
"""

# ruff: noqa: N818 - the names are the product's own words for what happened

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """The store could not do what was asked; the message names the file and the mend."""


class StoreDamaged(StoreError):
    """The file is broken, empty, or not a job store."""


class StoreNewer(StoreError):
    """The file has a schema that this version does not know."""


class StoreReadOnly(StoreError):
    """File or folder cannot be written."""


class StoreFull(StoreError):
    """No space is left; the transaction was rolled back and nothing is lost."""


class StoreBusy(StoreError):
    """Another process held the store for longer than the busy time-out; the step can be tried again."""


class StoreMissing(StoreError):
    """The file is gone, or another one stands in its place: what is written now would be lost."""


class JobNotFound(LookupError):
    """No job has that id."""


class JobAmbiguous(LookupError):
    """Several jobs' ids begin like that."""


def damaged(path: Path, what: str) -> StoreDamaged:
    """The error for a broken or foreign file."""
    return StoreDamaged(
        f"The job store {path} cannot be used: {what}. Nothing in it was changed. Put a backup in its place, "
        f"or move it away (mv {path.name} {path.name}.broken in {path.parent}) and a new one is begun."
    )


def read_only(path: Path) -> StoreReadOnly:
    """The error for a file or folder that cannot be written."""
    return StoreReadOnly(
        f"The job store {path} cannot be written. Make it and its folder writable for you, "
        "or name another folder with --data-dir."
    )


def missing(path: Path) -> StoreMissing:
    """The error for a file that is gone or was replaced while it was open."""
    return StoreMissing(
        f"The job store {path} was deleted or replaced while it was in use. Put it back, then start whisul-tui again."
    )


def full(path: Path) -> StoreFull:
    """The error for a disk without room."""
    return StoreFull(f"The disk that holds the job store {path} is full. Free some space; nothing was lost so far.")


def translate(error: sqlite3.Error, path: Path, *, is_new: bool = False) -> StoreError:
    """The StoreError that says what a SQLite error means for the user; chain it with `from`.

    `is_new`: the store is just being made, so that its absence means nothing.
    """
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if code == sqlite3.SQLITE_READONLY_DBMOVED or not (is_new or primary is None or path.exists()):
        return missing(path)
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        return StoreError("The job store is closed already.")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT) or "UTF-8" in str(error):
        return damaged(path, f"the file is damaged ({error})")
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return read_only(path)
    if primary == sqlite3.SQLITE_FULL:
        return full(path)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(
            f"Another whisul-tui holds the job store {path}. If it is stopped (ctrl+z), bring it back with fg."
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return StoreReadOnly(f"The job store {path} cannot be opened ({error}). Check the rights of it and its folder.")
    return StoreError(
        f"The job store {path} failed ({error}). Check that the disk is sound and neither full nor over its quota."
    )


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Takes values that no program of ours has written for what they are: damage that SQLite did not see."""
    try:
        yield
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise damaged(path, f"it holds an impossible value ({type(error).__name__})") from error


@contextmanager
def translated(path: Path, *, is_new: bool = False) -> Iterator[None]:
    """Turns every SQLite error inside the block into the StoreError of its kind."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path, is_new=is_new) from error
    except UnicodeDecodeError as error:  # SQLite's message quotes the damage, and Python cannot read that
        raise damaged(path, "the file is damaged (what SQLite says of it is no text)") from error
