"""Literal words as SQL, ANDed, in any case, and searches that end in time.

No word is ever syntax: quotes, `%`, `_`, `*`, AND and OR are just letters.
"""

from __future__ import annotations

import sqlite3
import time

from whisul_tui.storage.database import Database, Parameters
from whisul_tui.storage.rows import storable

PATIENCE = 0.1  # seconds after which a search gives what it has
MAX_WORDS = 16
_OPERATIONS = 2000  # of SQLite's machine between two looks at the clock: far below a millisecond


def split(text: str) -> tuple[str, ...]:
    """The words of what the user typed; more than `MAX_WORDS` are not looked for."""
    return tuple(dict.fromkeys(storable(text).split()))[:MAX_WORDS]


def contains(words: tuple[str, ...], columns: tuple[str, ...]) -> tuple[str, list[str]]:
    """A condition, with its parameters, that each word stands in one of the columns (fixed names of the schema)."""
    conditions: list[str] = []
    patterns: list[str] = []
    for word in words:
        # LIKE folds ASCII letters alone, so other letters are asked for in both cases.
        forms = {word} if word.isascii() else {word, word.lower(), word.upper()}
        conditions.append(" OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in columns for _ in forms))
        patterns += [_pattern(form) for _ in columns for form in sorted(forms)]
    return "".join(f" AND ({condition})" for condition in conditions), patterns


def first_column(database: Database, sql: str, parameters: Parameters, patience: float) -> tuple[list[int], bool]:
    """The first column of the rows found within `patience` seconds, and whether that was all of them."""
    found: list[int] = []
    end = time.monotonic() + patience
    with database.at_work() as connection:
        connection.set_progress_handler(lambda: time.monotonic() > end, _OPERATIONS)
        try:
            found.extend(row[0] for row in connection.execute(sql, parameters))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return found, False
        finally:
            connection.set_progress_handler(None, 0)
    return found, True


def _pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
