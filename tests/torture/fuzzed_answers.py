"""Faults of every kind on submission, poll and download, and fuzzed bodies: each ends in a named state, in little room.

python -m tests.torture.fuzzed_answers [--bodies 100000]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.api.calls import ACCEPTED, asked, submitted
from tests.api.test_fuzz import check_report
from tests.api.test_hostile import BAD_REPLIES, LOST, SLOW
from tests.support.scripted import ScriptedServer, Step, reply
from tests.torture.payloads import EVERYTHING
from whisul_tui.api.client import Accepted, JobReport
from whisul_tui.api.errors import BadReply, WhisulError
from whisul_tui.api.wire import read_accepted, read_job, read_message
from whisul_tui.domain import Job, JobState, Song
from whisul_tui.domain.clean import clean_line
from whisul_tui.listening.download_errors import DownloadError
from whisul_tui.listening.downloads import Downloader, Limits

STATUSES = (201, 204, 206, 303, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 415, 416, 418, 422, 425, 429,
            451, 500, 501, 502, 503, 504, 507, 520, 599, 999)  # fmt: skip
FAULTS: dict[str, Step] = {
    **BAD_REPLIES, **LOST, **SLOW, **{str(status): reply(status, {"message": "no"}) for status in STATUSES},
}  # fmt: skip
SONG = {
    "title": "Rain on Neon", "bpm": 82, "duration": "3:02", "song_url": "https://h/a.mp3", "image_url": "https://h/a.jpg",
    "tags": "lofi, rain",
}  # fmt: skip
SEEDS: tuple[dict[str, Any], ...] = (
    {"status": "running", "prompt": "rain", "result": None, "error": None, "started_at": "2026-02-17 15:39:34"},
    {"status": "completed", "prompt": "rain", "result": SONG, "started_at": "2026-02-17 15:39:34",
     "finished_at": "2026-02-17 15:40:34"},
    {"status": "failed", "error": "the violins broke", "finished_at": "2026-02-17 15:40:34"},
    dict(ACCEPTED),
    {"error": "Rate limit exceeded.", "message": "Slow down."},
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**70, 1e308, -0.0, "", "9:99", "1e400", [], {}, [[[]]], {"a": {"b": []}}, "x" * 20_000,
    "\ud800", *EVERYTHING,
)  # fmt: skip
RAW = (b"NaN", b"1e999", b"-Infinity", b"9" * 6000, b"[" * 50_000, b'{"a":' * 50_000, b"\xff\xfe", b"\x00", b"//")


async def faults() -> Counter[str]:
    """Every fault on each of the three; counts what came of them, by name."""
    seen: Counter[str] = Counter()
    for step in FAULTS.values():
        outcome, leaving = await submitted(step, step, deadline=0.4)
        assert isinstance(outcome, Accepted | WhisulError), outcome
        assert leaving.times == 1
        seen[f"POST {type(outcome).__name__}"] += 1
        report = await asked(step, deadline=0.4)
        assert isinstance(report, JobReport | WhisulError), report
        seen[f"GET {type(report).__name__}"] += 1
        seen[f"download {await _download(step)}"] += 1
    return seen


async def _download(step: Step) -> str:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="whisul-faults-") as folder:
        async with ScriptedServer(*[step] * 8) as server:
            song = Song("Rain", 80, 180, f"{server.url}/a.mp3")
            job = Job(1, "c" * 32, "a", "rain", JobState.COMPLETED, now, now, job_id="job-1", song=song)
            downloader = Downloader(limits=Limits(song=1 << 21, window=0.4), sleep=lambda _seconds: asyncio.sleep(0))
            try:
                await downloader.download(job, Path(folder))
            except DownloadError as error:
                assert not _kept(folder)
                return type(error).__name__
            finally:
                await downloader.aclose()
    return "kept"


def _kept(folder: str) -> list[Path]:
    return list(Path(folder).glob("*.mp3"))


def bodies(count: int, seed: int = 1) -> Counter[str]:
    """So many bodies, changed as JSON and as bytes, read in each of the three ways."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(count):
        body = fuzzed(chance)
        for reader in (read_job, read_accepted):
            try:
                outcome: Any = reader(body)
            except BadReply:
                seen[f"{reader.__name__}: bad reply"] += 1
                continue
            seen[f"{reader.__name__}: read"] += 1
            if isinstance(outcome, JobReport):
                check_report(outcome)
        words = read_message(body)
        assert words is None or clean_line(words, 2000) == words
    return seen


def fuzzed(chance: random.Random) -> bytes:
    """A body that was right once."""
    content = json.loads(json.dumps(chance.choice(SEEDS)))
    places = [content, *(value for value in content.values() if isinstance(value, dict))]
    for _ in range(chance.randrange(4)):
        place = chance.choice(places)
        place[chance.choice([*place, "new", chance.choice(EVERYTHING)])] = chance.choice(ODD)
    body = bytearray(json.dumps(content, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass"))
    for _ in range(chance.choice([0, 0, 0, 1, 1, 3, 10])):
        at = chance.randrange(len(body) + 1)
        change = chance.randrange(4)
        if change == 0 and at < len(body):
            body[at] ^= 1 << chance.randrange(8)
        elif change == 1:
            del body[at : at + chance.randrange(1, 30)]
        elif change == 2:
            body[at:at] = chance.choice(RAW) if chance.random() < 0.1 else chance.randbytes(3)
        else:
            body[at:at] = body[: chance.randrange(40)]
    return bytes(body)


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--bodies", type=int, default=100_000)
    args = parser.parse_args()
    seen = asyncio.run(faults())
    print(f"{len(FAULTS)} kinds of fault on POST, GET and download:", dict(sorted(seen.items())), flush=True)
    print(f"{args.bodies:,} bodies:", dict(bodies(args.bodies)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak {peak:.0f} MB, the servers of the test included")
    return 0 if peak < 150 else 1


if __name__ == "__main__":
    sys.exit(main())
