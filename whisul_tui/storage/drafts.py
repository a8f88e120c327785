"""What was written and not yet sent, and what was written before."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import NamedTuple

from whisul_tui.domain.job import JobState
from whisul_tui.storage import search as searching
from whisul_tui.storage.database import Database
from whisul_tui.storage.errors import sound
from whisul_tui.storage.rows import LONGEST_PROMPT, prompt_digest, storable
from whisul_tui.storage.search import contains, first_column, split

LONGEST_DRAFT = 100_000  # characters; the editor takes a second for ten times as many
_SAVE = """
INSERT INTO drafts VALUES (?, ?, ?) ON CONFLICT (slot)
DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at"""
_LOAD = f"SELECT substr(text, 1, {LONGEST_DRAFT}) FROM drafts WHERE slot = ?"
_PAST = f"""
SELECT substr(text, 1, {LONGEST_PROMPT}), used_at,
  (SELECT state FROM jobs WHERE prompt = prompts.id ORDER BY created_at DESC LIMIT 1),
  (SELECT count(*) FROM jobs WHERE prompt = prompts.id AND state = 'completed'), starred
FROM prompts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY used_at DESC"""


class PastPrompt(NamedTuple):
    """A prompt that was sent before: the state of its last job (None: taken back), how many songs came of it, when."""

    prompt: str
    state: JobState | None
    songs: int
    used_at: datetime
    starred: bool = False


class Drafts:
    """Unsent text by slot (a name that the caller chooses), so that a crash or a hang-up loses none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, slot: str, text: str, now: float) -> None:
        """Remembers the text of the slot; an empty text leaves nothing behind."""
        with self._database.write() as connection:
            if text:
                connection.execute(_SAVE, (slot, storable(text), now))
            else:
                connection.execute("DELETE FROM drafts WHERE slot = ?", (slot,))

    def load(self, slot: str) -> str:
        """The text of the slot, or an empty one."""
        rows = self._database.query(_LOAD, (slot,))
        return str(rows[0][0]) if rows else ""


class PromptHistory:
    """The distinct prompts of all jobs, newest use first."""

    def __init__(self, database: Database, *, patience: float | None = None) -> None:
        """`patience`: seconds after which a search gives what it has found so far, which is the newest."""
        self._database = database
        self._patience = searching.PATIENCE if patience is None else patience

    def recent(self, limit: int = 50, search: str = "") -> list[PastPrompt]:
        """At most `limit` prompts that hold all the words of `search`, in any case."""
        return self._past(self._ids(*contains(split(search), ("text",)), limit))

    def candidates(self, search: str, limit: int = 200) -> list[PastPrompt]:
        """Prompts that a fuzzy search may mean, starred ones first, then the newest: those that hold its words, and
        those that hold the letters of each word in their order; at most `limit` of each kind."""
        words = split(search)
        whole, loose = contains(words, ("text",)), _in_order(words)
        ids = [*self._ids(whole[0] + " AND starred", whole[1], limit), *self._ids(*whole, limit)]
        if words:
            ids += [*self._ids(loose[0] + " AND starred", loose[1], limit), *self._ids(*loose, limit)]
        found = self._past(list(dict.fromkeys(ids)))
        return sorted(found, key=lambda past: not past.starred)

    def star(self, prompt: str, on: bool) -> bool:
        """Sets or takes off the star of a prompt; False where there is no such prompt."""
        with self._database.write() as connection:
            sql = "UPDATE prompts SET starred = ? WHERE digest = ?"
            return connection.execute(sql, (on, prompt_digest(prompt))).rowcount == 1

    def _ids(self, condition: str, patterns: list[str], limit: int) -> list[int]:
        sql = "SELECT id FROM prompts WHERE TRUE" + condition + " ORDER BY used_at DESC LIMIT ?"
        return first_column(self._database, sql, (*patterns, limit), self._patience)[0]

    def _past(self, ids: list[int]) -> list[PastPrompt]:
        rows = self._database.query(_PAST, (json.dumps(ids),))
        with sound(self._database.path):
            return [
                PastPrompt(
                    text, JobState(state) if state else None, songs, datetime.fromtimestamp(used_at, UTC), bool(starred)
                )
                for text, used_at, state, songs, starred in rows
            ]


def _in_order(words: tuple[str, ...]) -> tuple[str, list[str]]:
    """A condition that the letters of each word stand in a prompt in this order, whatever stands between them."""
    patterns = ["%" + "%".join(_literal(letter) for letter in word) + "%" for word in words]
    return " AND text LIKE ? ESCAPE '\\'" * len(patterns), patterns


def _literal(letter: str) -> str:
    return f"\\{letter}" if letter in "%_\\" else letter
