"""What users say of their jobs: own tags and a note, each change one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence

from whisul_tui.domain.own_tags import changed, clean_note, clean_tags
from whisul_tui.storage.database import Database
from whisul_tui.storage.rows import storable
from whisul_tui.storage.taken_off import NOTE, remember
from whisul_tui.storage.taken_off import tags as tagged

_HAVE = "SELECT number, own_tags FROM jobs WHERE number IN (SELECT value FROM json_each(?))"
_TAG = "UPDATE jobs SET own_tags = ? WHERE number = ?"
_NOTE = "UPDATE jobs SET note = ? WHERE number = ? AND note IS NOT ?"
_KNOWN = "SELECT own_tags, count(*) FROM jobs WHERE own_tags IS NOT NULL AND forgotten_at IS NULL GROUP BY own_tags"


class Sayings:
    """Own tags and notes; see `JobStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tag(self, numbers: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = ()) -> list[int]:
        """Gives these jobs tags and takes others off; returns the numbers whose tags have become others."""
        became: list[int] = []
        add = [storable(tag) for tag in clean_tags(add)]
        with self._database.write() as connection:
            for number, text in connection.execute(_HAVE, (json.dumps(list(numbers)),)).fetchall():
                before = tuple(text.split("\n")) if text else ()
                after = changed(before, add, remove)
                if after != before:
                    connection.execute(_TAG, ("\n".join(after) or None, number))
                    off, on = set(tagged(before)) - set(tagged(after)), tagged(after)
                    remember(connection, number, self._database.clock(), off=sorted(off), on=on)
                    became.append(number)
        return became

    def write_note(self, number: int, text: str) -> bool:
        """The job's note is this text now, an empty one takes it away; False where it was so, or there is no job."""
        note = clean_note(text)
        note = None if note is None else storable(note)
        with self._database.write() as connection:
            changed = connection.execute(_NOTE, (note, number, note)).rowcount == 1
            if changed:
                gone, back = ((NOTE,), ()) if note is None else ((), (NOTE,))
                remember(connection, number, self._database.clock(), off=gone, on=back)
            return changed

    def known_tags(self) -> dict[str, int]:
        """Own tags of the visible jobs with how many have them, the most used first."""
        counts: dict[str, int] = {}
        for text, jobs in self._database.query(_KNOWN):
            for tag in text.split("\n"):
                counts[tag] = counts.get(tag, 0) + jobs
        return dict(sorted(counts.items(), key=lambda found: (-found[1], found[0].casefold())))
