"""Covers in a real terminal: it is asked once, when the first cover is to be shown, and its answer is never a key."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.acting import JOBS, WRITE, submit, until
from tests.e2e.partner import Partner
from tests.e2e.places import Place
from tests.e2e.terminal import Terminal, pause

QUESTION = b"\x1b[16t\x1b[c"


@pytest.fixture
def listening(studio: Callable[..., Partner], tui: Callable[..., Terminal], place: Place) -> Callable[..., Terminal]:
    """Starts the TUI in a terminal, has the real studio compose, and goes to the song."""

    def start(**variables: str) -> Terminal:
        studio(composer=None)
        terminal = tui(columns=100, rows=30, **variables)
        terminal.wait_for(WRITE)
        submit(terminal, place, "short soft rain")
        terminal.press("escape")
        terminal.wait_for(JOBS)
        terminal.wait_for("completed", 60)
        assert QUESTION not in terminal.raw, "nothing is asked before it is needed"
        terminal.press("3")
        terminal.wait_for("Cover ")
        return terminal

    return start


def test_a_terminal_that_draws_sixels_gets_them(listening: Callable[..., Terminal]) -> None:
    """And gets the answer's letters as no keys: c would open the editor."""
    terminal = listening()
    until(lambda: QUESTION in terminal.raw, 10, "the question")
    terminal.write("\x1b[6;19;9t\x1b[?62;")
    pause(0.3)
    terminal.write("4;22c")
    until(lambda: b"\x1bP0;1;0q" in terminal.raw, 10, "the cover as sixels")
    assert terminal.raw.count(QUESTION) == 1
    terminal.press("2")
    terminal.wait_for(JOBS)
    terminal.press("ctrl+q")
    assert terminal.wait() == 0


def test_a_terminal_that_does_not_answer_gets_half_blocks(listening: Callable[..., Terminal]) -> None:
    """After two seconds; an answer that comes later still is no key."""
    terminal = listening()
    terminal.wait_for("▀▀▀▀▀▀", 10)
    for piece in ("\x1b", "[?1;2", "c"):
        terminal.write(piece)
    pause(0.5)
    terminal.wait_for("▀▀▀▀▀▀")
    terminal.wait_for("Cover ")
    assert terminal.raw.count(QUESTION) == 1
