"""A damaged store is set aside under another name, never deleted, and what can still be read of it fills a new one."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from whisul_tui.domain.job import is_job_id
from whisul_tui.storage import opening, schema
from whisul_tui.storage.database import Database
from whisul_tui.storage.errors import StoreError
from whisul_tui.storage.recovery import Line
from whisul_tui.storage.rows import prompt_digest, sort_name

LOST_PROMPT = "(the prompt was lost with the damaged store)"
_UNREADABLE = (sqlite3.Error, UnicodeError, StoreError)  # SQLite quotes damage in messages that are no text
_CHUNK = 512  # rows read at a time; halved around a place that cannot be read
_KEPT = {
    "prompts": ("id", "digest", "used_at", "text"),
    "gates": ("account", "gate"),
    "drafts": ("slot", "text", "saved_at"),
    "families": ("id", "template", "made_at", "at_once"),
    "kept": ("kind", "name", "text", "changed_at"),
    "requests": ("account", "day", "kind", "requests"),
}
_JOB = (
    "number", "state", "forgotten_at", "prompt", "account", "client_id", "job_id", "created_at", "changed_at",
    "not_before", "sent_at", "accepted_at", "started_at", "finished_at", "asked_at", "seen_at", "due_at", "claim_host",
    "claim_pid", "claim_started", "claimed_at", "starred", "parent", "bpm", "seconds", "sort_name", "title", "tags",
    "song_url", "image_url", "remote_status", "message",
)  # fmt: skip
_SAID = ("family", "own_tags", "note", "paused", "place", "origin")  # since version 2


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Only one process at a time mends the store at `path`; raises OSError where the folder cannot be written."""
    handle = os.open(opening.sibling(path, ".mending"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def may_be_set_aside(path: Path) -> bool:
    """Whether what stands at `path` is a file that is broken, and not one of another program's."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            header = file.read(72)
    except FileNotFoundError:
        return True  # its journal alone is left
    except OSError:
        return False
    of_sqlite = header.startswith(b"SQLite format 3\0") and len(header) == 72
    return not of_sqlite or header[68:72] in (schema.APPLICATION_ID.to_bytes(4, "big"), bytes(4))


def set_aside(path: Path, now: float) -> Path:
    """Renames the store and its journals to `jobs.db.damaged-DATE` and returns that name; raises OSError."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    target, number = opening.sibling(path, f".damaged-{stamp}"), 1
    while any(os.path.lexists(opening.sibling(target, suffix)) for suffix in ("", "-wal", "-shm", "-journal")):
        target, number = opening.sibling(path, f".damaged-{stamp}-{number}"), number + 1
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            opening.sibling(path, suffix).rename(opening.sibling(target, suffix))
    return target


def salvage(aside: Path, database: Database) -> int:
    """Copies what can be read of the damaged store into a new one; gives how many jobs came. Raises StoreError."""
    if not aside.is_file():
        return 0
    try:
        source = opening.connect(aside, "mode=ro")
    except _UNREADABLE:
        return 0
    with closing(source), database.write() as connection:
        for table, columns in _KEPT.items():
            for row in _rows(source, table, columns):
                _put(connection, table, columns, row)
        known = {row[0] for row in connection.execute("SELECT id FROM prompts")}
        families = {row[0] for row in connection.execute("SELECT id FROM families")}
        columns = _JOB + _SAID if _has(source, "jobs", _SAID) else _JOB
        count = 0
        for row in _rows(source, "jobs", columns):
            values = dict(zip(columns, row, strict=True))
            if values["prompt"] not in known:
                values["prompt"] = _lost_prompt(connection)
            values["parent"] = None  # it may not have come, or not yet
            if values.get("family") not in families:
                values.pop("family", None)
            count += _put(connection, "jobs", tuple(values), tuple(values.values()))
        if _has(source, "prompts", ("starred",)):
            for row in _rows(source, "prompts", ("id", "starred")):
                connection.execute("UPDATE prompts SET starred = 1 WHERE id = ? AND ? = 1", row)
    return count


def adopt(database: Database, line: Line, account: str) -> bool:
    """A job of the recovery journal that the store does not know is followed from now on, without its prompt."""
    client_id, job_id, at = line
    if not is_job_id(job_id) or not is_job_id(client_id):
        return False
    with database.write() as connection:
        if connection.execute("SELECT 1 FROM jobs WHERE client_id = ? OR job_id = ?", (client_id, job_id)).fetchone():
            return False
        columns = ("state", "prompt", "account", "client_id", "job_id", "created_at", "changed_at", "sent_at")
        more = ("accepted_at", "due_at", "sort_name")
        values = ("running", _lost_prompt(connection), account, client_id, job_id, at, at, at, at, at)
        return _put(connection, "jobs", (*columns, *more), (*values, sort_name(None, LOST_PROMPT)))


def _lost_prompt(connection: sqlite3.Connection) -> int:
    digest = prompt_digest(LOST_PROMPT)
    connection.execute("INSERT OR IGNORE INTO prompts (digest, used_at, text) VALUES (?, 0, ?)", (digest, LOST_PROMPT))
    return int(connection.execute("SELECT id FROM prompts WHERE digest = ?", (digest,)).fetchone()[0])


def _has(source: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> bool:
    """Whether the store is of a version that has these columns."""
    with suppress(*_UNREADABLE):
        source.execute(f"SELECT {', '.join(columns)} FROM {table} LIMIT 0")  # noqa: S608 - names are ours
        return True
    return False


def _rows(source: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """All rows that can be read; a table without row numbers is read until it breaks."""
    names = ", ".join(columns)
    if columns[0] not in ("id", "number"):
        with suppress(*_UNREADABLE):
            yield from (tuple(row) for row in source.execute(f"SELECT {names} FROM {table}"))  # noqa: S608 - ours
        return
    spans = [(low, low + _CHUNK) for low in range(_last(source, table, columns[0]) // _CHUNK * _CHUNK, -1, -_CHUNK)]
    while spans:
        low, high = spans.pop()
        try:
            sql = f"SELECT {names} FROM {table} NOT INDEXED WHERE {columns[0]} >= ? AND {columns[0]} < ?"  # noqa: S608
            found = source.execute(sql, (low, high)).fetchall()
        except _UNREADABLE:
            if high - low > 1:
                middle = (low + high) // 2
                spans += [(middle, high), (low, middle)]
            continue
        yield from (tuple(row) for row in found)


def _last(source: sqlite3.Connection, table: str, key: str) -> int:
    """The highest row number that the file speaks of, within reason."""
    for sql in (f"SELECT max({key}) FROM {table}", f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"):  # noqa: S608
        with suppress(*_UNREADABLE):
            row = source.execute(sql).fetchone()
            if row is not None and isinstance(row[0], int):
                return max(0, min(row[0], 10_000_000))
    return _CHUNK * 8  # neither can be read: the first few thousand are tried


def _put(connection: sqlite3.Connection, table: str, columns: tuple[str, ...], values: tuple[Any, ...]) -> bool:
    """Inserts a row unless the store's own rules refuse it."""
    if table == "prompts" and (not isinstance(values[3], str) or values[1] != _digest(values[3])):
        return False
    marks = ", ".join("?" * len(columns))
    try:
        sql = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names are ours
        return connection.execute(sql, values).rowcount == 1
    except (sqlite3.IntegrityError, sqlite3.DataError, OverflowError):
        return False


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
