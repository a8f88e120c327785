"""The bench: order, restarts and the end."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import psutil
import pytest

from tests.studio.support import COMPOSER, becomes, serving, until
from whisul_tui.studio.bench import Bench
from whisul_tui.studio.book import Book, StudioJob
from whisul_tui.studio.spawning import worker_environment


@asynccontextmanager
async def working(book: Book, folder: Path, lanes: int, composer: str = COMPOSER) -> AsyncIterator[Bench]:
    bench = Bench(book, folder, composer, lanes=lanes, clock=time.time)
    bench.start()
    try:
        yield bench
    finally:
        await bench.stop()


async def ended(book: Book, jobs: list[StudioJob]) -> list[str]:
    """How the jobs ended."""
    await becomes(lambda: not book.unfinished())
    found = [book.get(job.id) for job in jobs]
    return [job.status for job in found if job]


async def test_jobs_are_composed_in_the_order_they_came(tmp_path: Path) -> None:
    log = tmp_path / "order"
    with closing(Book(tmp_path / "b.db")) as book:
        jobs = [book.accept(f"order {log} {number}", number, 100.0) for number in range(3)]  # of an earlier studio
        async with working(book, tmp_path, lanes=1) as bench:
            for number in range(3, 6):
                jobs.append(book.accept(f"order {log} {number}", number, 100.0))
                bench.add(jobs[-1])
            assert await ended(book, jobs) == ["completed"] * 6
    assert log.read_text().split() == ["0", "1", "2", "3", "4", "5"]


async def test_a_composer_that_is_not_there_fails_jobs_not_the_bench(tmp_path: Path) -> None:
    with closing(Book(tmp_path / "b.db")) as book:
        jobs = [book.accept("x", 1, 100.0)]
        async with working(book, tmp_path, lanes=1, composer="tests.studio.tiny:nothing"):
            assert await ended(book, jobs) == ["failed"]


async def test_stopping_kills_the_workers_and_keeps_the_jobs(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    before = set(psutil.Process().children())
    with closing(Book(tmp_path / "b.db")) as book:
        job = book.accept(f"wait {gate}", 1, 100.0)
        async with working(book, tmp_path, lanes=2):
            await becomes(gate.with_suffix(".started").exists)
            began = time.monotonic()
        assert time.monotonic() - began < 5
        assert set(psutil.Process().children()) <= before
        assert [left.id for left in book.unfinished()] == [job.id]


def test_a_restart_composes_anew_what_was_running(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with serving(tmp_path, key=None) as first:
        done = first.submit("done before")
        result = first.end_of(done)
        running = first.submit(f"wait {gate}")
        until(gate.with_suffix(".started").exists)
        (tmp_path / "data" / "studio-server" / "songs" / "half.1.part").write_bytes(b"half")
    gate.touch()
    with serving(tmp_path, key=None) as second:
        assert second.port == first.port
        assert second.hosted.studio.key.reveal() == first.hosted.studio.key.reveal()
        assert second.job(done) == result
        assert second.end_of(running)["status"] == "completed"
        song = result["result"]["song_url"]
        assert second.http.get(song).status_code == 200
    assert list((tmp_path / "data").rglob("*.part")) == []


def test_a_worker_has_one_thread_and_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISUL_API_KEY", "secret")
    environment = worker_environment()
    assert environment["OPENBLAS_NUM_THREADS"] == "1"
    assert not [name for name in environment if name.startswith("WHISUL_")]
