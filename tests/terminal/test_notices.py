"""Desktop notices: what is sent, and that no text can be more than text."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whisul_tui.terminal.notices import kind_of, notice, passes_tmux, through_tmux


def test_each_kind() -> None:
    assert notice("osc9", "whisul: completed", "Rain") == "\x1b]9;whisul: completed: Rain\x07"
    assert notice("osc777", "t", "b") == "\x1b]777;notify;t;b\x07"
    assert notice("osc99", "t", "b") == "\x1b]99;i=whisul:d=0;t\x1b\\\x1b]99;i=whisul:p=body;b\x1b\\"


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_ends_it_or_begins_another_field(title: str, body: str) -> None:
    assert re.fullmatch(
        "\x1b]777;notify;[^;\x00-\x1f\x7f-\x9f]*;[^;\x00-\x1f\x7f-\x9f]*\x07", notice("osc777", title, body)
    )
    assert re.fullmatch("\x1b]9;[^;\x00-\x1f\x7f-\x9f]*\x07", notice("osc9", title, body))
    assert notice("osc99", title, body).count("\x1b") == 4


def test_the_kind_is_the_one_that_was_seen() -> None:
    assert kind_of("auto", {}) is None
    assert kind_of("auto", {"OSC 9": True, "OSC 777": True, "OSC 99": False}) == "osc777"
    assert kind_of("osc9", {}) == "osc9"
    assert kind_of("bell", {"OSC 9": True}) is None


@pytest.mark.parametrize(
    ("told", "code", "passes"), [("on\n", 0, True), ("all\n", 0, True), ("off\n", 0, False), ("", 1, False)]
)
def test_tmux_is_asked(told: str, code: int, passes: bool) -> None:
    def run(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], code, told, "")

    assert passes_tmux({"TMUX": "x"}, run) is passes
    assert passes_tmux({}, run) is False


def test_through_tmux() -> None:
    assert through_tmux("\x1b]9;x\x07") == "\x1bPtmux;\x1b\x1b]9;x\x07\x1b\\"
