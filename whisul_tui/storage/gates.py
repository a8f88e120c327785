"""The gate of each account, kept as one JSON row: a field that a later version adds needs no migration."""

from __future__ import annotations

import json
import sqlite3

from whisul_tui.domain.gate import Gate

_SAVE = "INSERT INTO gates VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET gate = excluded.gate"


def load(connection: sqlite3.Connection, account: str) -> Gate:
    """The gate of an account; an open one when nothing is remembered, or nothing that can be read.

    An unreadable row is not worth a refusal to start: the server's next 429 teaches it anew.
    """
    row = connection.execute("SELECT gate FROM gates WHERE account = ?", (account,)).fetchone()
    try:
        values = json.loads(row[0]) if row else {}
        known = {name: value for name, value in values.items() if name in Gate._fields}
        if "accepts" in known:
            known["accepts"] = tuple((int(second), int(count)) for second, count in known["accepts"])
        return Gate(**known)
    except (ValueError, TypeError, AttributeError):
        return Gate()


def save(connection: sqlite3.Connection, account: str, gate: Gate) -> None:
    """Remembers the gate inside the caller's transaction; raises ValueError for a time that is not finite."""
    connection.execute(_SAVE, (account, json.dumps(gate._asdict(), allow_nan=False)))
