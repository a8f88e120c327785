"""A studio on a thread of the test, with the tiny composer, and waiting on conditions."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import httpx

from whisul_tui.domain.secret import Secret
from whisul_tui.studio.host import Hosted, set_up
from whisul_tui.studio.options import Options

COMPOSER = "tests.studio.tiny:compose"
KEY = "key-of-the-tests"
_T = TypeVar("_T")


def until(ask: Callable[[], _T], seconds: float = 15.0) -> _T:
    """The first truthy answer; fails the test when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        Event().wait(0.02)
    raise AssertionError(f"nothing came of {ask} within {seconds} s")


async def becomes(ask: Callable[[], object], seconds: float = 15.0) -> None:
    """Waits on the test's own loop until the answer is truthy."""
    async with asyncio.timeout(seconds):
        while True:
            if ask():
                return
            await asyncio.sleep(0.02)


@dataclass
class Served:
    """A serving studio, and a client that has its key."""

    hosted: Hosted
    http: httpx.Client
    folder: Path

    @property
    def port(self) -> int:
        return self.hosted.studio.port

    def submit(self, prompt: str) -> str:
        answer = self.http.post("/api/generate", json={"prompt": prompt})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job_id"])

    def job(self, job_id: str) -> dict[str, Any]:
        answer = self.http.get(f"/api/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def end_of(self, job_id: str) -> dict[str, Any]:
        return until(lambda: job if (job := self.job(job_id))["status"] != "running" else None)

    def song(self, prompt: str = "lofi") -> dict[str, Any]:
        """The result of a finished job."""
        return dict(self.end_of(self.submit(prompt))["result"])

    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "asked.jsonl").read_text().splitlines()]


@contextmanager
def serving(folder: Path, *, clock: Callable[[], float] = time.time, **options: Any) -> Iterator[Served]:
    """Serves from `folder` until the block ends; `options` are those of Options."""
    settings: dict[str, Any] = {"key": Secret(KEY), "composer": COMPOSER, "request_log": folder / "asked.jsonl"}
    chosen = Options(folder / "state", folder / "data", **(settings | options))
    held: list[Hosted] = []
    ready = Event()

    def run() -> None:
        try:
            with set_up(chosen, clock=clock) as hosted:
                held.append(hosted)
                hosted.run(ready.set, signals=False)
        finally:
            ready.set()

    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(1, "studio") as threads:
        ended = threads.submit(run)
        try:
            assert ready.wait(15)
            if not held:
                ended.result()  # raises what kept it from serving
            yield from _asked_by_a_client(held[0], folder)
        finally:
            if held:
                held[0].server.should_exit = True
        ended.result(15)


def _asked_by_a_client(hosted: Hosted, folder: Path) -> Iterator[Served]:
    base = f"http://127.0.0.1:{hosted.studio.port}"
    headers = {"Authorization": f"Bearer {hosted.studio.key.reveal()}"}
    with httpx.Client(base_url=base, headers=headers, trust_env=False, verify=False, timeout=15) as http:
        yield Served(hosted, http, folder)
