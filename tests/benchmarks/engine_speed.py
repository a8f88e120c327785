"""CPU seconds and memory of a three-minute song in every genre: `python -m tests.benchmarks.engine_speed [OTHER]`.

Every song runs in a process of its own, on one core where the system can pin it. OTHER is a folder with another engine
(a package whose `engine` module has `generate(prompt, seed)`) to be timed in the same run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

OURS = """
import resource, sys, time
began = time.process_time()
from whisul_tui.studio.engine import compose
loaded = time.process_time() - began
began = time.process_time()
compose(sys.argv[1], 1, lambda stage, share: None)
print(loaded, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
OTHER = """
import importlib, resource, sys, time
sys.path.insert(0, sys.argv[2])
began = time.process_time()
engine = importlib.import_module(sys.argv[3] + ".engine")
loaded = time.process_time() - began
began = time.process_time()
engine.generate(sys.argv[1], 1)
print(loaded, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def timed(code: str, *arguments: str) -> tuple[float, float, float]:
    """Import seconds, song seconds (CPU) and megabytes of one run."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    answer = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment, check=True
    )
    loaded, song, memory = (float(part) for part in answer.stdout.split()[-3:])
    return loaded, song, memory


def main(other: Path | None) -> None:
    """Prints a line a genre and the means."""
    from whisul_tui.studio.engine.genres import GENRES

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = []
    for genre in GENRES:
        prompt = f"{genre}, three minutes"
        loaded, song, memory = min((timed(OURS, prompt) for _ in range(2)), key=lambda row: row[1])
        line = f"{genre:10} {song:5.2f} s CPU, {180 / song:4.0f}x real time, {memory:4.0f} MB, import {loaded:.2f} s"
        rows.append((song, memory, loaded))
        if other:
            try:
                line += f"   other {timed(OTHER, prompt, str(other.parent), other.name)[1]:5.2f} s"
            except subprocess.CalledProcessError as trouble:
                line += f"   other failed: {trouble.stderr.strip().splitlines()[-1]}"
        print(line, flush=True)
    songs, memories, imports = zip(*rows, strict=True)
    print(
        f"mean {sum(songs) / len(songs):.2f} s, worst {max(songs):.2f} s, {max(memories):.0f} MB, "
        f"import {max(imports):.2f} s"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
