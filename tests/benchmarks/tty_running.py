"""A thousand jobs that run at once at the studio's own server: keys, CPU, and whether each poll is on time.

    python -m tests.benchmarks.tty_running [--running 1000] [--seconds 60] [--folder DIR]

Prints Down (milliseconds from the key to the first byte) with nothing running and with all of them, in turns; the share
of a core that the program takes while nobody types; and the times between two polls of one job as the server saw them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.tty_busy import downs, told
from tests.benchmarks.tty_figures import percentile
from tests.benchmarks.tty_places import PROGRAM, place_of, start
from tests.benchmarks.tty_program import Program
from tests.e2e.partner import Partner
from tests.e2e.places import Place
from whisul_tui.settings.profile import Profile
from whisul_tui.storage import Database, JobStore
from whisul_tui.studio.book import Book

_HOURS = 3600.0  # the jobs run longer than anything here takes
_LEAST, _MOST = 5.0, 10.0  # seconds between two polls of a job, by the contract
FIRST_POLLS = 15.0  # seconds until each job has been asked for once, and the program is at its pace


def begun(folder: Path, count: int) -> list[str]:
    """Ids of jobs in the book of a studio that is yet to be started; they show as running, and nobody composes them."""
    home = folder / "data" / "studio-server"
    home.mkdir(parents=True)
    with closing(Book(home / "studio.db", pace=_HOURS)) as book:
        return [book.accept(f"prompt {n}", n, time.time(), fails=True).id for n in range(count)]


def follow(place: Place, studio: Partner, ids: Sequence[str]) -> None:
    """The studio's jobs run in the store, too; they fall due one after the other."""
    account = Profile("default", studio.base_url).account
    with Database.open(place.database) as database:
        store = JobStore(database)
        for n, job_id in enumerate(ids):
            due_in = _MOST * n / len(ids)
            start(store, f"running prompt {n}", 30.0, due_in=due_in, account=account, job_id=job_id)


def measure(folder: Path, running: int, seconds: float) -> None:
    """Prints all figures."""
    ids = begun(folder / "studio", running)
    with closing(Partner(folder / "studio")) as studio:
        empty, full = (place_of(folder / name, 1000, **studio.variables) for name in ("empty", "full"))
        follow(full, studio, ids)
        with (
            Program(PROGRAM, empty.environment(), empty.folder) as resting,
            Program(PROGRAM, full.environment(), full.folder) as busy,
        ):
            for program, words in ((resting, "completed"), (busy, f"{running:,} running")):
                program.visible(words, silence=0.05)
            time.sleep(FIRST_POLLS)
            began = time.time()
            _, cpu = busy.idle(seconds)
            print(f"{running:,} running: {cpu:.1f} % of a core", flush=True)
            found: dict[Program, list[float]] = {resting: [], busy: []}
            for _ in range(10):
                for program, values in found.items():
                    values += downs(program, 30)
            ended = time.time()
            print(f"Down, nothing running: {told(found[resting])}")
            print(f"Down, {running:,} running: {told(found[busy])}")
        _tell_polls([[at for at in times if began <= at < ended] for times in studio.polls().values()], ended - began)


def _tell_polls(jobs: list[list[float]], seconds: float) -> None:
    gaps = [after - before for times in jobs for before, after in pairwise(times)]
    early, late = sum(gap < _LEAST for gap in gaps), sum(gap > _MOST + 1 for gap in gaps)
    parts = ", ".join(f"p{part} {percentile(gaps, part / 100):.2f}" for part in (1, 50, 99))
    print(
        f"{sum(map(len, jobs)) / seconds:.0f} polls a second of {len(jobs):,} jobs; seconds between two of one job: "
        f"{parts}, least {min(gaps):.2f}, most {max(gaps):.2f}; {early} before {_LEAST:.0f} s, {late} over 1 s late"
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--running", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measure(options.folder or Path(name), options.running, options.seconds)


if __name__ == "__main__":
    main()
