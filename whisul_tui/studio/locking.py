"""Locks between processes: flock on a file, given back by the kernel when the holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

_STEP = 0.02  # seconds between two tries


@contextmanager
def locked(path: Path, patience: float) -> Iterator[bool]:
    """Holds the lock within; yields False when it was not free within `patience` seconds. Raises OSError."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _take(handle, monotonic() + patience)
    finally:
        os.close(handle)  # which gives the lock back


def _take(handle: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if monotonic() >= deadline:
                return False
        Event().wait(_STEP)
