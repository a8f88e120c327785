"""The studio as a partner: a server process of its own, whose log of requests is the judge of every client."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.e2e.places import Place

KEY = "key-of-the-end-to-end-tests"
TINY = "tests.studio.tiny:compose"


@dataclass(frozen=True)
class Request:
    """One request as the server saw it: arrival in seconds since 1970, and how long the answer took."""

    time: float
    method: str
    path: str
    status: int | None
    seconds: float
    job_id: str | None
    prompt: str | None
    fault: str | None

    @property
    def asked_job(self) -> str | None:
        """The job that a poll asked for."""
        head, _, job_id = self.path.rpartition("/jobs/")
        return job_id if self.method == "GET" and head else None


class Partner:
    """`python -m whisul_tui.studio` at a port of its own, with the tiny composer unless another one is named."""

    def __init__(self, folder: Path, *options: str, composer: str | None = TINY) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log_file = folder / "requests.jsonl"
        words = [sys.executable, "-m", "whisul_tui.studio", "--request-log", str(self.log_file)]
        words += ["--state-dir", str(folder / "state"), "--data-dir", str(folder / "data"), *options]
        words += ["--composer", composer] if composer else []
        self._complaints = (folder / "studio.log").open("w")
        self.process = subprocess.Popen(
            words,
            env=Place(folder / "home").environment(WHISUL_STUDIO_KEY=KEY),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            start_new_session=True,
        )
        self.base_url = self._hear()

    def _hear(self) -> str:
        """The base URL from the first line that it prints."""
        assert self.process.stdout is not None
        deadline, said = time.monotonic() + 30, b""
        while b"\n" not in said:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            chunk = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not chunk:
                self.close()
                raise AssertionError(f"the studio did not start: {said.decode()}")
            said += chunk
        found = re.search(r"http://127\.0\.0\.1:\d+/api", said.decode())
        assert found
        return found[0]

    @property
    def variables(self) -> dict[str, str]:
        """What points the program at this studio."""
        return {"WHISUL_BASE_URL": self.base_url, "WHISUL_API_KEY": KEY}

    def requests(self) -> list[Request]:
        """Every request that has been dealt with, by arrival."""
        if not self.log_file.exists():
            return []
        lines = self.log_file.read_text().splitlines(keepends=True)
        found = [Request(**json.loads(line)) for line in lines if line.endswith("\n")]
        return sorted(found, key=lambda request: request.time)

    def submissions(self) -> list[Request]:
        """The POSTs."""
        return [request for request in self.requests() if request.method == "POST"]

    def polls(self) -> dict[str, list[float]]:
        """When each job was asked for."""
        found: dict[str, list[float]] = {}
        for request in self.requests():
            if job_id := request.asked_job:
                found.setdefault(job_id, []).append(request.time)
        return found

    def posted_twice(self) -> list[str]:
        """Prompts that were sent more than once though an earlier sending was accepted."""
        seen: set[str] = set()
        twice = []
        for request in self.submissions():
            if request.prompt is not None:
                if request.prompt in seen:
                    twice.append(request.prompt)
                seen.add(request.prompt)
        return twice

    def close(self) -> None:
        """Ends the server."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._complaints.close()

    def __enter__(self) -> Partner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def gaps(moments: Sequence[float]) -> list[float]:
    """The seconds between each and the next."""
    return [after - before for before, after in pairwise(moments)]
