"""The guard of the terminal in every row of the matrix, so many times each: given back, the right code, no hang.

    python -m tests.torture.terminal_signals [--times 20] [--unread 60]

At last a terminal that nobody reads, for so many seconds: the jobs are asked for all the while, on time to a second.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.acting import WRITE, until
from tests.e2e.partner import Partner, gaps
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause
from tests.torture.early_signals import closed_in_first_frame, continued_in_first_frame, held_back, in_first_frame, warm

SHOWN = "key"
FLOOR, CEILING = 1.0, 4.0
READING = 120.0  # the program draws 2000x1000 cells in 0.2 s; our emulator reads the four megabytes in 15 s
# The program with an event loop that stands still for three seconds once the help is asked for.
BUSY = (
    "import sys, time\nfrom whisul_tui.app import WhisulApp\nWhisulApp.action_help = lambda self: time.sleep(3)\n"
    "from whisul_tui.__main__ import main\nsys.exit(main([]))"
)


@dataclass(frozen=True)
class Kind:
    """What is done to the program, which gives the exit code that it must end with; and how it is started."""

    act: Callable[[Terminal], int]
    words: Sequence[str] = PROGRAM
    environment: dict[str, str] = field(default_factory=dict)
    is_drawn: bool = True
    is_there: bool = True  # at the end: a window that is gone takes nothing back
    is_warm: bool = False  # a home with jobs and a look that was kept: the first frame comes before the program


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
    return left(terminal)


def stray_early(terminal: Terminal) -> int:
    """The same while it starts: the end hung once in twenty without the watchdog."""
    for _ in range(20):
        pause(0.06)
        terminal.signal(signal.SIGCONT)
    return left(terminal)


def stopped(number: signal.Signals) -> Callable[[Terminal], int]:
    def act(terminal: Terminal) -> int:
        terminal.wait_for(SHOWN)
        terminal.signal(number)
        pause(0.3)
        terminal.signal(signal.SIGCONT)
        pause(0.2)
        return left(terminal)

    return act


def left(terminal: Terminal) -> int:
    """^q, once it is there to hear it."""
    terminal.wait_for(SHOWN)
    terminal.press("ctrl+q")
    return 0


def closed(terminal: Terminal) -> int:
    """The window goes: the kernel's SIGHUP."""
    terminal.wait_for(SHOWN)
    terminal.hang_up()
    return 128 + signal.SIGHUP


def typed(terminal: Terminal) -> int:
    """Keys that a cooked terminal makes signals of are keys."""
    terminal.wait_for(SHOWN)
    for key in ("ctrl+c", "ctrl+d", "ctrl+\\"):
        terminal.press(key)
        pause(0.1)
    return left(terminal)


def busy(terminal: Terminal) -> int:
    """The loop stands still when SIGTERM comes: the watchdog gives the terminal back."""
    terminal.wait_for(SHOWN)
    terminal.press("escape", "?")
    pause(0.4)
    terminal.signal(signal.SIGTERM)
    return 128 + signal.SIGTERM


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


def resized(*sizes: tuple[int, int]) -> Callable[[Terminal], int]:
    def act(terminal: Terminal) -> int:
        terminal.wait_for(SHOWN)
        for columns, rows in sizes:
            terminal.resize(columns, rows)
            pause(0.01 if len(sizes) > 20 else 0.3)
        terminal.resize(80, 24)
        terminal.wait_for(SHOWN, READING)
        return left(terminal)

    return act


def refused(_terminal: Terminal) -> int:
    """It ends by itself with a line and the code of wrong usage."""
    return 2


STORM = tuple((20 + step * 37 % 200, 5 + step * 17 % 60) for step in range(200))
KINDS: dict[str, Kind] = {
    "SIGTERM": Kind(ended_by(signal.SIGTERM)),
    "SIGHUP": Kind(ended_by(signal.SIGHUP)),
    "SIGQUIT": Kind(ended_by(signal.SIGQUIT)),
    "window closed": Kind(closed, is_there=False),
    "^q": Kind(left),
    "^c ^d ^\\ typed, ^q": Kind(typed),
    "SIGTERM while starting": Kind(early),
    "20 stray SIGCONTs, ^q": Kind(stray),
    "20 SIGCONTs while starting, ^q": Kind(stray_early),
    "SIGSTOP, SIGCONT, ^q": Kind(stopped(signal.SIGSTOP)),
    "SIGTSTP, SIGCONT, ^q": Kind(stopped(signal.SIGTSTP)),
    "SIGTERM in the first frame": Kind(in_first_frame(signal.SIGTERM), is_warm=True),
    "SIGHUP in the first frame": Kind(in_first_frame(signal.SIGHUP), is_warm=True),
    "SIGQUIT in the first frame": Kind(in_first_frame(signal.SIGQUIT), is_warm=True),
    "SIGINT in the first frame": Kind(in_first_frame(signal.SIGINT), is_warm=True),
    "window closed in the first frame": Kind(closed_in_first_frame, is_there=False, is_warm=True),
    "SIGSTOP, 20 SIGCONTs in the first frame, ^q": Kind(continued_in_first_frame, is_warm=True),
    "SIGTERM in a first frame held back by ^S": Kind(held_back, is_warm=True),
    "SIGTERM while busy": Kind(busy, (sys.executable, "-c", BUSY)),
    "SIGTERM while unread": Kind(unread),
    "20x5, 1x1, 0x0, 2000x1000": Kind(resized((20, 5), (1, 1), (0, 0), (2000, 1000))),
    "200 sizes": Kind(resized(*STORM)),
    "TERM=vt100": Kind(left, environment={"TERM": "vt100"}),
    "TERM=linux": Kind(left, environment={"TERM": "linux"}),
    "TERM=nonsense": Kind(left, environment={"TERM": "nonsense"}),
    "TERM=dumb": Kind(refused, environment={"TERM": "dumb"}, is_drawn=False),
    "TERM=": Kind(refused, environment={"TERM": ""}, is_drawn=False),
    "LC_ALL=POSIX": Kind(left, environment={"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    "ISO-8859-1": Kind(left, environment={"PYTHONIOENCODING": "iso-8859-1"}),
    "EUC-JP": Kind(left, environment={"PYTHONIOENCODING": "euc-jp"}),
    "ASCII": Kind(left, environment={"PYTHONIOENCODING": "ascii"}),
}
PIPES = ("stdin", "stdout", "stderr")


def once(kind: Kind) -> float:
    """One run, judged; gives the seconds from the last that was done to it to its end. Raises AssertionError."""
    with tempfile.TemporaryDirectory(prefix="whisul-signals-") as folder:
        place = warm() if kind.is_warm else Place(Path(folder))
        with Terminal(
            kind.words, place.environment(**kind.environment), columns=80, rows=24, cwd=place.folder
        ) as there:
            wanted = kind.act(there)
            began = time.monotonic()
            code = there.wait(14)
            taken = time.monotonic() - began
            if kind.is_there:
                there.check_given_back()
            assert code in (wanted, 128 - wanted if wanted > 128 else wanted), f"it ended with {code}"
            assert b"\\u" not in there.raw, "letters were drawn as their numbers"
            assert b"Traceback" not in there.raw, "a traceback was shown"
            assert kind.is_drawn or b"\x1b" not in there.raw, "an escape byte was sent"
            return taken


def without(stream: str) -> None:
    """A pipe where a terminal is needed: one line, code 2, no escape byte."""
    master, slave = os.openpty()
    with tempfile.TemporaryDirectory(prefix="whisul-signals-") as folder:
        place = Place(Path(folder))
        streams = {name: subprocess.PIPE if name == stream else slave for name in PIPES}
        with subprocess.Popen(PROGRAM, env=place.environment(), cwd=folder, start_new_session=True,
                              **streams) as process:  # type: ignore[call-overload]  # fmt: skip
            told = b"".join(part or b"" for part in process.communicate(timeout=20))
        os.set_blocking(master, False)
        try:
            told += os.read(master, 65536)
        except BlockingIOError:
            pass
        finally:
            os.close(master)
            os.close(slave)
    assert process.returncode == 2, f"it ended with {process.returncode}"
    assert told.count(b"\n") == 1, told
    assert b"\x1b" not in told, told


def run(times: int, only: str = "") -> tuple[Counter[str], list[str], dict[str, float]]:
    """Each kind so many times; how often it went well, what was wrong, and how long each took to end at most."""
    well: Counter[str] = Counter()
    bad: list[str] = []
    longest: defaultdict[str, float] = defaultdict(float)
    for name, kind in KINDS.items():
        for _ in range(times if only in name else 0):
            try:
                longest[name] = max(longest[name], once(kind))
            except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
                bad.append(f"{name}: {str(error).splitlines()[0]}")
            else:
                well[name] += 1
    return well, bad, dict(longest)


def piped(times: int) -> list[str]:
    """Each of the three streams a pipe, so many times; what was wrong."""
    bad = []
    for stream in PIPES * times:
        try:
            without(stream)
        except AssertionError as error:
            bad.append(f"{stream} is a pipe: {str(error).splitlines()[0]}")
    return bad


def frozen(seconds: float) -> tuple[int, float]:
    """A terminal that nobody reads for so long, with two jobs running: how many polls, and the longest gap of one."""
    with tempfile.TemporaryDirectory(prefix="whisul-signals-") as name, ExitStack() as stack:
        partner = stack.enter_context(Partner(Path(name) / "studio", "--pace", str(2 * seconds + 60)))
        place = Place(Path(name) / "place", dict(partner.variables))
        place.configure(f"poll_min_seconds = {FLOOR}\npoll_max_seconds = {CEILING}\nundo_seconds = 0\n")
        terminal = stack.enter_context(Terminal(PROGRAM, place.environment(), cwd=place.folder))
        terminal.wait_for(WRITE)
        for prompt in ("frozen lake", "frozen sea"):
            assert place.run("generate", prompt).returncode == 0
        until(lambda: len(partner.polls()) == 2, 30, "a first poll of both")
        terminal.freeze()
        began = time.time()
        while time.time() - began < seconds:
            terminal.resize(100 + int(time.time() * 10) % 50, 40)  # whole screens into the full pipe
            pause(0.2)
        end = time.time()
        during = [[m for m in moments if began <= m <= end] for moments in partner.polls().values()]
        longest = max(gap for moments in during for gap in gaps([began, *moments, end]))
        terminal.signal(signal.SIGTERM)
        terminal.process.wait(20)
        terminal.thaw()
        terminal.wait()
        terminal.check_given_back()
        return sum(map(len, during)), longest


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--unread", type=float, default=60.0, help="seconds of an unread terminal (default: 60)")
    parser.add_argument("--only", default="", help="kinds with this in their names")
    args = parser.parse_args()
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # a shell's & has both ignored, and the program leaves it so
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if args.unread:
        polls, longest = frozen(args.unread)
        late = longest > CEILING + 1
        print(
            f"unread for {args.unread:g} s: {polls} polls, the longest gap {longest:.2f} s of {CEILING:g}", flush=True
        )
    well, bad, seconds = run(args.times, args.only)
    bad += [] if args.only else piped(args.times)
    for name, count in well.items():
        print(f"{name}: {count} of {args.times} well, ended within {seconds[name]:.1f} s")
    print(f"{len(bad)} wrong", *bad, sep="\n  ")
    return 1 if bad or (args.unread and late) else 0


if __name__ == "__main__":
    sys.exit(main())
