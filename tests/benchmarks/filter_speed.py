"""How long each kind of filter takes, beside a naive filter over the same jobs: it must find the same.

    python -m tests.benchmarks.filter_speed [JOBS]      (100000 when none are named)

Medians and worst of 15 runs in milliseconds, each with a window that has found nothing yet, as a typed letter has it.
`cpu` is the median of the thread's own time, which others at work on the machine do not lengthen. A frame has 16 ms:
ends with 1 where that is longer.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.store_scale import fill, timed
from tests.support.naive_filter import naive
from whisul_tui.domain.job_filter import read_filter
from whisul_tui.storage import Database, View, Windows

FRAME = 16.0
NOW = 1.7e9 + 100_000
FILTERS = (
    "ambient", "neon rain", '"neon rain"', "am", "absentword", "-ambient", "-am", "-absentword", "-lofi -jazz",
    "tag:lofi", "tag:lo", "-tag:lofi", "state:failed", "-state:completed", "bpm:80..95", "bpm:301..", "-bpm:80..95",
    "length:2:00..3:30", "since:7d", "since:1h", "before:2001-01-01", "is:starred", "-is:starred",
    "tag:rain length:2:00..3:30", '"neon rain" bpm:80..95 -vocals state:completed', "rain -neon since:1d",
)  # fmt: skip


def main() -> int:
    """Prints a line a filter."""
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    slow = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jobs.db"
        fill(path, jobs)
        with Database.open(path, clock=lambda: NOW) as database:
            everything = Windows(database).rows(View(), 0, jobs)
            print(f"{len(everything):,} jobs, milliseconds\n{'filter':48}     cpu  median   worst    naive  found")
            for text in FILTERS:
                median, worst = timed(lambda text=text: _look(database, text), 15)
                wanted = read_filter(text, datetime.fromtimestamp(NOW, UTC)).terms
                began = time.perf_counter()
                found = [job.number for job in everything if all(naive(job, term) for term in wanted)]
                by_hand = (time.perf_counter() - began) * 1000
                assert _look(database, text) == found[:40], text
                cpu = _cpu(database, text)
                slow += cpu > FRAME
                print(f"{text:48}{cpu:6.2f}{median:8.2f}{worst:8.2f}{by_hand:9.0f}{len(found):7,}", flush=True)
    return 1 if slow else 0


def _cpu(database: Database, text: str) -> float:
    found = []
    for _ in range(15):
        began = time.thread_time()
        _look(database, text)
        found.append((time.thread_time() - began) * 1000)
    return statistics.median(found)


def _look(database: Database, text: str) -> list[int]:
    windows, view = Windows(database), View(search=text)
    windows.total(view)
    return [job.number for job in windows.rows(view, 0, 40)]


if __name__ == "__main__":
    sys.exit(main())
