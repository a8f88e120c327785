"""How the store behaves with many jobs: fills a store, measures what the screens ask of it, prints a table.

    python tests/benchmarks/store_scale.py [JOBS ...]      (10 100000 1000000 when none is named)

Every figure is the median and the worst of several runs in milliseconds, through the public classes, in a store that
is read from a fresh connection each time (the operating system's cache is warm). `open` is in a fresh process.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from whisul_tui.domain import JobState, Song
from whisul_tui.storage import Database, JobStore, Owner, PromptHistory, Sort, View, Windows
from whisul_tui.storage.rows import prompt_digest, sort_name

ACCOUNT = "benchmark"
_LINE = (
    "ambient neon rain lofi piano shanty synthwave upright bass cinematic strings slow build night harbour choir "
    "velvet thunder marimba drift solar glass canyon disco paper tiger waltz copper river ghost bloom vinyl static"
)
_WORDS = _LINE.split()
_PAGE = 40
_OPEN = """
import sys, time, pathlib
from whisul_tui.storage import Database, View, Windows
began = time.perf_counter()
database = Database.open(pathlib.Path(sys.argv[1]))
opened = time.perf_counter()
rows = Windows(database).rows(View(), 0, 40)
print((opened - began) * 1000, (time.perf_counter() - opened) * 1000)
database.close()
"""


def fill(path: Path, jobs: int) -> float:
    """Writes a store of `jobs` jobs in bulk, the counters and the words in one statement each; gives the seconds."""
    began = time.perf_counter()
    Database.open(path).close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        connection.execute("BEGIN")
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        rows = list(_prompts(jobs))
        connection.executemany("INSERT INTO prompts (id, digest, used_at, text) VALUES (?, ?, ?, ?)", rows)
        connection.executemany(
            "INSERT INTO jobs (number, state, forgotten_at, prompt, account, client_id, job_id, created_at, changed_at,"
            " sent_at, accepted_at, started_at, finished_at, seen_at, bpm, seconds, sort_name, title, tags, song_url)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_job(number, row[3]) for number, row in enumerate(rows, 1)),
        )
        connection.execute(
            "INSERT INTO blocks SELECT number >> 11, state, count(*) FROM jobs WHERE forgotten_at IS NULL GROUP BY 1, 2"
        )
        connection.execute(
            "INSERT INTO words (rowid, prompt, title, tags) SELECT jobs.number, text, title, tags"
            " FROM jobs JOIN prompts ON prompts.id = jobs.prompt WHERE forgotten_at IS NULL"
        )
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")
    return time.perf_counter() - began


def _prompts(jobs: int) -> Iterator[tuple[int, bytes, float, str]]:
    pick = random.Random(1)
    for number in range(1, jobs + 1):
        text = " ".join(pick.choices(_WORDS, k=20)) + f" take {number}"
        yield number, prompt_digest(text), 1.7e9 + number, text


def _job(number: int, text: str) -> tuple[object, ...]:
    pick = random.Random(number)
    chance = pick.random()
    state = "completed" if chance < 0.95 else "failed" if chance < 0.98 else "expired"
    forgotten = 1.8e9 if pick.random() < 0.01 else None
    made = 1.7e9 + number
    began, ended = made + 2, made + 2 + pick.lognormvariate(4.6, 0.3)
    title = " ".join(pick.choices(_WORDS, k=3)).title() if state == "completed" else None
    tags = "\n".join(pick.choices(_WORDS, k=4)) if title else None
    bpm = float(pick.randint(60, 180)) if title else None
    seconds = float(pick.randint(60, 300)) if title else None
    return (
        *(number, state, forgotten, number, ACCOUNT, f"{number:032x}", f"{pick.getrandbits(128):032x}", made, ended),
        *(made + 1, made + 2, began, ended, ended, bpm, seconds, sort_name(title, text), title, tags),
        f"https://cdn.example/{number}.mp3" if title else None,
    )


FILTERS = (
    "tag:lofi", "-ambient", "state:failed", "bpm:80..95", "bpm:301..", "length:2:00..3:30 tag:rain", "since:7d",
    "before:2001-01-01", "is:starred", '"neon rain" bpm:80..95 -vocals state:completed',
)  # fmt: skip


def timed(work: Callable[[], object], runs: int = 7) -> tuple[float, float]:
    """Median and worst of the milliseconds that `work` takes."""
    found = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found), max(found)


def measure(path: Path, jobs: int) -> dict[str, tuple[float, float]]:
    """All figures of one store."""
    opens = [_open_afresh(path) for _ in range(7)]
    figures = {
        "open": (statistics.median(o[0] for o in opens), max(o[0] for o in opens)),
        "first 40 rows": (statistics.median(o[1] for o in opens), max(o[1] for o in opens)),
    }
    with Database.open(path) as database:
        windows, store = Windows(database), JobStore(database)
        for sort in Sort:
            view = View(sort)
            total = windows.total(view)
            for place, offset in (("start", 0), ("middle", total // 2), ("far end", total - _PAGE)):
                figures[f"{sort}: 40 rows at the {place}"] = timed(
                    lambda view=view, offset=offset: windows.rows(view, offset, _PAGE)
                )
            somewhere = windows.rows(view, total // 2, 1)[0].number
            figures[f"{sort}: index_of"] = timed(lambda view=view, number=somewhere: windows.index_of(view, number))
            assert windows.index_of(view, somewhere) == total // 2
        failed = View(state=JobState.FAILED)
        figures["failed only: total"] = timed(lambda: windows.total(failed))
        figures["failed only: 40 in the middle"] = timed(
            lambda: windows.rows(failed, windows.total(failed) // 2, _PAGE)
        )
        figures["failed only by title: 40 rows"] = timed(
            lambda: windows.rows(View(Sort.TITLE, state=JobState.FAILED), 0, _PAGE)
        )
        figures["total"] = timed(lambda: windows.total(View()))
        figures["counts"] = timed(store.counts)
        figures["usual_seconds"] = timed(lambda: store.usual_seconds(ACCOUNT))
        for words in ("amb", "ambient", "neon rain", "take 7", "absentword", "a", "q9", "am neon", *FILTERS):
            figures[f"search {words!r}: 40 rows and total"] = timed(
                lambda words=words: _search(database, View(search=words))
            )
        figures["search 'ambient' by title"] = timed(lambda: _search(database, View(Sort.TITLE, search="ambient")))
        figures["search 'ambient' failed only"] = timed(
            lambda: _search(database, View(search="ambient", state=JobState.FAILED))
        )
        history = PromptHistory(database)
        figures["prompt history: newest 50"] = timed(history.recent)
        figures["prompt history: 'neon'"] = timed(lambda: history.recent(search="neon"))
        figures["prompt history: nothing found"] = timed(lambda: history.recent(search="absentword"))
        figures["hold .. settled, one job"] = timed(lambda: _one_job(store), 50)
        figures["check of all pages"] = timed(database.check, 1)
    return figures


def _open_afresh(path: Path) -> list[float]:
    run = subprocess.run([sys.executable, "-c", _OPEN, str(path)], stdout=subprocess.PIPE, text=True, check=True)
    return [float(figure) for figure in run.stdout.split()]


def _search(database: Database, view: View) -> None:
    windows = Windows(database)  # a new one has found nothing yet
    windows.rows(view, 0, _PAGE)
    windows.total(view)


def _one_job(store: JobStore) -> None:
    owner, now = Owner("here", 1, 1.0), time.time()
    number = store.hold(f"one more {now}", account="other", now=now, not_before=now).number
    with store.turn() as turn:
        turn.claim_submission(number, owner, now)
    store.leaving(number, owner, now)
    store.accepted(number, f"one-more-{number}", now, now)
    with store.turn() as turn:
        turn.most_overdue("other", now, 45)
        turn.claim_poll(number, now, 5)
    store.settled(number, JobState.COMPLETED, now, song=Song("Title", 90.0, 180.0, tags=("one", "two")))


def main() -> None:
    """Prints one column a size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("jobs", nargs="*", type=int, default=[10, 100_000, 1_000_000])
    columns: dict[int, dict[str, tuple[float, float]]] = {}
    for jobs in parser.parse_args().jobs or [10]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "jobs.db"
            seconds = fill(path, jobs)
            print(f"{jobs:,} jobs written in {seconds:.1f} s, {path.stat().st_size / 1e6:,.1f} MB", flush=True)
            columns[jobs] = measure(path, jobs)
    print(f"\n{'milliseconds: median (worst)':44}" + "".join(f"{jobs:>20,}" for jobs in columns))
    for name in next(iter(columns.values())):
        cells = (f"{figures[name][0]:.2f} ({figures[name][1]:.2f})" for figures in columns.values())
        print(f"{name:44}" + "".join(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main()
