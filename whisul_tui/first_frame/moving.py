"""Answers the keys that move the cursor while the program is loaded, and keeps all that is typed besides.

It stops at the first key that it does not know: what comes then is for the program, in the order in which it was typed.
"""

from __future__ import annotations

import _thread  # threading takes two milliseconds to load
import os
import select
from collections.abc import Sequence

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
        self._rows = rows[: look.height]
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
        self._painted.place = (self._rows[self._at][0], self._at) if self._at else None

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
        to = self._at
        while self._is_answering and self._rest:
            key = next((key for key in self._keys if self._rest.startswith(key)), None)
            if key is None:
                self._is_answering = any(key.startswith(self._rest) for key in self._keys)  # half of it may be there
                break
            step = to + self._keys[key]
            if step >= len(self._rows) or not select.select([], [self._out], [], 0)[1]:
                self._is_answering = False  # beyond what was painted; or nobody reads
                break
            to = max(0, step)
            self._rest = self._rest[len(key) :]
        if to != self._at:
            pieces = [*self._line(self._at, "row"), *self._line(to, "cursor")]
            self._at = to
            self._painted.pieces += pieces
            os.write(self._out, drawn(pieces).encode())

    def _line(self, number: int, kind: str) -> list[Piece]:
        return line(self._look, number, self._rows[number], kind)
