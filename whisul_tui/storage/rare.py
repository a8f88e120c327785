"""One or two letters that are rare: the index of words has whatever begins with them, however far back it stands.

The index is of three letters each, so that shorter words are looked for row by row, which ends in time and not at the
oldest row. What ends with the letters, and texts of one or two letters, are found in that way alone.
"""

from __future__ import annotations

from whisul_tui.storage.database import Database
from whisul_tui.storage.search import first_column

_MOST = 64  # triples of letters; whatever has more of them is not rare
_VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, words, row)"
_BEGINNING = "SELECT term FROM temp.vocabulary WHERE term >= ? AND term < ? LIMIT ?"


def beginning_with(database: Database, letters: str, patience: float) -> str:
    """What to ask the index of words for, to have the rows with words of these letters; "" where they are not rare.

    `letters`: one or two, as the index has them; `patience` in seconds.
    """
    if database.read_only:
        return ""  # nothing can be made, not even what is never written
    with database.at_work() as connection:
        connection.execute(_VOCABULARY)
    after = letters[:-1] + chr(ord(letters[-1]) + 1)
    found, is_whole = first_column(database, _BEGINNING, (letters, after, _MOST + 1), patience)
    if not is_whole or len(found) > _MOST:
        return ""
    return " OR ".join('"' + str(term).replace('"', '""') + '"' for term in found)
