"""The keys that the first frame answers itself, on a pty; what it does not answer is kept."""

from __future__ import annotations

import os
import select
import threading
import tty
from collections.abc import Iterator
from contextlib import closing

import pytest

from whisul_tui.first_frame.look import Look
from whisul_tui.first_frame.moving import Moving
from whisul_tui.terminal.handed_over import Painted, troubles

PATIENCE = 60.0  # seconds


class Moved:
    """The first frame's keys on a pty of their own."""

    def __init__(self, rows: int) -> None:
        self.keys, self._keyboard = os.openpty()
        self.screen, self._shown = os.openpty()
        tty.setraw(self._keyboard)
        look = Look()
        look.height, look.keys, look.base = rows, {"j": 1, "down": 1, "k": -1}, "1"
        look.columns, look.signs = {"state": (2, 12, 1), "title": (16, 30, 1)}, {"completed": "~"}
        look.codes = {(kind, part): kind[0] for kind in ("row", "cursor") for part in ("", "completed", "prompt")}
        look.codes = {key: {"r": "1", "c": "7"}[codes] for key, codes in look.codes.items()}
        found = [
            (90 - n, "completed", f"prompt{n}", None, None, None, 0.0, None, None, None, "a", None) for n in range(rows)
        ]
        self.painted = Painted(80, 24, "1", [], [])
        self.moving = Moving(look, found, self.painted, (self._keyboard, self._shown))
        self.moving.start()

    def answered(self, text: str) -> str:
        """What is drawn, once this text is."""
        data = b""
        while text.encode() not in data:
            assert select.select([self.screen], [], [], PATIENCE)[0]
            data += os.read(self.screen, 1000)
        return data.decode()

    def close(self) -> None:
        for handle in (self.keys, self._keyboard, self.screen, self._shown):
            os.close(handle)


@pytest.fixture
def moved() -> Iterator[Moved]:
    with closing(Moved(3)) as made:
        yield made


def test_moves_are_answered_while_the_program_is_loaded(moved: Moved) -> None:
    os.write(moved.keys, b"j")
    drawn = moved.answered("prompt1")
    assert drawn.index("prompt0") < drawn.index("\x1b[0;7m") < drawn.index("prompt1")
    os.write(moved.keys, b"\x1b[B")
    moved.answered("prompt2")
    os.write(moved.keys, b"k")
    moved.answered("prompt1")
    moved.moving.end()
    assert (moved.painted.typed, moved.painted.place) == (b"", (89, 1))
    assert moved.painted.pieces


@pytest.mark.parametrize(
    ("typed", "line", "rest"),
    [
        ("kj", 1, ""),
        ("jxj", 1, "xj"),
        ("jjjk", 2, "jk"),
        ("j\x1b[", 1, "\x1b["),
        ("j\x1b", 1, "\x1b"),
        ("j日j", 1, "日j"),
    ],
)
def test_what_is_no_move_and_all_after_it_is_kept(moved: Moved, typed: str, line: int, rest: str) -> None:
    """Beyond the painted rows, half a key, an escape, a letter of two cells."""
    os.write(moved.keys, typed.encode())
    moved.answered(f"prompt{line}")
    moved.moving.end()
    assert moved.painted.typed.decode() == rest
    assert moved.painted.place == (90 - line, line)


def test_an_unmoved_cursor_has_no_place(moved: Moved) -> None:
    moved.moving.end()
    assert (moved.painted.typed, moved.painted.place, moved.painted.pieces) == (b"", None, [])


def test_a_row_that_cannot_be_drawn_ends_the_moves_and_nothing_else(
    moved: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Event()

    def breaks(*_args: object) -> None:
        tried.set()
        raise RuntimeError("it broke")

    monkeypatch.setattr(moved.moving, "_line", breaks)
    os.write(moved.keys, b"j")
    assert tried.wait(PATIENCE)
    os.write(moved.keys, b"j")
    moved.moving.end()
    assert moved.painted.typed == b""
    assert [trouble.startswith("RuntimeError, test_moving.py line") for trouble in troubles()] == [True]
    assert os.read(moved._keyboard, 10) == b"j", "it is the program's"
