"""However it is told to go, the terminal is given back; and what a terminal may do to it does not end it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.e2e.acting import JOBS, WRITE, submit, until
from tests.e2e.conftest import LIVELY
from tests.e2e.meanwhile import meanwhile
from tests.e2e.partner import Partner, gaps
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause

MOST_SECONDS = 3.0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP])
def test_an_ending_signal_gives_the_terminal_back(
    number: signal.Signals, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    studio()
    terminal = tui()
    terminal.wait_for(WRITE)
    began = time.monotonic()
    terminal.signal(number)
    assert terminal.wait() == 128 + number
    assert time.monotonic() - began < MOST_SECONDS
    terminal.check_given_back()
    assert "Traceback" not in terminal.text()


@pytest.mark.parametrize("is_open", [False, True], ids=["nothing open", "a job open"])
def test_a_closed_window_ends_it(
    is_open: bool, place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    """Also with last words for a terminal that is gone: they are no error."""
    studio("--pace", "60")
    terminal = tui()
    terminal.wait_for(WRITE)
    if is_open:
        submit(terminal, place, "goes on without me")
        terminal.wait_for("1 running")
    began = time.monotonic()
    terminal.hang_up()
    assert terminal.wait() == 128 + signal.SIGHUP
    assert time.monotonic() - began < MOST_SECONDS


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_stopped_and_continued_it_goes_on_and_leaves_in_order(
    number: signal.Signals, place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    studio("--pace", "1.5")
    terminal = tui()
    terminal.wait_for(WRITE)
    submit(terminal, place, "stop and go")
    terminal.signal(number)
    terminal.wait_for(lambda: psutil.Process(terminal.pid).status() == psutil.STATUS_STOPPED)
    if number == signal.SIGTSTP:  # a polite stop gives the shell a usable terminal
        terminal.check_given_back()
    pause(0.5)
    terminal.signal(signal.SIGCONT)
    terminal.press("escape")
    terminal.wait_for(JOBS)
    terminal.wait_for("1 completed")
    terminal.press("q")
    assert terminal.wait(10) == 0
    terminal.check_given_back()


def test_a_stop_in_the_middle_of_a_frame_is_a_stop(
    studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    """The signal finds it drawing, with locks held that the handler would want, too."""
    studio()
    terminal = tui()
    terminal.wait_for(WRITE)
    for stop in range(8):
        for step in range(3 + stop):
            terminal.resize(60 + step, 24)
            pause(0.005)
        terminal.signal(signal.SIGTSTP)
        terminal.wait_for(lambda: psutil.Process(terminal.pid).status() == psutil.STATUS_STOPPED)
        terminal.signal(signal.SIGCONT)
        terminal.resize(80, 24)
        pause(0.2)
    terminal.press("ctrl+q")
    assert terminal.wait() == 0
    terminal.check_given_back()


def test_a_storm_of_sizes_does_not_end_it(
    place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    studio()
    terminal = tui()
    terminal.wait_for(WRITE)
    submit(terminal, place, "storm at sea")
    for step in range(80):
        terminal.resize(20 + step * 37 % 200, 5 + step * 17 % 60)
        pause(0.005)
    for columns, rows in ((1, 1), (20, 5), (40, 10), (300, 100), (20, 5)):
        terminal.resize(columns, rows)
        pause(0.15)
        for key in "123":
            terminal.press("f2", key)
    terminal.resize(80, 24)
    terminal.press("f2")
    terminal.wait_for(JOBS)
    terminal.wait_for("1 completed")
    terminal.press("q")
    assert terminal.wait() == 0
    terminal.check_given_back()


@meanwhile
def test_a_terminal_that_nobody_reads_stops_no_job(folder: Path) -> None:
    """A frozen ssh: the screen fills up, the jobs are asked for as before, and SIGTERM still ends it in time."""
    with ExitStack() as stack:
        partner = stack.enter_context(Partner(folder / "studio", "--pace", "60"))
        place = Place(folder / "place", dict(partner.variables))
        place.configure(LIVELY)
        terminal = stack.enter_context(Terminal([*PROGRAM], place.environment(), cwd=folder))
        terminal.wait_for(WRITE)
        submit(terminal, place, "frozen lake")
        until(partner.polls, 10, "a first poll")
        terminal.freeze()
        began = time.time()
        while time.time() - began < 8:  # resizing makes it draw whole screens into the full pipe
            terminal.resize(100 + int(time.time() * 10) % 50, 40)
            pause(0.1)
        (moments,) = partner.polls().values()
        during = [moment for moment in moments if began < moment < began + 8]
        assert len(during) >= 6, during
        assert max(gaps(during)) < 2.0, gaps(during)
        asked_to_go = time.monotonic()
        terminal.signal(signal.SIGTERM)
        assert terminal.process.wait(20) == 128 + signal.SIGTERM
        assert time.monotonic() - asked_to_go < 7.5  # the watchdog's six seconds, for an answer that was paid for
        terminal.thaw()
        assert terminal.wait() == 128 + signal.SIGTERM
        terminal.check_given_back()
