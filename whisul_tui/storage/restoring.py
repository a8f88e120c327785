"""Putting a backup in the place of what the store holds, in one transaction, under the eyes of running programs.

A backup is old news of what is open: the present store knows better what was sent since. So whatever is held, on its
way, unconfirmed or running now stays exactly as it is, with its number, which running programs go by. What only the
backup takes for open is never sent: it becomes unconfirmed (it may have been sent since), or is asked for (running).
The gates of the accounts stay as well, and drafts where there are some.
"""

# ruff: noqa: S608 - the parts of each statement are constants of this module and the store's own names of columns

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from whisul_tui.storage import opening, schema
from whisul_tui.storage.backup import back_up, checked
from whisul_tui.storage.database import Database
from whisul_tui.storage.errors import damaged, translated

_OPEN = "('held', 'sending', 'unconfirmed', 'running')"
_MARKS = ("starred", "own_tags", "note", "forgotten_at")  # the backup's, also of a job that is open now
_DOUBT = "The backup had it as {state}; whether it was sent since is not known here. Look before it is paid for again."
_TABLES = {"prompts": "ABORT", "families": "ABORT", "kept": "REPLACE", "drafts": "IGNORE", "requests": "IGNORE"}
_PRESENT = f"""
CREATE TEMP TABLE present AS SELECT jobs.*, prompts.text AS prompt_text, prompts.digest AS prompt_digest,
  prompts.used_at AS prompt_used, (SELECT client_id FROM main.jobs AS up WHERE up.number = jobs.parent) AS parent_client
FROM main.jobs JOIN main.prompts ON prompts.id = jobs.prompt
WHERE jobs.state IN {_OPEN} OR jobs.client_id IN (SELECT client_id FROM old.jobs WHERE state IN {_OPEN})"""
_PRESENT_FAMILIES = """
CREATE TEMP TABLE present_families AS SELECT * FROM main.families WHERE id IN (SELECT family FROM temp.present)"""
_INDEX_TABLES = ("words_data", "words_idx", "words_config")
_WORDS = f"""
INSERT INTO main.words (rowid, prompt, title, tags)
SELECT jobs.number, prompts.text, {schema.SEARCHED.format("jobs")}"""
_OF_MAIN = " FROM main.jobs JOIN main.prompts ON prompts.id = jobs.prompt WHERE jobs.forgotten_at IS NULL"
_OF_OLD = """ FROM old.jobs JOIN old.prompts ON prompts.id = jobs.prompt WHERE jobs.forgotten_at IS NULL
AND jobs.number IN (SELECT here FROM temp.moved)"""
_IS_PRESENT = "client_id IN (SELECT client_id FROM temp.present)"


@dataclass(frozen=True, slots=True)
class Restored:
    """How many jobs there are now, how many were kept as they are, how many became unconfirmed, and the copy of before.

    `before`: the backup of what the store held.
    """

    jobs: int
    kept: int
    doubtful: int
    before: Path


def restore(database: Database, source: Path, before: Path) -> Restored:
    """Restores the backup at `source`, after the store was copied to `before`; raises StoreError and OSError.

    Programs that run see the other content with their next look. A store of 100,000 jobs is held for some seconds.
    """
    checked(source)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=database.path.parent) as folder:
        copy = Path(folder) / "jobs.db"
        shutil.copyfile(source, copy)
        for suffix in ("-wal", "-journal"):  # of a store that was copied by other means
            if os.path.lexists(opening.sibling(source, suffix)):
                shutil.copyfile(opening.sibling(source, suffix), opening.sibling(copy, suffix))
        copy.chmod(0o600)
        Database.open(copy).close()  # led to the schema of this program
        checked(copy)
        with translated(database.path), closing(opening.connect(database.path)) as connection:
            return _exchange(connection, copy, database, before)


def _exchange(connection: sqlite3.Connection, copy: Path, database: Database, before: Path) -> Restored:
    connection.execute("PRAGMA foreign_keys = OFF")  # checked once, at the end
    connection.execute("PRAGMA cache_size = -65536")  # kilobytes: else pages go to the journal more than once
    connection.execute("ATTACH ? AS old", (str(copy),))
    connection.execute("BEGIN IMMEDIATE")
    try:
        opening.check_version(connection, database.path)
        back_up(database.path, before)  # nobody can write meanwhile: nothing is lost between copy and exchange
        triggers = connection.execute("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER main.{name}")
        kept, doubtful = _fill(connection, database.clock())
        _count_anew(connection)
        for _, sql in triggers:
            connection.execute(sql)
        _check_fits(connection, copy)
        jobs = int(connection.execute("SELECT count(*) FROM main.jobs").fetchone()[0])
        connection.execute("COMMIT")
    except BaseException:
        opening.roll_back(connection)
        raise
    return Restored(jobs, kept, doubtful, before)


def _fill(connection: sqlite3.Connection, now: float) -> tuple[int, int]:
    """The backup's rows into the emptied tables, the open jobs over them; how many were kept, and are doubtful."""
    connection.execute(_PRESENT)
    connection.execute(_PRESENT_FAMILIES)
    for table in ("jobs", "prompts", "families"):
        connection.execute(f"DELETE FROM main.{table}")
    for table, how in _TABLES.items():
        names = ", ".join(_columns(connection, table))
        connection.execute(f"INSERT OR {how} INTO main.{table} ({names}) SELECT {names} FROM old.{table}")
    _move(connection)
    _insert_old(connection)
    kept = _insert_present(connection)
    _join_anew(connection)
    fresh = f"NOT {_IS_PRESENT}"
    doubtful = connection.execute(
        "UPDATE main.jobs SET message = replace(?, '{state}', state), state = 'unconfirmed', not_before = NULL,"
        " claim_host = NULL, claim_pid = NULL, claim_started = NULL, claimed_at = NULL"
        f" WHERE state IN ('held', 'sending') AND {fresh}",
        (_DOUBT,),
    ).rowcount
    connection.execute(f"UPDATE main.jobs SET due_at = ? WHERE state = 'running' AND {fresh}", (now,))
    return kept, doubtful


def _move(connection: sqlite3.Connection) -> None:
    """Numbers of the backup that must give way: the job is present, or another one that is has that number."""
    connection.execute("CREATE TEMP TABLE moved (here INTEGER PRIMARY KEY, there INTEGER NOT NULL)")
    connection.execute(
        "INSERT INTO temp.moved SELECT old.jobs.number, present.number FROM old.jobs JOIN temp.present"
        " ON present.client_id = old.jobs.client_id"
    )
    sql = "SELECT coalesce((SELECT seq FROM {0}.sqlite_sequence WHERE name = 'jobs'), 0)"
    highest = max(int(connection.execute(sql.format(name)).fetchone()[0]) for name in ("main", "old"))
    connection.execute(
        "INSERT INTO temp.moved SELECT number, ? + row_number() OVER (ORDER BY number) FROM old.jobs"
        " WHERE number IN (SELECT number FROM temp.present) AND number NOT IN (SELECT here FROM temp.moved)",
        (highest,),
    )


def _insert_old(connection: sqlite3.Connection) -> None:
    names = [name for name in _columns(connection, "jobs") if name != "number"]
    listed = ", ".join(names)
    connection.execute(
        f"INSERT INTO main.jobs (number, {listed}) SELECT coalesce(moved.there, number), {listed} FROM old.jobs"
        " LEFT JOIN temp.moved ON moved.here = number WHERE client_id NOT IN (SELECT client_id FROM temp.present)"
    )


def _insert_present(connection: sqlite3.Connection) -> int:
    """The jobs that are open now, or that the backup takes for open, as the present store has them."""
    connection.execute(
        "INSERT OR IGNORE INTO main.prompts (digest, used_at, text)"
        " SELECT prompt_digest, prompt_used, prompt_text FROM temp.present"
    )
    names = _columns(connection, "jobs")
    own_prompt = "(SELECT id FROM main.prompts WHERE digest = prompt_digest)"
    values = [own_prompt if name == "prompt" else name for name in names]
    connection.execute(f"INSERT INTO main.jobs ({', '.join(names)}) SELECT {', '.join(values)} FROM temp.present")
    theirs = "FROM old.jobs AS other WHERE other.client_id = main.jobs.client_id"
    sets = ", ".join(f"{name} = (SELECT {name} {theirs})" for name in _MARKS)
    connection.execute(
        f"UPDATE main.jobs SET {sets} WHERE client_id IN (SELECT client_id FROM temp.present)"
        " AND client_id IN (SELECT client_id FROM old.jobs) AND state NOT IN ('held', 'sending')"
    )
    return int(connection.execute("SELECT count(*) FROM temp.present").fetchone()[0])


def _join_anew(connection: sqlite3.Connection) -> None:
    """Parents and families by what they are, not by a number that may be another's now."""
    connection.execute(
        "UPDATE main.jobs SET parent = (SELECT there FROM temp.moved WHERE here = parent)"
        f" WHERE parent IN (SELECT here FROM temp.moved) AND NOT {_IS_PRESENT}"
    )
    connection.execute(
        "UPDATE main.jobs SET parent = (SELECT up.number FROM temp.present JOIN main.jobs AS up"
        " ON up.client_id = present.parent_client WHERE present.client_id = jobs.client_id)"
        f" WHERE {_IS_PRESENT}"
    )
    connection.execute("UPDATE main.jobs SET parent = NULL WHERE parent NOT IN (SELECT number FROM main.jobs)")
    names = ", ".join(_columns(connection, "families"))
    connection.execute(f"INSERT OR IGNORE INTO main.families ({names}) SELECT {names} FROM temp.present_families")
    connection.execute(
        f"UPDATE main.jobs SET family = NULL WHERE {_IS_PRESENT} AND family NOT IN (SELECT families.id"
        " FROM main.families JOIN temp.present_families AS own ON own.id = families.id"
        " AND own.template = families.template)"
    )
    connection.execute("UPDATE main.jobs SET family = NULL WHERE family NOT IN (SELECT id FROM main.families)")


def _count_anew(connection: sqlite3.Connection) -> None:
    """What triggers keep, made in one go: the counters of blocks, the index of words, the revision."""
    connection.execute("DELETE FROM main.blocks")
    connection.execute(
        "INSERT INTO main.blocks SELECT number >> 11, state, count(*) FROM main.jobs"
        " WHERE forgotten_at IS NULL GROUP BY 1, 2"
    )
    try:
        _copy_words(connection)
    except sqlite3.OperationalError:  # a SQLite that keeps the index's own tables from being written
        connection.execute("INSERT INTO main.words (words) VALUES ('delete-all')")
        connection.execute(_WORDS + _OF_MAIN)
    connection.execute("UPDATE main.revisions SET revision = revision + 1")


def _copy_words(connection: sqlite3.Connection) -> None:
    """The backup's index as it is, a tenth of the time of making it anew; then the rows that are others here."""
    for table in _INDEX_TABLES:
        names = ", ".join(_columns(connection, table))
        connection.execute(f"DELETE FROM main.{table}")
        connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM old.{table}")
    connection.execute(_WORDS.replace("(rowid", "(words, rowid").replace("SELECT ", "SELECT 'delete', ", 1) + _OF_OLD)
    connection.execute(
        _WORDS + _OF_MAIN + f" AND (jobs.{_IS_PRESENT} OR jobs.number IN (SELECT there FROM temp.moved))"
    )


def _check_fits(connection: sqlite3.Connection, copy: Path) -> None:
    if connection.execute("PRAGMA main.foreign_key_check").fetchone() is not None:
        raise damaged(copy, "its jobs do not fit together")


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns that are written, without those that SQLite works out."""
    rows = connection.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", (table,)).fetchall()
    return [str(row[0]) for row in rows]
