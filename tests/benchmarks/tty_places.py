"""Homes with stores of many jobs, for the program as it is measured; made once and kept in a folder."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

from tests.benchmarks import store_scale
from tests.e2e.places import Place
from whisul_tui.domain import JobState, Song
from whisul_tui.settings.profile import Profile
from whisul_tui.storage import Database, JobStore, Owner, mending, opening

BASE_URL = "http://127.0.0.1:9/api"  # nobody is there; nothing in these stores is due
PROGRAM = (sys.executable, "-m", "whisul_tui")
_FAR = 1e9  # seconds from now: so that a measured idle minute has no poll in it
_OWNER = Owner("bench", 1, 1.0)


def place_of(folder: Path, jobs: int, *, running: int = 0, **variables: str) -> Place:
    """A home with `jobs` settled jobs and `running` ones; a copy, so that what is done to it is gone afterwards."""
    seed = _seed(folder / "seeds", jobs)
    home = folder / f"home-{jobs}-{running}-{os.getpid()}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    fixed = {"WHISUL_API_KEY": "wh_0123456789abcdef", "WHISUL_BASE_URL": BASE_URL, "WHISUL_DISPLAY": "auto"}
    place = Place(home, {**fixed, **variables})
    place.data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(seed, place.database)
    place.database.chmod(0o600)
    with Database.open(place.database) as database:
        for n in range(running):
            start(JobStore(database), f"running prompt {n}, slow build, choir and a long line of words", 30.0 + 7 * n)
    return place


def start(
    store: JobStore, prompt: str, ago: float, *, due_in: float = _FAR, account: str = "", job_id: str = ""
) -> int:
    """One more job that runs, and is asked for in so many seconds; its number."""
    at = time.time() - ago
    number = store.hold(prompt, account=account or _account(), now=at, not_before=at).number
    with store.turn() as turn:
        turn.claim_submission(number, _OWNER, at)
    store.leaving(number, _OWNER, at)
    store.accepted(number, job_id or f"{number:08x}-6197-4c24-8062-c0ff8b62d58d", at, time.time() + due_in)
    return number


def settle(store: JobStore, number: int) -> None:
    """The job is completed."""
    store.settled(number, JobState.COMPLETED, time.time(), song=Song("Title", 90.0, 180.0, tags=("one", "two")))


def is_checked(store: Path) -> bool:
    """Whether a large store was found whole, as it is once a day; small ones are looked at each time."""
    return store.stat().st_size < mending.LARGE or opening.sibling(store, ".checked").exists()


def _account() -> str:
    return Profile("default", BASE_URL).account


def _seed(folder: Path, jobs: int) -> Path:
    path = folder / f"{jobs}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{jobs}.part"
        part.unlink(missing_ok=True)
        store_scale.ACCOUNT = _account()
        if jobs:
            store_scale.fill(part, jobs)
        else:
            Database.open(part).close()
        part.replace(path)
    return path
