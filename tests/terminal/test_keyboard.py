"""Keys as they come from a terminal: their names and the bytes that were sent for each."""

from __future__ import annotations

import pytest

from whisul_tui.terminal.keyboard import KeyReader, Press


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("a", "a"), ("G", "G"), ("é", "é"), (" ", "space"), ("?", "question_mark"), ("\x12", "ctrl+r"), ("\r", "enter"),
        ("\x1b[A", "up"), ("\x1bOQ", "f2"), ("\x1b[6~", "pagedown"), ("\x1b[13;2u", "shift+enter"),
    ],
)  # fmt: skip
def test_a_key_has_its_name_and_its_bytes(raw: str, name: str) -> None:
    assert list(KeyReader().feed(raw)) == [Press(name, raw)]


def test_keys_that_come_together_have_each_their_own_bytes() -> None:
    assert list(KeyReader().feed("j\x1b[Bk")) == [Press("j", "j"), Press("down", "\x1b[B"), Press("k", "k")]


def test_an_escape_is_one_when_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.ESCAPE_DELAY", 0.0)
    reader = KeyReader()
    assert list(reader.feed("\x1b")) == []
    assert list(reader.tick()) == [Press("escape", "\x1b")]


def test_what_is_no_key_is_none() -> None:
    reader = KeyReader()
    assert list(reader.feed("\x1b[I\x1b[<0;3;4M")) == []
    assert list(reader.feed("x")) == [Press("x", "x")]
