"""Opening a store that may be broken, newer, or on ground that cannot be written: what can be had of it.

A check of all pages runs beside the program; what it finds is noted in a file, and the next start looks again first.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from whisul_tui.storage import opening
from whisul_tui.storage.database import Database
from whisul_tui.storage.errors import StoreDamaged, StoreError, StoreFull, StoreNewer, StoreReadOnly
from whisul_tui.storage.recovery import lines_of
from whisul_tui.storage.setting_aside import adopt, alone, may_be_set_aside, salvage, set_aside

Clock = Callable[[], float]
JOURNAL = "recovery.jsonl"
LARGE = 64 * 1024 * 1024  # bytes of a store that is not read whole at each start
_DAY = 86_400.0


class Opened(NamedTuple):
    """An open store, and what the user is to be told of it (empty when all is well)."""

    database: Database
    notice: str = ""


def open_or_mend(path: Path, *, account: str, clock: Clock = time.time) -> Opened:
    """The store at `path`, whatever state it is in; raises the StoreError that cannot be mended here.

    A damaged one is set aside and rebuilt. A newer one, and one that cannot be written, is opened for reading. Where
    there is none and none can be made, an empty one for reading stands in. `account`: who follows the jobs of which
    nothing is left but the journal's line.
    """
    try:
        database = Database.open(path, clock=clock)
        if _suspicion(database.path).exists():
            _look_again(database)
        return Opened(database)
    except StoreDamaged as error:
        return _mended(path, error, account, clock)
    except (StoreNewer, StoreReadOnly, StoreFull) as error:
        return Opened(only_read(path, error, clock=clock), f"{error} Until then jobs are shown, and nothing is sent.")


def only_read(path: Path, error: StoreError, *, clock: Clock = time.time) -> Database:
    """The store for reading alone, for the reason of `error`, which is raised where not even that is possible."""
    if not path.exists():
        return _stand_in(error, clock)
    try:
        return Database.open(path, clock=clock, read_only=True, because=error)
    except StoreError:
        raise error from None


def check_pages(database: Database, *, clock: Clock = time.time) -> None:
    """Reads all pages, for a thread beside the program; raises StoreDamaged, and has the next start look again.

    A store that takes seconds to read is left alone where it was found whole within a day.
    """
    path, noted = database.path, opening.sibling(database.path, ".checked")
    if path.stat().st_size >= LARGE and _is_within_a_day(noted, clock()):
        return
    try:
        database.check()
    except StoreDamaged:
        if not database.read_only:
            with suppress(OSError):
                _suspicion(path).touch(0o600)
        raise
    if not database.read_only and path.stat().st_size >= LARGE:
        with suppress(OSError):
            noted.touch(0o600)
            os.utime(noted, (clock(), clock()))


def _is_within_a_day(noted: Path, now: float) -> bool:
    try:
        return 0 <= now - noted.stat().st_mtime < _DAY
    except OSError:
        return False


def _look_again(database: Database) -> None:
    """The check that found damage beside the program, now before anything is written; raises StoreDamaged."""
    try:
        database.check()
    except BaseException:
        database.abandon()
        raise
    _suspicion(database.path).unlink(missing_ok=True)


def _mended(path: Path, error: StoreDamaged, account: str, clock: Clock) -> Opened:
    path = path.resolve()
    if not may_be_set_aside(path):
        raise error
    try:
        with alone(path):
            with suppress(StoreDamaged):  # another process has mended it meanwhile
                if not _suspicion(path).exists():
                    return Opened(Database.open(path, clock=clock))
            name = set_aside(path, clock())
            database = Database.open(path, clock=clock)
            _suspicion(path).unlink(missing_ok=True)
            try:
                came = salvage(name, database) + _from_journal(path, database, account)
            except BaseException:
                database.close()
                raise
    except OSError:
        raise error from None
    jobs = f"{came:,} job{'' if came == 1 else 's'} of it could be read and are here."
    return Opened(database, f"The job store was damaged. It is kept as {name.name}, and a new one was begun: {jobs}")


def _from_journal(path: Path, database: Database, account: str) -> int:
    return sum(adopt(database, line, account) for line in lines_of(path.with_name(JOURNAL)))


def _suspicion(path: Path) -> Path:
    return opening.sibling(path, ".suspect")


def _stand_in(error: StoreError, clock: Clock) -> Database:
    """An empty store that nothing is written to; its file goes with the program."""
    folder = Path(tempfile.mkdtemp(prefix="whisul-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "jobs.db"
    Database.open(path, clock=clock).close()
    return Database.open(path, clock=clock, read_only=True, because=error)
