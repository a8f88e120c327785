"""Keys while something heavy goes on: an import of 10,000 jobs, beside and inside the program; and a terminal far away.

    python -m tests.benchmarks.tty_busy [--jobs 1000] [--imported 10000] [--folder DIR]

Prints p50, p95 and p99 of Down (milliseconds from the key to the first byte) at rest and meanwhile, and how long a
start takes where the terminal answers 150 ms late.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

from tests.benchmarks.tty_figures import percentile
from tests.benchmarks.tty_places import PROGRAM, place_of
from tests.benchmarks.tty_program import Program
from tests.e2e.places import Place

_LATE = 0.15  # seconds
_OVER = b"learnt"  # of the sentence that tells what came of it


def downs(program: Program, count: int) -> list[float]:
    """The time to the first byte of so many Downs."""
    found = []
    for n in range(count):
        answer = program.press("down" if n % 60 < 30 else "up")
        if answer.size:
            found.append(answer.first_ms)
    return found


def told(values: list[float]) -> str:
    """p50, p95 and p99."""
    return (
        ", ".join(f"p{part:.0f} {percentile(values, part / 100):.1f}" for part in (50, 95, 99)) + f" of {len(values)}"
    )


def busy(place: Place, file: Path) -> None:
    """Downs at rest, and until an import by another process is over."""
    with Program(PROGRAM, place.environment(), place.folder) as program:
        program.visible("completed")
        program.quiet(1.2)
        print(f"Down at rest: {told(downs(program, 200))}", flush=True)
        words = [*PROGRAM, "import", str(file)]
        with subprocess.Popen(words, env=place.environment(), stdout=subprocess.DEVNULL) as importing:
            values: list[float] = []
            while importing.poll() is None:
                values += downs(program, 20)
        assert importing.returncode == 0
        print(f"Down during the import: {told(values)}")


def inside(place: Place, file: Path) -> None:
    """Downs at rest, and until an import by the program itself is over."""
    with Program(PROGRAM, place.environment(), place.folder) as program:
        program.visible("completed")
        program.quiet(1.2)
        print(f"Down at rest: {told(downs(program, 200))}", flush=True)
        program.press("M", 0.5)
        program.write(str(file))
        program.quiet(0.5)
        mark = len(program.chunks)
        program.write("\r")
        values: list[float] = []
        while _OVER not in program.since(mark):
            values += downs(program, 20)
        print(f"Down during an import of the program's own: {told(values)}")


def far(place: Place) -> None:
    """The start, near and far, in turns."""
    found: dict[float, list[float]] = {0.0: [], _LATE: []}
    shown: dict[float, str] = {}
    for _ in range(3):
        for delay, values in found.items():
            with Program(PROGRAM, place.environment(), place.folder, delay=delay) as program:
                program.visible("newest first", silence=1.0)
                program.quiet(1.2)
                values.append((program.chunks[-1][0] - program.started) * 1000)
                shown[delay] = program.text()
    near, late = min(found[0.0]), min(found[_LATE])
    print(f"a whole start: near {near:.0f} ms, answers {_LATE * 1000:.0f} ms late {late:.0f} ms ({late / near:.2f})")
    print("both show the same" if shown[0.0] == shown[_LATE] else f"they differ:\n{shown[_LATE]}")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--imported", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        other = place_of(folder / "other", options.imported)
        file = Path(name) / "jobs.json"
        words = [*PROGRAM, "export", "--format", "json", "--to", str(file)]
        subprocess.run(words, env=other.environment(), check=True, stdout=subprocess.DEVNULL)
        place = place_of(folder, options.jobs)
        far(place)
        busy(place, file)
        inside(place_of(folder, options.jobs), file)


if __name__ == "__main__":
    main()
