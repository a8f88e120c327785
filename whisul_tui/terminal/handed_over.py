"""The first frame as it is handed over: what the terminal shows already, and how it was before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Piece = tuple[int, int, str, str]


class Painted:
    """A screen that was painted before the program was loaded; blank in `base` but for the pieces.

    `pieces` are (line, cell, text, SGR codes) in the order in which they were drawn; `found` are the terminal's line
    settings before. Once `end` was called nobody draws or reads keys any more: `typed` is what was typed and not
    answered, `place` the number of the job under the cursor and its line, where the cursor was moved.
    """

    __slots__ = ("base", "columns", "end", "found", "pieces", "place", "rows", "typed")

    def __init__(self, columns: int, rows: int, base: str, pieces: list[Piece], found: list[object]) -> None:
        self.columns = columns
        self.rows = rows
        self.base = base
        self.pieces = pieces
        self.found = found
        self.typed = b""
        self.place: tuple[int, int] | None = None
        self.end: Callable[[], None] = _nothing


_waiting: list[Painted] = []
_troubles: list[str] = []
_typed: list[bytes] = []
_places: list[tuple[int, int]] = []


def hand_over(painted: Painted) -> None:
    """Keeps it for whoever draws next."""
    _waiting[:] = [painted]


def waiting() -> Painted | None:
    """What nobody has taken over yet."""
    return _waiting[0] if _waiting else None


def take_over() -> Painted | None:
    """Who takes it over answers for the terminal from now on."""
    if not _waiting:
        return None
    painted = _waiting.pop()
    painted.end()
    if painted.typed:
        _typed.append(painted.typed)
    if painted.place:
        _places.append(painted.place)
    return painted


def note_trouble(error: BaseException) -> None:
    """What went wrong before there was a log to write it to."""
    _troubles.append(where(error))


def troubles() -> list[str]:
    """All that was noted, once."""
    found = _troubles[:]
    _troubles.clear()
    return found


def where(error: BaseException) -> str:
    """An error as its kind and place: its message may hold what nobody may read, and nothing is hidden yet."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    at = f", {last.tb_frame.f_code.co_filename.rpartition('/')[2]} line {last.tb_lineno}" if last else ""
    return f"{type(error).__name__}{at}"


def typed_ahead() -> str:
    """What was typed before anybody else read keys, and was not answered; once."""
    return _typed.pop().decode("utf-8", "ignore") if _typed else ""


def place_ahead() -> tuple[int, int] | None:
    """The number of the job that the cursor was moved to in the meantime, and its line among the rows; once."""
    return _places.pop() if _places else None


def drawn(pieces: Sequence[Piece]) -> str:
    """Pieces as bytes: one colour after the other, since those are longer than moves; blanks first, the pen plain."""
    by_codes: dict[str, list[tuple[int, int, str]]] = {}
    for y, x, text, codes in pieces:
        by_codes.setdefault(codes, []).append((y, x, text))
    out = []
    for codes, parts in sorted(by_codes.items(), key=lambda item: any(text.strip() for _, _, text in item[1])):
        out.append(f"\x1b[0;{codes}m")
        at = (-1, -1)
        for y, x, text in parts:
            gap = x - at[1]
            if (y, x) != at:
                out.append(f"\x1b[{gap}C" if y == at[0] and gap > 0 else f"\x1b[{y + 1};{x + 1}H")
            if text.strip():
                out.append(text)
                at = (y, x + len(text))
            else:
                out.append(f"\x1b[{len(text)}X")
                at = (y, x)
    return "".join([*out, "\x1b[m"])


def _nothing() -> None:
    """Nobody draws or reads."""
