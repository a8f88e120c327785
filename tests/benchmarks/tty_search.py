"""Search as you type in 1,000,000 jobs, beside fzf on 100,000 lines: from the key to the rows that it finds.

    python -m tests.benchmarks.tty_search [--rounds 3] [--jobs 1000000] [--lines 100000] [--folder DIR]

Common, rare and absent words, letter by letter, the first one or two of each included; in turns. Milliseconds until the
rows are those that stay; how many they are in all may follow, and is not counted.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.benchmarks.tty_busy import told
from tests.benchmarks.tty_places import PROGRAM, is_checked, place_of
from tests.benchmarks.tty_program import COLUMNS, NOT_FOR_PYTE, ROWS, Program
from tests.e2e.places import Place
from tests.terminal.emulated import Emulated

SOUGHT = ("ambient", "neon rain", "q9", "zq", "absentword", "x")
_TABLE = 78  # columns of the table where the page stands beside it
_STILL = 0.25  # seconds of silence after which all has come
_LINES = "SELECT prompts.text || ' ' || coalesce(jobs.title, '') FROM jobs JOIN prompts ON prompts.id = jobs.prompt"
Rows = Callable[[Emulated], list[str]]


def typed(program: Program, rows: Rows, words: tuple[str, ...], begin: str, end: str) -> list[tuple[str, float]]:
    """What was typed so far, and the milliseconds from its last letter until the rows were those that stayed."""
    terminal, fed, found = Emulated(COLUMNS, ROWS), 0, []
    for word in words:
        if begin:
            program.press(begin, 0.3)
        for n, letter in enumerate(word, 1):
            fed = _feed(terminal, program, fed)
            before = rows(terminal)
            answer = program.press(letter, _STILL)
            pictures = [(0.0, before)]
            for at, data in program.chunks[fed:]:
                terminal.feed(NOT_FOR_PYTE.sub(b"", data).decode("utf-8", "ignore"))
                pictures.append(((at - answer.began) * 1000, rows(terminal)))
            fed += len(pictures) - 1
            shown = next(at for at, picture in pictures if picture == pictures[-1][1])
            found.append((word[:n], shown or answer.first_ms))
        program.press(end, 0.3)
    return found


def _feed(terminal: Emulated, program: Program, fed: int) -> int:
    chunks = program.chunks[fed:]
    for _, data in chunks:
        terminal.feed(NOT_FOR_PYTE.sub(b"", data).decode("utf-8", "ignore"))
    return fed + len(chunks)


def _our_rows(terminal: Emulated) -> list[str]:
    return [line[:_TABLE] for line in terminal.display[2 : ROWS - 2]]


def _fzf_rows(terminal: Emulated) -> list[str]:
    """Without the prompt, which is typed at once, and the line of counts."""
    return list(terminal.display[: ROWS - 2])


def lines_of(place: Place, file: Path) -> None:
    """A line a job: its prompt and title."""
    with closing(sqlite3.connect(place.database)) as database:
        file.write_text("\n".join(row[0].replace("\n", " ") for row in database.execute(_LINES)) + "\n")


def measure(folder: Path, jobs: int, lines: int, rounds: int) -> None:
    """Prints each in turn, then both together."""
    ours, other = place_of(folder, jobs), place_of(folder, lines)
    file = other.folder / "lines.txt"
    lines_of(other, file)
    found: dict[str, list[tuple[str, float]]] = {f"{jobs:,} jobs": [], f"fzf, {lines:,} lines": []}
    mine, theirs = found.values()
    for _ in range(rounds):
        with Program(PROGRAM, ours.environment(), ours.folder) as program:
            program.visible("completed")
            while not is_checked(ours.database):
                program.idle(0.5)
            program.quiet(1.2)
            mine += typed(program, _our_rows, SOUGHT, "/", "escape")
        if shutil.which("fzf"):
            with Program(("sh", "-c", f"fzf < '{file}'"), other.environment(), other.folder) as program:
                program.visible(f"{lines}/{lines}")
                theirs += typed(program, _fzf_rows, SOUGHT, "", "\x15")
    for name, times in found.items():
        if times:
            slowest = ", ".join(f"{text!r} {ms:.0f}" for text, ms in sorted(times, key=lambda pair: -pair[1])[:5])
            print(f"{name}: {told([ms for _, ms in times])}; slowest {slowest}")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measure(options.folder or Path(name), options.jobs, options.lines, options.rounds)


if __name__ == "__main__":
    main()
