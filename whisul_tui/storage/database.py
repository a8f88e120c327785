"""The store's file and its connections: one a thread, opened when the thread first asks."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

from whisul_tui.storage import opening, schema
from whisul_tui.storage.errors import StoreError, StoreFull, StoreReadOnly, damaged, missing, read_only, translated

Clock = Callable[[], float]
Parameters = Sequence[Any] | Mapping[str, Any]
T = TypeVar("T")
_Identity = tuple[int, int]


class Database:
    """`jobs.db`, open: transactions, reads and the change notice, for any thread.

    Reads never wait for a writer (WAL); writes are short `BEGIN IMMEDIATE` transactions that wait at most 5 s for
    another process. Every method raises StoreError of the fitting kind.
    """

    def __init__(self, path: Path, *, clock: Clock, options: str) -> None:
        """For `open` alone, which has looked at the file before."""
        self.path = path
        self.clock = clock
        self.read_only = "rw" not in options
        self._options = options
        self._identity = _identity(path)
        self._journal = opening.sibling(path, "-wal")
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, tuple[sqlite3.Connection, _Identity | None]] = {}
        self._closed = False

    @classmethod
    def open(cls, path: Path, *, clock: Clock = time.time, read_only: bool = False) -> Database:
        """Opens the store at `path`, creating or migrating it where needed; takes about a millisecond at any size.

        With `read_only` nothing is created or changed, and a store on read-only ground can be read. Raises StoreError.
        """
        if read_only:
            opening.inspect(path)
        else:
            opening.make_ready(path)
        last: StoreError | None = None
        for options in _read_options(path) if read_only else ("mode=rw",):
            database = cls(path, clock=clock, options=options)
            try:
                with translated(path):
                    database._begin()
            except BaseException as error:
                database.close()
                if not isinstance(error, StoreReadOnly):
                    raise
                last = error
            else:
                return database
        raise last or missing(path)

    def _begin(self) -> None:
        connection = self.read()
        if self.read_only:
            if opening.check_version(connection, self.path) < len(schema.STEPS):
                raise StoreReadOnly(f"The job store {self.path} is of an older whisul-tui. Open it once writable.")
        else:
            opening.migrate(connection, self.path)
        connection.execute("SELECT number FROM jobs LIMIT 1").fetchone()  # parses the whole schema

    def read(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit; prefer `query`, which translates errors."""
        entry = self._connections.get(threading.current_thread())
        return entry[0] if entry else self._open_connection()

    def query(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """All rows of a reading statement."""
        with translated(self.path):
            return self.read().execute(sql, parameters).fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All queries of this thread inside the block see one and the same state of the store."""
        connection = self.read()
        if connection.in_transaction:
            yield
            return
        with translated(self.path):
            connection.execute("BEGIN")
        try:
            yield
        finally:
            opening.roll_back(connection)  # nothing was written

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One `BEGIN IMMEDIATE` transaction, committed at the end, rolled back on an error; inside another it joins.

        Raises StoreMissing instead of committing when the file was deleted or replaced underneath.
        """
        if self.read_only:
            raise read_only(self.path)
        with translated(self.path):
            connection = self.read()
            if connection.in_transaction:
                yield connection
                return
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

    def data_version(self) -> int:
        """A figure that changes whenever another connection, of this or another process, has committed."""
        return int(self.query("PRAGMA data_version")[0][0])

    def check(self) -> None:
        """Reads every page (seconds for a large store: use a thread of its own); raises StoreDamaged if one is bad."""
        found = self.query("PRAGMA quick_check(1)")[0][0]
        if found != "ok":
            raise damaged(self.path, f"a check of its pages found: {found}")

    def close(self) -> None:
        """Interrupts what runs and closes the connections of all threads; the database cannot be used afterwards."""
        with self._lock:
            self._closed = True
            for connection, _ in self._connections.values():
                connection.interrupt()
                connection.close()
            self._connections.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_connection(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StoreError("The job store is closed already.")
            for thread in [thread for thread in self._connections if not thread.is_alive()]:
                self._connections.pop(thread)[0].close()
            if _identity(self.path) != self._identity:
                raise missing(self.path)
            with translated(self.path):
                connection = opening.connect(self.path, self._options)
                try:
                    connection.execute("PRAGMA schema_version").fetchone()  # the first read makes the journal
                except BaseException:
                    connection.close()
                    raise
            self._connections[threading.current_thread()] = connection, _identity(self._journal)
            return connection

    def _check_in_place(self) -> None:
        journal = self._connections[threading.current_thread()][1]
        if _identity(self.path) != self._identity or _identity(self._journal) != journal:
            raise missing(self.path)


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _read_options(path: Path) -> tuple[str, ...]:
    """How to open for reading: `immutable` helps on read-only ground, but is blind to a journal that is left."""
    journal = opening.sibling(path, "-wal")
    is_whole = not journal.exists() or journal.stat().st_size == 0
    return ("mode=ro", "mode=ro&immutable=1") if is_whole else ("mode=ro",)
