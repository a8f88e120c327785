"""Damaged stores and settings, full disks at any write, killed migrations: never a traceback, nothing overwritten.

python -m tests.torture.damaged_stores [--copies 500] [--full 60] [--migrations 150]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.torture.syscall_kills import Bench, Verdict
from whisul_tui.domain import JobState, Song
from whisul_tui.paths import Paths
from whisul_tui.settings import SettingsError, load_settings
from whisul_tui.storage import Database, JobStore, Owner, StoreError, View, Windows
from whisul_tui.storage.mending import check_pages, open_or_mend

PAGE = 4096
JOBS = 300
CONFIG = (
    'profile = "default"\nundo_seconds = 3.0\nbell = true\ntitle = true\n[profiles.work]\n'
    'base_url = "https://whisul.com/api"\napi_key = "wh_0123456789"\n[keys]\nagain = "a"\n'
)
ROOT = Path(__file__).parents[2]


def sample(path: Path) -> None:
    """A store of some hundred jobs in several states, closed."""
    owner, now = Owner("sample", 1, 1.0), 1_800_000_000.0
    with Database.open(path) as database:
        store = JobStore(database)
        for index in range(JOBS):
            number = store.hold(f"prompt {index} {'x' * (index % 300)}", account="a", now=now, not_before=now).number
            with store.turn() as turn:
                turn.claim_submission(number, owner, now)
            store.leaving(number, owner, now)
            if index % 3:
                store.accepted(number, f"job-{number}", now, now)
            if index % 3 == 2:
                song = Song(f"Title {index}", 80, 180, "https://h/a.mp3", "https://h/a.jpg", ("a", "b"))
                store.settled(number, JobState.COMPLETED, now + 60, song=song)


def flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 1, 8, 64])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def zero(data: bytearray, chance: random.Random) -> None:
    page = chance.randrange(len(data) // PAGE)
    data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)


def noise(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) // 512) * 512
    data[at : at + 512] = chance.randbytes(512)


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def swap(data: bytearray, chance: random.Random) -> None:
    one, two = (chance.randrange(len(data) // PAGE) * PAGE for _ in range(2))
    data[one : one + PAGE], data[two : two + PAGE] = data[two : two + PAGE], data[one : one + PAGE]


def header(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(100)] = chance.randrange(256)


HARMS: tuple[Callable[[bytearray, random.Random], None], ...] = (flip, zero, noise, cut, swap, header)


def stores(copies: int, seed: int = 1) -> Counter[str]:
    """So many damaged copies, opened as the program opens them, twice; counts what became of them."""
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="whisul-damage-") as name:
        whole = Path(name) / "whole.db"
        sample(whole)
        original = whole.read_bytes()
        for copy in range(copies):
            chance = random.Random(f"{seed} {copy}")
            data = bytearray(original)
            harm = HARMS[copy % len(HARMS)]
            harm(data, chance)
            folder = Path(name) / str(copy)
            folder.mkdir()
            path = folder / "jobs.db"
            path.write_bytes(data)
            seen[_opened(path)] += 1
            if list(folder.glob("jobs.db.damaged-*")):
                digests = {hashlib.sha256(p.read_bytes()).digest() for p in folder.glob("jobs.db.damaged-*")}
                assert hashlib.sha256(data).digest() in digests or _opened_before(folder), f"{copy}: it was changed"
            shutil.rmtree(folder)
    return seen


def _opened_before(folder: Path) -> bool:
    """Whether the store was open before its damage was found: then SQLite has written to it as to any store."""
    return (folder / "was-open").exists()


def _opened(path: Path) -> str:
    """Two starts with a look at all jobs and a check beside; anything but a StoreError comes out."""
    outcome = "whole"
    for _start in range(2):
        try:
            opened = open_or_mend(path, account="a", clock=time.time)
        except StoreError:
            return "refused with a sentence"
        with opened.database as database:
            if opened.notice:
                outcome = "set aside and rebuilt" if "was damaged" in opened.notice else "only read"
            else:
                path.with_name("was-open").touch()
            try:
                windows = Windows(database)
                for job in windows.rows(View(), 0, 1000):
                    JobStore(database).get(job.number)
                windows.total(View(search="prompt"))
                check_pages(database)
            except StoreError:
                outcome = "found by the check"
    return outcome


def configs(copies: int, seed: int = 1) -> Counter[str]:
    """So many damaged settings files: settings or a sentence."""
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="whisul-damage-") as name:
        folder = Path(name)
        paths = Paths(folder / "config.toml", folder, folder, folder, folder, folder)
        for copy in range(copies):
            chance = random.Random(f"config {seed} {copy}")
            data = bytearray(CONFIG.encode())
            for _ in range(chance.randrange(1, 6)):
                at = chance.randrange(len(data))
                change = chance.randrange(4)
                if change == 0:
                    data[at] = chance.randrange(256)
                elif change == 1:
                    del data[at : at + chance.randrange(20)]
                elif change == 2:
                    data[at:at] = chance.choice([b"\0", b"[" * 5000, b"\x1b]0;x\x07", b'"', b"\xff", b"= 9e999", b"\n"])
                else:
                    del data[at + 1 :]
            paths.config_file.write_bytes(data)
            paths.config_file.chmod(0o600)
            try:
                load_settings(paths, environ={})
                seen["taken"] += 1
            except SettingsError as error:
                seen["refused with a sentence" if str(error).isprintable() else "REFUSED WITH BYTES"] += 1
    return seen


def full_disks(points: int) -> Verdict:
    """Submissions during which one write, or all from one on, finds the disk full or broken; then a start without."""
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="whisul-full-") as name:
        bench = Bench(Path(name))
        try:
            calls = bench.calls("202")
            chosen = [
                (kind, error, f"{number}{more}")
                for kind, error in (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO"))
                for number in range(1, calls[kind] + 1)
                for more in ("", "+")
            ]
            for kind, error, when in random.Random(1).sample(chosen, min(points, len(chosen))):
                injection = ["-o", "/dev/null", "-e", f"trace={kind}", "-e", f"inject={kind}:error={error}:when={when}"]
                try:
                    folder, prompt, held = bench.submit("202", injection)
                except TimeoutError:
                    verdict.broken.append(f"{kind} {error} {when}: it hangs")
                    continue
                bench.judge(verdict, f"{kind} {error} {when}", folder, prompt, held)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            bench.close()
    return verdict


def migrations(kills: int, seed: int = 1) -> Counter[str]:
    """An upgrade of twenty steps, killed again and again; then it must be whole and at its end."""
    seen: Counter[str] = Counter()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="whisul-migrations-") as name:
        folder = Path(name)
        whole = folder / "whole.db"
        sample(whole)
        while seen["killed"] < kills:
            path, log = folder / f"{seen['stores']}.db", folder / "log"
            shutil.copy(whole, path)
            seen["stores"] += 1
            words = [sys.executable, "-m", "tests.storage.actor", "migrate", str(path), str(log)]
            for _ in range(4):
                process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
                try:
                    process.wait(0.1 + chance.random() * 0.35)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    seen["killed"] += 1
                process.wait()
            subprocess.run(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, timeout=60)
            version, count = _looked_at(path)
            seen["whole and led on" if (version > 20 and count == JOBS) else "BROKEN"] += 1
            for left in folder.glob(f"{path.name}*"):
                left.unlink()
    return seen


def _looked_at(path: Path) -> tuple[int, int]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        return version, int(connection.execute("SELECT count(*) FROM jobs").fetchone()[0])


def main() -> int:
    """Runs all of it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--copies", type=int, default=500)
    parser.add_argument("--full", type=int, default=60)
    parser.add_argument("--migrations", type=int, default=150)
    args = parser.parse_args()
    print("damaged stores:", dict(stores(args.copies)), flush=True)
    print("damaged settings:", dict(configs(args.copies)), flush=True)
    bad = 0
    if args.full and shutil.which("strace"):
        verdict = full_disks(args.full)
        bad += not verdict.is_good
        print(
            "full and broken disks:", verdict, *verdict.lost, *verdict.doubled, *verdict.broken, sep="\n  ", flush=True
        )
    if args.migrations:
        seen = migrations(args.migrations)
        bad += seen["BROKEN"]
        print("killed migrations:", dict(seen), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
