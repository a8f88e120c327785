"""What the user took off a job here, a star, a tag, a note: so that no import brings it back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from whisul_tui.storage.kept import PUT

_KIND = "taken off"
STAR, NOTE = "star", "note"
_TEXT = "SELECT client_id, (SELECT text FROM kept WHERE kind = ? AND name = client_id) FROM jobs WHERE number = ?"


def taken_off(connection: sqlite3.Connection, client_id: str) -> frozenset[str]:
    """What was taken off this job and not given back since: `STAR`, `NOTE`, and tags after `tag:`."""
    row = connection.execute("SELECT text FROM kept WHERE kind = ? AND name = ?", (_KIND, client_id)).fetchone()
    return frozenset(_read(row[0] if row else None))


def tags(names: Iterable[str]) -> list[str]:
    """Tags as `remember` and `taken_off` have them; they are one in any case."""
    return [f"tag:{name.casefold()}" for name in names]


def remember(
    connection: sqlite3.Connection, number: int, now: float, *, off: Sequence[str] = (), on: Sequence[str] = ()
) -> None:
    """In the transaction of the change itself: these were taken off, those given (back)."""
    row = connection.execute(_TEXT, (_KIND, number)).fetchone()
    if row is None or not (off or row[1]):
        return
    before = set(_read(row[1]))
    after = (before | set(off)) - set(on)
    if after and after != before:
        connection.execute(PUT, (_KIND, row[0], json.dumps(sorted(after)), now))
    elif not after:
        connection.execute("DELETE FROM kept WHERE kind = ? AND name = ?", (_KIND, row[0]))


def _read(text: str | None) -> list[str]:
    """The words of a kept text; none where it is no list of ours."""
    try:
        content: Any = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    return [word for word in content if isinstance(word, str)] if isinstance(content, list) else []
