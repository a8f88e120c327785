"""What can happen to the program while its first frame is on the screen and the rest of it is being loaded."""

from __future__ import annotations

import atexit
import functools
import random
import shutil
import signal
import tempfile
import termios
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.tty_places import place_of
from tests.e2e.acting import JOBS, until
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause
from whisul_tui.first_frame.look import FILE

PATIENCE = 120.0  # seconds


@functools.cache
def warm() -> Place:
    """A home in which a first session has left its look; for all runs, which change nothing of it."""
    folder = Path(tempfile.mkdtemp(prefix="whisul-signals-warm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    place = place_of(folder, 50, running=1)
    look = place.folder / ".cache/whisul-tui" / FILE
    with Terminal(PROGRAM, place.environment(), columns=80, rows=24, cwd=place.folder) as terminal:
        until(look.exists, PATIENCE, "the look")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    return place


def painted(terminal: Terminal) -> None:
    """Some moment from the first frame on, most of them before all of the program is loaded."""
    until_seen(terminal, b"\x1b[?1049h")
    pause(random.uniform(0.0, 0.4))


def until_seen(terminal: Terminal, piece: bytes) -> None:
    """Looks every millisecond: what comes next comes soon."""
    end = time.monotonic() + PATIENCE
    while piece not in terminal.raw and terminal.process.poll() is None:
        assert time.monotonic() < end, f"{piece!r} did not come"
        pause(0.001)


def in_first_frame(number: signal.Signals) -> Callable[[Terminal], int]:
    def act(terminal: Terminal) -> int:
        painted(terminal)
        terminal.signal(number)
        return 128 + number

    return act


def closed_in_first_frame(terminal: Terminal) -> int:
    """The window goes before the program is there."""
    painted(terminal)
    terminal.hang_up()
    return 128 + signal.SIGHUP


def continued_in_first_frame(terminal: Terminal) -> int:
    """SIGSTOP and 20 SIGCONTs between the first frame and the program."""
    painted(terminal)
    terminal.signal(signal.SIGSTOP)
    pause(0.1)
    for _ in range(20):
        terminal.signal(signal.SIGCONT)
        pause(0.02)
    terminal.wait_for(JOBS)
    until_seen(terminal, b"\x1b[?1003h")
    terminal.press("ctrl+q")
    return 0


def held_back(terminal: Terminal) -> int:
    """^S holds the first frame back when SIGTERM comes: nobody can be given back what nothing reaches."""
    termios.tcflow(terminal._slave, termios.TCOOFF)
    pause(random.uniform(0.2, 0.6))
    terminal.signal(signal.SIGTERM)
    try:
        terminal.process.wait(9)
    finally:
        termios.tcflow(terminal._slave, termios.TCOON)
    return 128 + signal.SIGTERM
