"""Keys in 1,000,000 jobs, 200 of which run and are polled at the studio's server, beside DataTable with 1,000 rows.

    python -m tests.benchmarks.tty_keys [--rounds 4] [--jobs 1000000] [--running 200] [--folder DIR]

Prints p50, p95 and minimum of the milliseconds to a key's first byte and of its CPU, and their ratios to DataTable's,
in turns; 120 x 40, the table over the whole width.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.benchmarks.tty_figures import Figures, percentile
from tests.benchmarks.tty_places import PROGRAM, is_checked, place_of
from tests.benchmarks.tty_program import Program
from tests.benchmarks.tty_running import FIRST_POLLS, begun, follow
from tests.benchmarks.tty_suite import Target, keys
from tests.e2e.partner import Partner

_TABLE = (sys.executable, "-m", "tests.benchmarks.tty_peers", "table", "1000")


def measure(folder: Path, own: Path, jobs: int, running: int, rounds: int) -> Figures:
    """All figures of both programs; the studio is in the folder `own`, the stores are kept in the other."""
    figures = Figures()
    ids = begun(own / "studio", running)
    with closing(Partner(own / "studio")) as studio:
        place = place_of(folder, jobs, **studio.variables)
        follow(place, studio, ids)
        ours = Target("ours", PROGRAM, f"{running:,} running", place)
        theirs = Target("S", _TABLE, "completed", place_of(folder, 0))
        with ours.started() as program, theirs.started() as table:
            both: list[tuple[Target, Program]] = [(ours, program), (theirs, table)]
            for target, one in both:
                one.visible(target.ready, silence=0.05)
            while not is_checked(place.database):
                program.idle(0.5)
            program.press("w", 0.4)
            program.idle(FIRST_POLLS)
            for _ in range(rounds):
                for target, one in both:
                    keys(figures, target, one)
        polls = sum(map(len, studio.polls().values()))
    print(f"{jobs:,} jobs, {running:,} of them running; {polls:,} polls meanwhile")
    return figures


def told(figures: Figures) -> str:
    """A line a figure: ours, DataTable's and the ratio."""
    lines = []
    for row in ("Down", "Down that scrolls", "PageDown"):
        for what in ("first byte", "CPU"):
            name = f"{row}: {what}"
            ours, theirs = figures.values["ours", name], figures.values["S", name]
            parts = []
            for part, label in ((0.0, "min"), (0.5, "p50"), (0.95, "p95")):
                mine, other = percentile(ours, part), percentile(theirs, part)
                parts.append(f"{label} {mine:5.2f} of {other:5.2f} ({mine / other:.2f})")
            lines.append(f"{name:30}" + "   ".join(parts) + f"   {len(ours)} and {len(theirs)} keys")
    return "\n".join(lines)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--running", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        own = Path(name)
        print(told(measure(options.folder or own, own, options.jobs, options.running, options.rounds)))


if __name__ == "__main__":
    main()
