"""The guard of the terminal under signals, so many times each: given back, the right code, no hang.

python -m tests.torture.terminal_signals [--times 20]
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause

SHOWN = "key"


def ended_by(number: signal.Signals) -> Callable[[Terminal], int]:
    def act(terminal: Terminal) -> int:
        terminal.wait_for(SHOWN)
        terminal.signal(number)
        return 128 + number

    return act


def early(terminal: Terminal) -> int:
    """SIGTERM at any moment of the start: before the guard stands, Python's own end is right too."""
    pause(0.2 + (time.monotonic() * 7) % 1.3)
    terminal.signal(signal.SIGTERM)
    return 128 + signal.SIGTERM


def stray(terminal: Terminal) -> int:
    """SIGCONTs that nothing was stopped before."""
    terminal.wait_for(SHOWN)
    for _ in range(20):
        terminal.signal(signal.SIGCONT)
        pause(0.01)
    terminal.press("ctrl+q")
    return 0


def stopped(terminal: Terminal) -> int:
    """SIGSTOP, then SIGCONT."""
    terminal.wait_for(SHOWN)
    terminal.signal(signal.SIGSTOP)
    pause(0.2)
    terminal.signal(signal.SIGCONT)
    pause(0.2)
    terminal.press("ctrl+q")
    return 0


def unread(terminal: Terminal) -> int:
    """Nobody reads the terminal, and the program is asked to end meanwhile."""
    terminal.wait_for(SHOWN)
    terminal.freeze()
    for turn in range(40):
        terminal.resize(80 + turn % 7 * 10, 24 + turn % 5)
        pause(0.05)
    terminal.signal(signal.SIGTERM)
    terminal.process.wait(9)
    terminal.thaw()
    return 128 + signal.SIGTERM


KINDS: dict[str, Callable[[Terminal], int]] = {
    "SIGTERM": ended_by(signal.SIGTERM),
    "SIGHUP": ended_by(signal.SIGHUP),
    "SIGQUIT": ended_by(signal.SIGQUIT),
    "SIGTERM while starting": early,
    "20 stray SIGCONTs, ^q": stray,
    "SIGSTOP, SIGCONT, ^q": stopped,
    "SIGTERM while unread": unread,
}


def run(times: int) -> tuple[Counter[str], list[str]]:
    """Each kind so many times; how often it went well, and what was wrong."""
    well: Counter[str] = Counter()
    bad: list[str] = []
    for name, act in KINDS.items():
        for _ in range(times):
            with tempfile.TemporaryDirectory(prefix="whisul-signals-") as folder:
                place = Place(Path(folder))
                with Terminal(PROGRAM, place.environment(), columns=80, rows=24, cwd=place.folder) as terminal:
                    try:
                        wanted = act(terminal)
                        code = terminal.wait(14)
                        terminal.check_given_back()
                        assert code in (wanted, 128 - wanted if wanted else 0), f"it ended with {code}"
                    except (AssertionError, OSError) as error:
                        bad.append(f"{name}: {str(error).splitlines()[0]}")
                    else:
                        well[name] += 1
    return well, bad


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--times", type=int, default=20)
    well, bad = run(parser.parse_args().times)
    print(dict(well), *bad, sep="\n  ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
