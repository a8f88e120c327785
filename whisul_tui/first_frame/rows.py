"""The newest rows of the store as pieces of the table: of each row what can be said without the rest of the program.

What it says is what the table says there; what it does not (notes, prompts behind titles, texts in wide letters) the
table adds as soon as it is there. `tests/first_frame` compares the two.
"""

from __future__ import annotations

import os
import sqlite3
import time

from whisul_tui.first_frame.look import Look

_PATIENCE = 0.05  # seconds
_SOME = """
SELECT number, state, substr(text, 1, 200), substr(title, 1, 200), bpm, seconds, created_at, accepted_at, started_at,
  finished_at, account, family
FROM jobs JOIN prompts ON prompts.id = jobs.prompt
WHERE forgotten_at IS NULL AND number {} ? ORDER BY number {} LIMIT ?"""
_ABOVE, _BELOW = _SOME.format(">", "ASC"), _SOME.format("<=", "DESC")
FIRST, LAST = 2**62, 0  # numbers beyond those of all jobs
_NOTED = ("held", "sending", "unconfirmed", "failed", "rejected", "expired")
_ROOM = 24  # cells
_LEAST_TITLE = 12
_READ = 200  # characters of a name that are read
_UNITS = (("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60))
Row = tuple[
    int,
    str,
    str,
    str | None,
    float | None,
    float | None,
    float,
    float | None,
    float | None,
    float | None,
    str,
    int | None,
]  # the last: the place in its family, of the signs of `bonds`
Piece = tuple[int, str, str]  # cell, text, part


def newest(look: Look) -> list[Row]:
    """The rows that the table will begin with; raises sqlite3.Error. Nothing is written, nothing created."""
    return around(look, FIRST, 0)


def around(look: Look, number: int, line: int) -> list[Row]:
    """As many rows as there is room for, with this job on this line, from -1 to below the last, or further up where
    there are not so many above it. Raises sqlite3.Error."""
    if not os.path.isfile(look.database):
        return []
    connection = sqlite3.connect(look.database, timeout=_PATIENCE, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only = ON")
        if connection.execute("PRAGMA user_version").fetchone()[0] != look.schema:
            return []
        above = connection.execute(_ABOVE, (number, line + 1)).fetchall()  # one more for the first one's bond
        rows = above[::-1] + connection.execute(_BELOW, (number, look.height + 2)).fetchall()
    finally:
        connection.close()
    families, start = [row[-1] for row in rows], max(0, len(above) - line)
    return [(*row[:-1], _bond(families, at)) for at, row in enumerate(rows)][start : start + look.height]


def line(look: Look, number: int, row: Row, kind: str) -> list[tuple[int, int, str, str]]:
    """A row of a kind in its place, the `number`th below the head: (line, cell, text, codes), first the blank line."""
    y = look.top + number
    blank = (y, look.left, " " * look.width, look.codes[kind, ""])
    return [blank, *((y, look.left + x, text, look.codes[kind, part]) for x, text, part in pieces(row, look))]


def pieces(row: Row, look: Look) -> list[Piece]:
    """A row, from left to right."""
    _, state, prompt, title, bpm, seconds, created, accepted, started, finished, account, bond = row
    times = [accepted, started, finished]
    part = "late" if state == "running" and _is_late(times, account, look) else state
    at = look.columns["state"][0]
    found: list[Piece] = [(at - 2, "!" if part == "late" else look.signs[state], part), (at, state, part)]
    whole = title or prompt
    text = " ".join(whole.split())
    if _is_plain(text):
        at, width, _ = look.columns["title"]
        if bond is not None and width > _LEAST_TITLE:
            found.append((at, look.signs["bonds"][bond], "figure"))
            at, width = at + 2, width - 2
        text = _beginning(text) if state in _NOTED else _cut(text, width, look.ellipsis)
        if len(whole) < _READ or len(text) < _READ // 2:
            found.append((at, text, "title" if title else "prompt"))
    for name, text, part in _figures(bpm, seconds, created, times):
        if text and name in look.columns and (name == "age" or state == "completed"):
            at, width, left = look.columns[name]
            if len(text) <= width:
                found.append((at if left else at + width - len(text), text, part))
    return found


def _is_late(times: list[float | None], account: str, look: Look) -> bool:
    accepted, started, _ = times
    began = accepted if started is None else started
    return began is not None and look.account in ("", account) and time.time() - began > look.late_after


def _bond(families: list[int | None], at: int) -> int | None:
    """Where in its family a row stands: 0 in the middle, 1 last, 2 first, 3 alone; None for a row without one."""
    family, around = families[at], [None, *families, None]
    return None if family is None else 2 * (around[at] != family) + (around[at + 2] != family)


def _beginning(text: str) -> str:
    """What of a name stands beside a note in any case: the note leaves it 24 cells, the last for an ellipsis."""
    return text if len(text) < _ROOM else text[: _ROOM - 2].rstrip()


def _figures(
    bpm: float | None, seconds: float | None, created: float, times: list[float | None]
) -> list[tuple[str, str, str]]:
    accepted, started, finished = times
    began = accepted if started is None else started
    elapsed = "" if began is None or finished is None else _clock(max(0.0, finished - began))
    return [
        ("elapsed", elapsed, "figure"),
        ("bpm", "" if bpm is None else f"{bpm:.0f}", "number"),
        ("length", "" if seconds is None else _clock(seconds), "number"),
        ("age", _age(time.time() - created), "figure"),
    ]


def _clock(seconds: float) -> str:
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _age(passed: float) -> str:
    seconds = max(0, int(passed))
    for unit, size in _UNITS:
        if seconds >= size and not (unit == "w" and seconds < 2 * size):
            return f"{seconds // size}{unit}"
    return "now"


def _is_plain(text: str) -> bool:
    """Whether each character is a letter of one cell everywhere."""
    return text.isprintable() and (text.isascii() or all(letter < "\u0300" for letter in text))


def _cut(text: str, width: int, ellipsis: str) -> str:
    return text if len(text) <= width else text[: width - len(ellipsis)].rstrip() + ellipsis
