"""The user's answers on a terminal, kept for the same one and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from whisul_tui.terminal.remembered import FILE, recall, remember, terminal_name
from whisul_tui.workers.covers import way_by_eyes

XTERM, TMUX = {"TERM": "xterm"}, {"TERM": "xterm", "TMUX": "/tmp/t,1,0"}


def test_each_terminal_has_its_own(tmp_path: Path) -> None:
    remember(tmp_path, XTERM, {"sixel": True, "bell": False})
    remember(tmp_path, TMUX, {"sixel": False})
    remember(tmp_path, XTERM, {"bell": True})
    assert recall(tmp_path, XTERM) == {"sixel": True, "bell": True}
    assert recall(tmp_path, TMUX) == {"sixel": False}
    assert recall(tmp_path, {"TERM": "foot"}) == {}
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert terminal_name({}) == "unknown"


@pytest.mark.parametrize("text", ["", "[]", '{"xterm": 1}', '{"xterm": {"sixel": "yes"}}', "\0", "[" * 100_000])
def test_what_is_damaged_is_asked_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert recall(tmp_path, XTERM) == {}
    remember(tmp_path, XTERM, {"bell": True})
    assert recall(tmp_path, XTERM)["bell"] is True


def test_no_more_than_fifty_are_kept(tmp_path: Path) -> None:
    for number in range(60):
        remember(tmp_path, {"TERM": f"t{number}"}, {"bell": True})
    assert [bool(recall(tmp_path, {"TERM": f"t{number}"})) for number in (9, 10, 59)] == [False, True, True]


@pytest.mark.parametrize(
    ("answers", "way"),
    [
        ({}, None),
        ({"sixel": True, "kitty": False}, "sixel"),
        ({"sixel": True, "kitty": True}, "kitty"),
        ({"sixel": False, "kitty": False}, "blocks"),
        ({"sixel": False}, None),
    ],
)
def test_covers_go_by_what_was_seen(answers: dict[str, bool], way: str | None) -> None:
    assert way_by_eyes(answers) == way
