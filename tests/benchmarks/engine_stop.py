"""How long a studio takes to end while it composes: `python -m tests.benchmarks.engine_stop [TIMES]`.

A studio process with as many three-minute songs as there are cores, ended by SIGTERM in the middle of each stage: the
time until its workers are gone and until it is gone itself. The promise is 0.3 s.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

STAGES = ("composing", "drawing", "rendering", "encoding")


def ended(folder: Path, stage: str) -> tuple[float, float]:
    """Seconds from SIGTERM to the end of the workers and of the studio, at a stage of the first song."""
    command = [sys.executable, "-m", "whisul_tui.studio", "--state-dir", str(folder), "--data-dir", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | {"PYTHONPATH": "."}
    ) as studio:
        told = ""
        assert studio.stdout is not None
        while "WHISUL_API_KEY" not in told:
            told += studio.stdout.readline()
        base = str(re.search(r"http://\S+/api", told)[0])  # type: ignore[index]
        key = (folder / "studio-server.key").read_text().strip()
        with httpx.Client(headers={"Authorization": f"Bearer {key}"}, trust_env=False) as client:
            jobs = [
                client.post(f"{base}/generate", json={"prompt": f"cinematic {n}, 3 minutes"}).json()["job_id"]
                for n in range(os.cpu_count() or 1)
            ]
            while stage not in client.get(f"{base}/jobs/{jobs[0]}").headers.get("x-studio-stage", stage):
                time.sleep(0.02)
        workers = psutil.Process(studio.pid).children(recursive=True)
        began = time.monotonic()
        studio.send_signal(signal.SIGTERM)
        psutil.wait_procs(workers)
        composed = time.monotonic() - began
        studio.wait()
        return composed, time.monotonic() - began


def main(times: int) -> None:
    """Prints the longest of each stage."""
    for stage in STAGES:
        taken = []
        for _ in range(times):
            with tempfile.TemporaryDirectory() as folder:
                taken.append(ended(Path(folder), stage))
        workers, whole = (max(column) for column in zip(*taken, strict=True))
        print(f"{stage:10} workers gone after {workers:.2f} s, studio after {whole:.2f} s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
