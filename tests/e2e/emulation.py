"""What a terminal makes of the bytes it gets: the picture, the modes that are on, and its answers to questions."""

from __future__ import annotations

import re

import pyte

# What a program switches on and has to switch off again when it leaves.
BORROWED_MODES = frozenset({9, 47, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 1047, 1049, 2004, 2026, 2031, 2048})
CURSOR = 25
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])[\d;]*u")
_ASKS_MODE = re.compile(rb"\x1b\[\?(\d+)\$p")
# Questions and private sequences that pyte would print as text.
_NOT_FOR_PYTE = re.compile(rb"\x1b\[\?\d+\$p|\x1b\[[<>=][\d;]*[a-zA-Z]|\x1b\[\?u|\x1bP[^\x1b]*\x1b\\")
_UNFINISHED = re.compile(rb"\x1b(?:\[[\x20-\x3f]*|P[^\x1b]*\x1b?)?\Z")


class Emulation:
    """A plain xterm of so many columns and rows: no kitty keys, no in-band resize; it answers what it is asked."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self.modes: set[int] = {CURSOR}
        self.kitty_pushed = 0

    def feed(self, data: bytes) -> bytes:
        """Takes what the program wrote and returns what the terminal answers."""
        data = self._rest + data
        cut = _UNFINISHED.search(data)
        self._rest = data[cut.start() :] if cut else b""
        data = data[: cut.start()] if cut else data
        self._note_modes(data)
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", data))
        return self._answers(data)

    def resize(self, columns: int, rows: int) -> None:
        """Another size; pyte keeps what fits."""
        self._screen.resize(rows, columns)

    def text(self) -> str:
        """The picture as lines of text, without blanks at their ends."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def title(self) -> str:
        """The window's title."""
        return str(self._screen.title)

    @property
    def borrowed(self) -> set[int]:
        """The modes that are on and belong switched off once the program has left."""
        return self.modes & BORROWED_MODES

    def _note_modes(self, data: bytes) -> None:
        for numbers, switch in _MODE.findall(data):
            for number in map(int, numbers.split(b";")):
                (self.modes.add if switch == b"h" else self.modes.discard)(number)
        for direction in _KITTY.findall(data):
            self.kitty_pushed = max(0, self.kitty_pushed + (1 if direction == b">" else -1))

    def _answers(self, data: bytes) -> bytes:
        answers = [b"\x1b[?%b;0$y" % number for number in _ASKS_MODE.findall(data)]  # 0: not known here
        if b"\x1b[c" in data or b"\x1b[0c" in data:
            answers.append(b"\x1b[?62;22c")
        if b"\x1b[6n" in data:
            cursor = self._screen.cursor
            answers.append(f"\x1b[{cursor.y + 1};{cursor.x + 1}R".encode())
        return b"".join(answers)
