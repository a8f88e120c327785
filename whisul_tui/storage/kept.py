"""What the TUI remembers by kind and name: saved filters, columns, what was forgotten last."""

from __future__ import annotations

from whisul_tui.storage.database import Database
from whisul_tui.storage.rows import storable

_LONGEST = 100_000
PUT = """
INSERT INTO kept (kind, name, text, changed_at) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, name) DO UPDATE SET text = excluded.text, changed_at = excluded.changed_at"""


class Kept:
    """Small texts, each under a kind and a name; see `JobStore.kept`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def text(self, kind: str, name: str) -> str | None:
        """The text under this name, or None."""
        rows = self._database.query(
            "SELECT substr(text, 1, ?) FROM kept WHERE kind = ? AND name = ?", (_LONGEST, kind, storable(name))
        )
        return str(rows[0][0]) if rows else None

    def texts(self, kind: str) -> dict[str, str]:
        """All texts of a kind by name, in the order of the names."""
        rows = self._database.query(
            "SELECT name, substr(text, 1, ?) FROM kept WHERE kind = ? ORDER BY name LIMIT 1000", (_LONGEST, kind)
        )
        return {str(row[0]): str(row[1]) for row in rows}

    def put(self, kind: str, name: str, text: str, now: float) -> None:
        """Keeps a text, in the place of the one that has this name."""
        with self._database.write(durable=False) as connection:
            connection.execute(PUT, (kind, storable(name), storable(text), now))

    def drop(self, kind: str, name: str) -> bool:
        """Takes a text away; False where there is none."""
        with self._database.write(durable=False) as connection:
            sql = "DELETE FROM kept WHERE kind = ? AND name = ?"
            return connection.execute(sql, (kind, storable(name))).rowcount == 1

    def rename(self, kind: str, name: str, other: str) -> bool:
        """Another name for a text; False where there is no such text, or one of that name."""
        with self._database.write(durable=False) as connection:
            sql = "UPDATE OR IGNORE kept SET name = ? WHERE kind = ? AND name = ?"
            return connection.execute(sql, (storable(other), kind, storable(name))).rowcount == 1
