"""Texts of 10 MB in every field of the store and in a paste: each screen paints them in time and in little memory.

    python -m tests.torture.huge_fields [--megabytes 10]

The same keys are pressed on a store with texts of usual length, in the same run: their seconds stand beside. Seconds
are those of the processor, all threads together: other programs of the machine are not judged. What the
program itself writes is shortened at the border; this store was written by somebody else.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from textual import events

from tests.support.stage import ALL_STATES, Stage, stage

MOST_SECONDS = 0.3
MOST_MEGABYTES = 150.0
NOISE = 1.5  # between two measurements of the same on a busy machine
# What is pressed, and what it shows; each begins on the jobs screen, and the last key of each is the one that is timed.
STEPS: dict[str, tuple[str, ...]] = {
    "a line down": ("down",),
    "the last job": ("G",),
    "a job's page": ("G", "enter"),
    "the link sheet": ("g", "v"),
    "the copy menu": ("g", "Y"),
    "an id asked for": ("I",),
    "Listen": ("3",),
    "Write": ("1",),
    "earlier prompts": ("1", "ctrl+r"),
    "edit as new": ("g", "e"),
    "failed only": ("f",),
    "sorted": ("s",),
    "a search": ("slash", "x", "x", "x"),
    "help": ("question_mark",),
    "palette": ("colon",),
}


@dataclass
class Verdict:
    """Seconds from a key to what it shows, by what it shows; `grown`: memory at the most beyond that before, in MB."""

    seconds: dict[str, float] = field(default_factory=dict)
    grown: float = 0.0

    def slow(self, usual: Verdict) -> list[str]:
        """What took longer than it may, and longer than with usual texts."""
        return [
            shown
            for shown, seconds in self.seconds.items()
            if seconds > max(MOST_SECONDS, usual.seconds[shown] * NOISE)
        ]


def spoil(scene: Stage, length: int) -> None:
    """Writes such a text into one field of each of the newest jobs and into a prompt, past everything that shortens."""
    texts = {"title": "x", "tags": "x\n", "message": "x y\n", "remote_status": "x", "song_url": "https://cdn.example/x",
             "image_url": "x", "own_tags": "x\n", "note": "x y\n", "origin": "x"}  # fmt: skip
    with scene.store.database.write() as connection:
        for index, (column, text) in enumerate(texts.items()):
            huge = (text * (length // len(text) + 1))[:length]
            sql = f"UPDATE jobs SET {column} = ? WHERE number = ?"
            connection.execute(sql, (huge, scene.numbers[-1 - index]))
        newest = "(SELECT prompt FROM jobs ORDER BY number DESC LIMIT 1)"  # no trigger sees that it changes
        connection.execute(f"UPDATE prompts SET text = substr(text, 1, 20) || ? WHERE id = {newest}", ("x" * length,))


@contextmanager
def home(folder: Path) -> Iterator[None]:
    """The environment of a program at home in this folder."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
    for name in names:
        (folder / name).mkdir(mode=0o700)
    with patch.dict(os.environ, {"HOME": str(folder), **{name: str(folder / name) for name in names}}):
        yield


async def measure(scene: Stage, pasted: str, steps: Sequence[str], rounds: int) -> dict[str, float]:
    """Seconds of each step, the least of some rounds, in an app of its own each."""
    seconds: dict[str, float] = {}
    for shown in [shown for shown in steps for _ in range(rounds)]:
        keys = STEPS[shown]
        app = scene.app()
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await pilot.pause()
            for key in keys[:-1]:
                await pilot.press(key)
            began = time.process_time()
            await pilot.press(keys[-1])
            await pilot.pause()
            seconds[shown] = min(seconds.get(shown, 60.0), time.process_time() - began)
    app = scene.app("write")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        began = time.process_time()
        app.post_message(events.Paste(pasted))
        await pilot.pause()
        seconds["a paste"] = time.process_time() - began
    return seconds


def run(length: int, steps: Sequence[str] = tuple(STEPS), rounds: int = 3) -> tuple[Verdict, Verdict]:
    """Usual texts, then texts of this many characters."""
    verdicts = []
    for wanted in (0, length):
        verdict = Verdict()
        with tempfile.TemporaryDirectory() as folder, home(Path(folder)), stage(ALL_STATES * 3) as scene:
            if wanted:
                spoil(scene, wanted)
            before = _megabytes()
            verdict.seconds = asyncio.run(measure(scene, "x " * (wanted // 2), steps, rounds))
            verdict.grown = _megabytes() - before
        verdicts.append(verdict)
    return verdicts[0], verdicts[1]


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Runs it; 1 where a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=10.0)
    length = int(parser.parse_args().megabytes * 1_000_000)
    usual, huge = run(length)
    slow = huge.slow(usual)
    for shown, seconds in huge.seconds.items():
        told = f"{seconds * 1000:7.0f} ms   with usual texts {usual.seconds[shown] * 1000:5.0f} ms"
        sys.stdout.write(f"{shown:<18}{told}{'   too slow' if shown in slow else ''}\n")
    sys.stdout.write(f"memory: {huge.grown:.0f} MB more (at most {MOST_MEGABYTES:.0f})\n")
    return 1 if slow or huge.grown > MOST_MEGABYTES else 0


if __name__ == "__main__":
    sys.exit(main())
