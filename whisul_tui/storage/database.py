"""The store's file and its connections: one a thread, opened when the thread first asks."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from whisul_tui.storage import opening, schema
from whisul_tui.storage.errors import (
    StoreError,
    StoreFull,
    StoreNewer,
    StoreReadOnly,
    damaged,
    missing,
    read_only,
    sound,
    translated,
)

Clock = Callable[[], float]
Parameters = Sequence[Any] | Mapping[str, Any]
T = TypeVar("T")
_Identity = tuple[int, int]
_PATIENT_TURNS = 100  # of 50 ms
_SMALL = 64 * 1024 * 1024  # bytes of a store whose indexes are checked against its rows, too


class _Line(NamedTuple):
    """A thread's connection; the lock is held while it works, so that nobody closes it under its feet."""

    connection: sqlite3.Connection
    journal: _Identity | None
    lock: threading.RLock


class Database:
    """`jobs.db`, open: transactions, reads and the change notice, for any thread.

    Reads never wait for a writer (WAL); writes are short `BEGIN IMMEDIATE` transactions that wait at most 5 s for
    another process. Every method raises StoreError of the fitting kind.
    """

    def __init__(
        self, path: Path, *, clock: Clock, read_only: bool, options: str, because: StoreError | None = None
    ) -> None:
        """For `open` alone, which has looked at the file before."""
        self.path = path
        self.clock = clock
        self.read_only = read_only
        self.because = because
        self._options = options
        self._identity = _identity(path)
        self._journal = opening.sibling(path, "-wal")
        self._lock = threading.Lock()
        self._lines: dict[threading.Thread, _Line] = {}
        self._closed = False

    @classmethod
    def open(
        cls, path: Path, *, clock: Clock = time.time, read_only: bool = False, because: StoreError | None = None
    ) -> Database:
        """Opens the store at `path`, creating or migrating it where needed; takes about a millisecond at any size.

        With `read_only` nothing is created or changed, and a store on read-only ground can be read; `because` is why,
        told whenever something is to be written, and as StoreNewer it lets a newer store be read. Raises StoreError.
        """
        path = path.resolve()  # SQLite puts its journal beside the file itself, not beside a link to it
        if read_only:
            opening.inspect(path)
        else:
            opening.make_ready(path)
        last: StoreError | None = None
        for options in opening.read_options(path) if read_only else ("mode=rw",):
            database = cls(path, clock=clock, read_only=read_only, options=options, because=because)
            try:
                with translated(path):
                    database._begin()
            except BaseException as error:
                database.abandon()
                if not isinstance(error, StoreReadOnly):
                    raise
                last = error
            else:
                return database
        raise last or missing(path)

    def _begin(self) -> None:
        connection = self.read()
        if self.read_only:
            if not isinstance(self.because, StoreNewer) and opening.check_version(connection, self.path) < len(
                schema.STEPS
            ):
                raise StoreReadOnly(f"The job store {self.path} is of an older whisul-tui. Open it once writable.")
        else:
            opening.leave_wal_on_network(connection, self.path)
            opening.migrate(connection, self.path)
        connection.execute("SELECT number FROM jobs LIMIT 1").fetchone()  # parses the whole schema

    def read(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit; prefer `query`, which translates errors."""
        return self._line().connection

    def query(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """All rows of a reading statement."""
        with self.at_work() as connection:
            return connection.execute(sql, parameters).fetchall()

    @contextmanager
    def at_work(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, its errors translated; `close` waits until the block is left."""
        line = self._line()
        with translated(self.path), line.lock:
            yield line.connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All queries of this thread inside the block see one and the same state of the store."""
        with self.at_work() as connection, sound(self.path):
            if connection.in_transaction:
                yield
                return
            connection.execute("BEGIN")
            try:
                yield
            finally:
                opening.roll_back(connection)  # nothing was written

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """One `BEGIN IMMEDIATE` transaction, committed at the end, rolled back on an error; inside another it joins.

        Only a `durable` one waits for the disk; a power cut, and nothing less, may take the others. Raises StoreMissing
        instead of committing when the file was deleted or replaced underneath.
        """
        if self.read_only:
            raise self.because or read_only(self.path)
        with self.at_work() as connection:
            if connection.in_transaction:
                yield connection
                return
            with nullcontext() if durable else opening.unsynced(connection):
                connection.execute("BEGIN IMMEDIATE")
                try:
                    opening.check_version(connection, self.path)  # a newer program may have migrated it meanwhile
                    yield connection
                    self._check_in_place()
                    connection.execute("COMMIT")
                except BaseException:
                    opening.roll_back(connection)
                    raise

    def with_ballast(self, step: Callable[[], T]) -> T:
        """Does a step that must find room: on a full disk the ballast goes, and it is tried once more."""
        try:
            return step()
        except StoreFull:
            if not opening.drop_ballast(self.path):
                raise
            return step()

    def version(self) -> int:
        """The version of the file's schema, which a newer program may have raised."""
        return int(self.query("PRAGMA user_version")[0][0])

    def data_version(self) -> int:
        """A figure that changes whenever another connection, of this or another process, has committed."""
        return int(self.query("PRAGMA data_version")[0][0])

    def check(self) -> None:
        """Reads every page (seconds for a large store: use a thread of its own); raises StoreDamaged if one is bad."""
        kind = "integrity_check" if self.path.stat().st_size < _SMALL else "quick_check"
        found = self.query(f"PRAGMA {kind}(1)")[0][0]
        if found != "ok":
            raise damaged(self.path, f"a check of its pages found: {found}")

    def close(self) -> None:
        """Interrupts what other threads read and closes all connections; the database cannot be used afterwards."""
        with self._lock:
            self._closed = True
            for line in self._lines.values():
                _hang_up(line)
            self._lines.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def abandon(self) -> None:
        """Closes all connections without touching the files, as a damaged store is left."""
        for line in self._lines.values():
            opening.discard(line.connection)
        self._lines.clear()
        self._closed = True

    def _line(self) -> _Line:
        return self._lines.get(threading.current_thread()) or self._open_line()

    def _open_line(self) -> _Line:
        with self._lock:
            if self._closed:
                raise StoreError("The job store is closed already.")
            for thread in [thread for thread in self._lines if not thread.is_alive()]:
                _hang_up(self._lines.pop(thread))
            if _identity(self.path) != self._identity:
                raise missing(self.path)
            with translated(self.path):
                connection = opening.connect(self.path, self._options)
                try:
                    connection.execute("PRAGMA schema_version").fetchone()  # the first read makes the journal
                    if self.read_only:
                        connection.execute("PRAGMA query_only = ON")
                except BaseException:
                    opening.discard(connection)
                    raise
            line = _Line(connection, _identity(self._journal), threading.RLock())
            self._lines[threading.current_thread()] = line
            return line

    def _check_in_place(self) -> None:
        if _identity(self.path) != self._identity or _identity(self._journal) != self._line().journal:
            raise missing(self.path)


def _hang_up(line: _Line) -> None:
    """Closes a connection once its thread has let go of it, which an interrupted read does at once."""
    turns = 0
    while not line.lock.acquire(timeout=0.05 if turns else 0):
        if turns == _PATIENT_TURNS:
            return  # it stands still inside a transaction: the connection goes with the process
        line.connection.interrupt()
        turns += 1
    try:
        if turns:
            with suppress(sqlite3.Error):
                line.connection.execute("SELECT 1")  # takes the interrupt off, which would stop the last checkpoint
        line.connection.close()
    finally:
        line.lock.release()


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
