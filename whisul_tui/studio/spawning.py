"""How the studio starts Python processes of its own package, installed or in a clone, without the user's key."""

from __future__ import annotations

import os
from pathlib import Path

import whisul_tui

_ROOT = Path(whisul_tui.__file__).resolve().parent.parent
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def child_environment() -> dict[str, str]:
    """The environment of a child: none of the WHISUL_ variables, and a clone that is not installed is importable."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WHISUL_")}
    if _ROOT.name not in ("site-packages", "dist-packages"):
        before = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{before}{os.pathsep}{_ROOT}" if before else str(_ROOT)
    return environment


def worker_environment() -> dict[str, str]:
    """The environment of a composing child: numpy keeps to one thread, since there is a worker for each core."""
    return child_environment() | dict.fromkeys(_THREADS, "1")
