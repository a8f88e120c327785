"""Processes as owners of claims: who we are, and whether another one still lives. Standard library alone."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from whisul_tui.storage import Owner

FOREIGN_SECONDS = 120.0  # a submission of another host's that is seen on its way for so long is nobody's any more
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@cache
def _host() -> str:
    """The machine since it was started: a pid of before a reboot is nobody's."""
    try:
        boot = _BOOT_ID.read_text("ascii").strip()[:8]
    except OSError:
        boot = ""
    return f"{platform.node()}#{boot}"


def this_process() -> Owner:
    """The owner that claims of this process are made in."""
    pid = os.getpid()
    return Owner(_host(), pid, _started(pid) or 0.0)


def _started(pid: int) -> float | None:
    """When a process started, None if there is none: clock ticks since boot on Linux, else as ps prints it.

    Ticks stay what they are when the wall clock is set; the figure is only ever compared with itself.
    """
    if Path("/proc/self/stat").exists():
        try:
            stat = Path(f"/proc/{pid}/stat").read_bytes()
        except OSError:
            return None
        fields = stat[stat.rindex(b")") + 1 :].split()
        return None if fields[0] in (b"Z", b"X") else float(fields[19])
    return _started_by_ps(pid)


def _started_by_ps(pid: int) -> float | None:
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    try:
        kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}  # not the key
        done = subprocess.run(command, capture_output=True, timeout=5, check=False, env={**kept, "LC_ALL": "C"})
        text = done.stdout.decode("ascii", "replace").strip()
        return time.mktime(time.strptime(text)) if text else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0.0  # it cannot be told: taken for alive, see `Owners.is_alive`


class Owners:
    """Tells living owners from dead ones; keeps in mind since when it sees those whose host it cannot ask."""

    def __init__(self, me: Owner, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._me = me
        self._monotonic = monotonic
        self._foreign: dict[Owner, float] = {}

    def is_alive(self, owner: Owner) -> bool:
        """Whether the owner's process runs; a stopped one does. One of another host is believed for a while."""
        if owner == self._me:
            return True
        if owner.host == self._me.host:
            started = _started(owner.pid)
            return started is not None and started in (owner.started, 0.0)
        if owner.host.partition("#")[0] == self._me.host.partition("#")[0]:
            return False  # this machine, before it was started anew
        since = self._foreign.setdefault(owner, self._monotonic())
        return self._monotonic() - since < FOREIGN_SECONDS
