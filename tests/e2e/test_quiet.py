"""Thrift on a slow link: nothing is sent while nothing happens, and a start is small."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.e2e.acting import JOBS, WRITE, submit
from tests.e2e.partner import Partner
from tests.e2e.places import Place
from tests.e2e.terminal import Terminal, pause

START_BYTES = 16_000  # seven seconds at 2.4 kB/s; an 80x24 screen is some 5 kB
TICK_BYTES = 1000  # a second: the row, and twice the header, which at the pace of the loopback counts 1 0 1 0


def test_nothing_is_written_while_nothing_happens(
    place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    studio("--pace", "600")
    terminal = tui()
    terminal.wait_for(WRITE)
    pause(1.5)
    at_start = len(terminal.raw)
    assert at_start < START_BYTES
    pause(2.0)
    assert len(terminal.raw) == at_start

    submit(terminal, place, "a long one")
    terminal.press("escape")
    terminal.wait_for(JOBS)
    terminal.wait_for(re.compile(r"running +0:0[2-9]|0:0[2-9]"))
    before = len(terminal.raw)
    pause(3.0)
    written = len(terminal.raw) - before
    assert 0 < written < 3 * TICK_BYTES


def test_calm_writes_nothing_while_a_job_runs(
    place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    studio("--pace", "600")
    terminal = tui("--calm")
    terminal.wait_for(WRITE)
    submit(terminal, place, "a long one")
    terminal.press("escape")
    terminal.wait_for(re.compile(r"running +a long one"))
    pause(1.5)  # what the acceptance changed is drawn
    before = len(terminal.raw)
    pause(3.0)  # some polls, at the loopback's pace
    assert len(terminal.raw) == before
