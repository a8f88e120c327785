"""Answers the keys that move the cursor while the program is loaded, and keeps all that is typed besides.

It stops at the first key that it does not know: what comes then is for the program, in the order in which it was typed.
"""

from __future__ import annotations

import _thread  # threading takes two milliseconds to load
import os
import select
import sqlite3
from collections.abc import Iterable, Sequence

from whisul_tui.first_frame.look import SENT, Look
from whisul_tui.first_frame.rows import Row, line
from whisul_tui.terminal.handed_over import Painted, Piece, drawn, note_trouble

_PATIENCE = 1.0  # seconds that the thread has to end
_AT_ONCE = 1024  # bytes


class Moving:
    """The cursor on the painted rows, moved by a thread of its own until `end`."""

    def __init__(self, look: Look, rows: Sequence[Row], painted: Painted, handles: tuple[int, int]) -> None:
        """`handles` are those to read keys from, and to draw on."""
        self._look = look
        self._rows = self._newest = rows[: look.height]
        self._painted = painted
        self._in, self._out = handles
        self._at = 0
        self._keys = {sent.encode(): by for name, by in look.keys.items() for sent in SENT.get(name, (name,))}
        self._is_answering = bool(self._keys)
        self._rest = b""
        self._runs = _thread.allocate_lock()
        self._told, self._tell = os.pipe()

    def start(self) -> None:
        """Begins; raises RuntimeError where there can be no more threads."""
        self._runs.acquire()
        _thread.start_new_thread(self._run, ())

    def end(self) -> None:
        """No key is read any more; what is left is in `painted.typed`, and where the cursor is in `painted.place`."""
        os.write(self._tell, b".")
        if self._runs.acquire(timeout=_PATIENCE):
            os.close(self._tell)
            os.close(self._told)
        self._painted.typed = self._rest
        self._painted.place = (
            (self._rows[self._at][0], self._at) if self._at or self._rows is not self._newest else None
        )

    def _run(self) -> None:
        try:
            while self._told not in select.select([self._in, self._told], [], [])[0]:
                typed = os.read(self._in, _AT_ONCE)
                if not typed:
                    return
                self._rest += typed
                self._answer()
        except OSError:
            return  # the terminal is gone
        except Exception as error:  # noqa: BLE001 - a row that cannot be drawn, say: what is left is for the program
            note_trouble(error)
        finally:
            self._runs.release()

    def _answer(self) -> None:
        """Moves by the keys that are known, from the first typed on."""
        rows, to = self._rows, self._at
        while self._is_answering and self._rest:
            key = next((key for key in self._keys if self._rest.startswith(key)), None)
            if key is None:
                self._is_answering = any(key.startswith(self._rest) for key in self._keys)  # half of it may be there
                break
            if (
                not select.select([], [self._out], [], 0)[1]
                or (moved := self._moved(rows, to, self._keys[key])) is None
            ):
                self._is_answering = False  # nobody reads; or it is the program's
                break
            rows, to = moved
            self._rest = self._rest[len(key) :]
        if rows is not self._rows:
            self._draw(rows, to, range(len(rows)))
        elif to != self._at:
            self._draw(rows, to, (self._at, to))

    def _moved(self, rows: Sequence[Row], at: int, by: int) -> tuple[Sequence[Row], int] | None:
        """Rows and line after a move; None for a step beyond what is painted, for which the program scrolls."""
        if by == -1 and at == 0 and rows is self._newest:
            return rows, 0
        if abs(by) == 1:
            return (rows, at + by) if 0 <= at + by < len(rows) else None
        from whisul_tui.first_frame.turning import turned

        try:
            return turned(self._look, rows, at, by)
        except (sqlite3.Error, LookupError):
            return None

    def _draw(self, rows: Sequence[Row], to: int, numbers: Iterable[int]) -> None:
        self._rows, self._at = rows, to
        pieces = [piece for number in numbers for piece in self._line(number, "cursor" if number == to else "row")]
        self._painted.pieces += pieces
        left = drawn(pieces).encode()
        while left:
            left = left[os.write(self._out, left) :]

    def _line(self, number: int, kind: str) -> list[Piece]:
        return line(self._look, number, self._rows[number], kind)
