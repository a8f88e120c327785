"""The first frame as it is handed over: what the terminal shows already, and how it was before."""

from __future__ import annotations


class Painted:
    """A screen that was painted before the program was loaded; blank in `base` but for the pieces.

    `pieces` are (line, cell, text, SGR codes) in the order in which they were drawn; `found` are the terminal's line
    settings before.
    """

    __slots__ = ("base", "columns", "found", "pieces", "rows")

    def __init__(
        self, columns: int, rows: int, base: str, pieces: list[tuple[int, int, str, str]], found: list[object]
    ) -> None:
        self.columns = columns
        self.rows = rows
        self.base = base
        self.pieces = pieces
        self.found = found


_waiting: list[Painted] = []


def hand_over(painted: Painted) -> None:
    """Keeps it for whoever draws next."""
    _waiting[:] = [painted]


def waiting() -> Painted | None:
    """What nobody has taken over yet."""
    return _waiting[0] if _waiting else None


def take_over() -> Painted | None:
    """Who takes it over answers for the terminal from now on."""
    return _waiting.pop() if _waiting else None
