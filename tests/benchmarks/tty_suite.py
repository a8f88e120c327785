"""The program beside its floors and peers, measured from outside in one interleaved run; prints one table.

    python -m tests.benchmarks.tty_suite [--rounds 5] [--jobs 10 1000 100000 1000000] [--folder DIR] [--json FILE]

B is Textual with one Static, S Textual's DataTable of 1,000 rows, H htop (where it is installed), `stock` the program
with Textual's own output. Times are minima (milliseconds) and their ratio to B or S; bytes are exact. 120 x 40, true
colour. `beside`: the job's page stands beside the table; all other rows have the table over the whole width.
"""

from __future__ import annotations

import argparse
import compileall
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import whisul_tui
from tests.benchmarks.tty_figures import Figures, table
from tests.benchmarks.tty_memory import held
from tests.benchmarks.tty_places import PROGRAM, is_checked, place_of, settle, start
from tests.benchmarks.tty_program import COLUMNS, KEYS, NOT_FOR_PYTE, ROWS, Program
from tests.e2e.places import Place
from tests.terminal.emulated import Emulated
from whisul_tui.storage import Database, JobStore

_PEERS = (sys.executable, "-m", "tests.benchmarks.tty_peers")
_STILL = 0.12  # seconds of silence after which all of an answer's bytes have come
_IDLE_SECONDS = 10.0
_REST = 2.5  # seconds of silence after which a program is at rest
_LOOK_IS_KEPT = 3.0
_FAR = 0.15  # seconds by which the answers of a far terminal are late
_FIRST_ROW = 3  # of the jobs table: its line on the screen
_TABLE = 78  # columns of the table where the page stands beside it
_SOUGHT = ("ambient", "neon rain", "q9", "absentword")


@dataclass(frozen=True)
class Target:
    """A program to be measured: its command, what makes it ready, and its home."""

    name: str
    words: tuple[str, ...]
    ready: str
    place: Place
    first_key: str = "down"

    @contextmanager
    def started(self, delay: float = 0.0) -> Iterator[Program]:
        """It, running on a terminal whose own answers come so much later."""
        with Program(self.words, self.place.environment(), self.place.folder, delay=delay) as program:
            yield program


def keys(figures: Figures, target: Target, program: Program) -> None:
    """Single keys on a list of rows: time to the first and the last byte, bytes and CPU."""
    _many(figures, target, program, "Down", ["down"] * 12)
    for _ in range(40):
        program.press("down", 0.01)
    program.quiet(_STILL)
    _many(figures, target, program, "Down that scrolls", ["down"] * 12)
    _many(figures, target, program, "PageDown", ["pagedown"] * 4)
    last, first = ("\x1b[1;5F", "\x1b[1;5H") if target.name == "S" else ("end", "home")
    _many(figures, target, program, "End", [last])
    _many(figures, target, program, "Home", [first])


def _many(figures: Figures, target: Target, program: Program, row: str, names: list[str]) -> None:
    for name in names:
        answer = program.press(name, _STILL)
        if not answer.size:
            continue  # there was nowhere to go
        figures.note(target.name, f"{row}: first byte", answer.first_ms)
        figures.note(target.name, f"{row}: last byte", answer.last_ms)
        figures.note(target.name, f"{row}: bytes", answer.size)
        figures.note(target.name, f"{row}: CPU", answer.cpu_ms)


def begin(figures: Figures, target: Target, program: Program) -> None:
    """The start: text on the screen, bytes until it is still, the first key's answer, memory."""
    figures.note(target.name, "first text", program.visible(target.ready))
    program.quiet(1.2 if target.words == PROGRAM else 0.6)  # the first frame stands still while the rest is loaded
    figures.note(target.name, "start: bytes", program.size)
    program.idle(_REST)  # what a start leaves to be done later is memory, too
    figures.note(target.name, "memory, MiB", program.pss())


def first_keys(figures: Figures, target: Target) -> None:
    """The times until keys that were typed as soon as there was text are answered: two that the first frame can answer,
    and one that all of the program is needed for (a mark, which moves the cursor, too)."""
    ours = target.words == PROGRAM
    other = "first other key answered"
    for row, key, line, delay in (
        ("first key answered", "down", 1, 0),
        ("first End answered", "end", None, 0),
        (other, " ", None, 0),
        (f"{other}, far", " ", None, _FAR),
    ):
        with target.started(delay) as program:
            program.holds(target.ready.encode())
            program.write(KEYS.get(key, key) if ours else KEYS[target.first_key])
            program.quiet(0.6)
            answered: float | None = program.chunks[-1][0]
            if ours:
                while (answered := _answered(program, line)) is None:
                    program.idle(0.6)
            figures.note(target.name, row, (answered - program.started) * 1000)


def _answered(program: Program, line: int | None) -> float | None:
    """When the cursor had left the first row of the jobs, for this one or for any."""
    return next((at for at, picture in _pictures(program) if _moved(picture, line)), None)


def _pictures(program: Program) -> Iterator[tuple[float, Emulated]]:
    """What the terminal showed after each chunk, with its time."""
    terminal = Emulated(COLUMNS, ROWS)
    for at, data in program.chunks:
        terminal.feed(NOT_FOR_PYTE.sub(b"", data).decode("utf-8", "ignore"))
        yield at, terminal


def _moved(terminal: Emulated, to: int | None) -> bool:
    backs = [terminal.seen(y)[2][2] for y in range(_FIRST_ROW, ROWS - 2)]
    usual = max(set(backs), key=backs.count)
    places = [line for line, back in enumerate(backs) if back != usual]
    return places == [to] if to is not None else bool(places) and places != [0]


def jobs_screen(figures: Figures, target: Target, program: Program) -> None:
    """What the jobs table costs, with the page beside it and over the whole width, and the other screens."""
    for _ in range(3):
        figures.note(target.name, "Down, beside: bytes", program.press("down", _STILL).size)
    program.press("w", 0.4)
    keys(figures, target, program)
    program.press("w", 0.4)
    search(figures, target, program)
    for key in ("1", "\x1b", "3", "2"):
        program.press(key, 0.8)  # each screen is made when it is first shown
    for name, key in (("Listen", "3"), ("Jobs", "2"), ("Write", "1")):
        answer = program.press(key, 0.3)
        figures.note(target.name, f"to {name}: bytes", answer.size)
        figures.note(target.name, f"to {name}: first byte", answer.first_ms)


def search(figures: Figures, target: Target, program: Program) -> None:
    """Each letter of common, rare and absent words: time until the rows that it finds are on the screen.

    How many there are in all follows while nobody types; the last byte is of that.
    """
    terminal, fed = Emulated(COLUMNS, ROWS), 0
    for word in _SOUGHT:
        program.press("/", 0.3)
        for letter in word:
            fed = _feed(terminal, program, fed)
            answer = program.press(letter, 2 * _STILL)
            rows = [(0.0, _rows(terminal))]
            for at, data in program.chunks[fed:]:
                terminal.feed(NOT_FOR_PYTE.sub(b"", data).decode("utf-8", "ignore"))
                rows.append(((at - answer.began) * 1000, _rows(terminal)))
            fed += len(rows) - 1
            shown = next(at for at, picture in rows if picture == rows[-1][1])
            figures.note(target.name, "search: rows shown", shown or answer.first_ms)
            figures.note(target.name, "search: last byte", answer.last_ms)
        program.press("escape", 0.3)


def _feed(terminal: Emulated, program: Program, fed: int) -> int:
    chunks = program.chunks[fed:]
    for _, data in chunks:
        terminal.feed(NOT_FOR_PYTE.sub(b"", data).decode("utf-8", "ignore"))
    return fed + len(chunks)


def _rows(terminal: Emulated) -> list[str]:
    """The rows of the table, without the line that tells how many they are."""
    return [line[:_TABLE] for line in terminal.display[2 : ROWS - 2]]


def idle(figures: Figures, target: Target, program: Program, row: str, settle: float = 0.6) -> None:
    """What it costs while nobody types, from `settle` seconds of silence on: keys have their aftermath."""
    program.visible(target.ready)
    program.quiet(settle)
    size, cpu = program.idle(_IDLE_SECONDS)
    figures.note(target.name, f"{row}: bytes/s", size)
    figures.note(target.name, f"{row}: CPU %", cpu)


def one_change(figures: Figures, target: Target, program: Program) -> None:
    """One job of the twenty on screen is done: bytes of that frame, without the tick of the others."""
    with Database.open(target.place.database) as database:
        store = JobStore(database)
        number = start(store, "one more that runs", 20.0)
        program.quiet(0.3)
        mark = len(program.chunks)
        settle(store, number)
        program.idle(2.5)
    figures.note(target.name, "a job is done: bytes", len(program.since(mark)))


def measure(folder: Path, sizes: list[int], rounds: int, tell: Callable[[str], None]) -> Figures:
    """All rounds, the targets in another order each time."""
    figures = Figures()
    empty = place_of(folder, 0)
    targets = [
        Target("B", (*_PEERS, "static"), "READY", empty, "tab"),
        Target("S", (*_PEERS, "table", "1000"), "completed", empty),
    ]
    targets += [Target(f"{size:,}", PROGRAM, "completed", place_of(folder, size)) for size in sizes]
    targets.append(Target("stock", PROGRAM, "completed", place_of(folder, 1000, WHISUL_DISPLAY="stock")))
    if shutil.which("htop"):
        targets.append(Target("H", ("htop", "-d", "10"), "Load", empty))
    for target in targets:  # the first session leaves its look for the first frame of the next
        if target.words == PROGRAM:
            with target.started() as program:
                program.visible(target.ready)
                program.idle(_LOOK_IS_KEPT)
                while not is_checked(target.place.database):
                    program.idle(0.5)
    for number in range(rounds):
        random.Random(number).shuffle(targets)
        for target in targets:
            tell(f"round {number + 1} of {rounds}: {target.name}")
            with target.started() as program:
                begin(figures, target, program)
                if target.name in ("S", "H"):
                    keys(figures, target, program)
                elif target.name != "B":
                    jobs_screen(figures, target, program)
                if target.name != "H":
                    idle(figures, target, program, "at rest", _REST)
            if target.name != "H":
                first_keys(figures, target)
    for size in sizes:
        tell(f"memory: {size:,}")
        for row, value in held(place_of(folder, size)):
            figures.note(f"{size:,}", row, value)
    _running(figures, folder, sizes, tell)
    return figures


def _running(figures: Figures, folder: Path, sizes: list[int], tell: Callable[[str], None]) -> None:
    for name, words, variables in (
        *((f"{size:,}", PROGRAM, {}) for size in sizes),
        ("stock", PROGRAM, {"WHISUL_DISPLAY": "stock"}),
        ("S", (*_PEERS, "table", "1000", "tick"), {}),
    ):
        tell(f"20 running: {name}")
        size = 1000 if name in ("stock", "S") else int(name.replace(",", ""))
        target = Target(name, words, "running|completed", place_of(folder, size, running=20, **variables))
        with target.started() as program:
            while not is_checked(target.place.database):
                program.idle(0.5)
            idle(figures, target, program, "20 running")
            if name != "S":
                one_change(figures, target, program)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, nargs="*", default=[10, 1000, 100_000])
    parser.add_argument("--folder", type=Path, help="where the stores are kept for the next time")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    compileall.compile_dir(
        Path(whisul_tui.__file__).parent, quiet=2
    )  # as an installation does; programs here write none
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(
            options.folder or Path(folder), options.jobs, options.rounds, lambda line: print(line, flush=True)
        )
    print(table(figures))
    if options.json:
        options.json.write_text(json.dumps({f"{t} | {r}": v for (t, r), v in figures.values.items()}, indent=1))


if __name__ == "__main__":
    main()
