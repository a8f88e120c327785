"""Finds the shared studio of this user, and starts it where none runs. Cheap to import: no server, no engine."""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from time import monotonic
from urllib.parse import urlsplit

from whisul_tui.domain.clean import clean_line
from whisul_tui.studio.address import (
    HEALTH_PATH,
    HOST,
    Record,
    StudioAddress,
    api_url,
    prove,
    read_record,
    record_path,
)
from whisul_tui.studio.errors import StudioError
from whisul_tui.studio.locking import locked
from whisul_tui.studio.spawning import child_environment

__all__ = ["StudioAddress", "StudioError", "ensure_studio", "is_studio", "log_path", "running_studio", "stop_studio"]

_ANSWER_SECONDS = 3.0  # a studio that is busy still answers its health well within this
_LARGEST = 4096
_LOOPBACK = (HOST, "localhost")


def ensure_studio(
    state_dir: Path,
    data_dir: Path,
    *,
    python: str = sys.executable,
    wait: float = 15.0,
    extra_args: Sequence[str] = (),
) -> StudioAddress:
    """The running studio of this state directory, started if need be; any number of processes may ask at once.

    `wait` in seconds bounds the start; `extra_args` are options of `python -m whisul_tui.studio` and count only for a
    studio that is started by this call. Raises StudioError with a sentence.
    """
    if found := running_studio(state_dir):
        return found
    state_dir, data_dir = state_dir.absolute(), data_dir.absolute()
    deadline = monotonic() + wait
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(state_dir / "studio.start.lock", wait) as mine:
            if not mine:
                raise StudioError(f"Another terminal has been starting the studio for {wait:.0f} s; try again.")
            found = running_studio(state_dir)
            if found is None:
                arguments = ["--state-dir", str(state_dir), "--data-dir", str(data_dir), *extra_args]
                _start(python, arguments, log_path(state_dir), deadline)
                found = running_studio(state_dir)
    except OSError as error:
        raise StudioError(f"The studio cannot be started: {error}. Mend that, or choose another directory.") from error
    if found is None:
        raise StudioError(f"The studio started but does not answer; its log is {log_path(state_dir)}.")
    return found


def running_studio(state_dir: Path) -> StudioAddress | None:
    """The studio that says in `studio.json` where it is, if its process lives and proves that it holds the key."""
    try:
        record = read_record(record_path(state_dir))
    except OSError as error:
        found = f"{record_path(state_dir)} cannot be read ({error.strerror})"
        raise StudioError(f"{found}: mend that, or point XDG_STATE_HOME at another directory.") from error
    if record is None or record.port is None or record.pid is None or not _alive(record.pid):
        return None
    if not _answers(record, record.port, record.pid):
        return None
    return StudioAddress(api_url(record.port), record.key, record.port, record.pid)


def is_studio(base_url: str) -> bool:
    """Whether a studio answers at the base URL of an API; anything that is not on this machine is none."""
    parts = urlsplit(base_url)
    return parts.hostname in _LOOPBACK and "proof" in _health(parts.port or 80, secrets.token_hex(16))


def stop_studio(state_dir: Path, *, patience: float = 5.0) -> bool:
    """Ends the running studio, its jobs kept; False when none ran. One that does not end in time is killed."""
    found = running_studio(state_dir)
    if found is None:
        return False
    deadline = monotonic() + patience
    _signal(found.pid, signal.SIGTERM)
    while _still(state_dir, found.pid) and monotonic() < deadline:
        Event().wait(0.02)
    if _still(state_dir, found.pid):
        _signal(found.pid, signal.SIGKILL)
    return True


def log_path(state_dir: Path) -> Path:
    """The log of the shared studio."""
    return state_dir / "studio.log"


def _start(python: str, arguments: Sequence[str], log: Path, deadline: float) -> None:
    """Starts a detached studio and returns once it serves; it leaves through a fork, so it is never our zombie."""
    ready, told = os.pipe()
    try:
        command = [python, "-P", "-m", "whisul_tui.studio", "--shared", "--ready-fd", str(told), *arguments]
        log_handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log_handle,
                start_new_session=True,
                pass_fds=(told,),
                env=child_environment(),
                cwd="/",
            )
        finally:
            os.close(log_handle)
            os.close(told)
        try:
            message = _hear(ready, deadline)
        finally:
            _reap(process)
    finally:
        os.close(ready)
    if message != "ready":
        raise StudioError(message or f"The studio ended while it was starting; its log is {log}.")


def _hear(ready: int, deadline: float) -> str:
    """What the starting studio says: "ready", a sentence of what is wrong, or nothing when it died."""
    heard = b""
    while len(heard) < _LARGEST:
        readable, _, _ = select.select([ready], [], [], max(0.0, deadline - monotonic()))
        if not readable:
            raise StudioError("The studio did not start in time; the machine may be busy: try again.")
        chunk = os.read(ready, _LARGEST)
        if not chunk:
            break
        heard += chunk
    return clean_line(heard.decode("utf-8", "replace"), 1000)


def _reap(process: subprocess.Popen[bytes]) -> None:
    """Waits for the short-lived parent of the detached studio."""
    try:
        process.wait(timeout=5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's process with a number that was ours
        return False
    return True


def _answers(record: Record, port: int, pid: int) -> bool:
    """Whether whoever listens at the port answers a fresh nonce with the proof of the key."""
    nonce = secrets.token_hex(16)
    said = _health(port, nonce)
    return secrets.compare_digest(str(said.get("proof")).encode(), prove(record.key, nonce, port, pid).encode())


def _health(port: int, nonce: str) -> dict[str, object]:
    """What whoever listens at a port of loopback says of its health; empty when that is no studio's answer."""
    request = f"GET {HEALTH_PATH}?nonce={nonce} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n"
    deadline = monotonic() + _ANSWER_SECONDS
    answer = b""
    try:
        with socket.create_connection((HOST, port), timeout=_ANSWER_SECONDS) as connection:
            connection.sendall(request.encode())
            while len(answer) < _LARGEST and (left := deadline - monotonic()) > 0:
                connection.settimeout(left)
                chunk = connection.recv(_LARGEST)
                if not chunk:
                    break
                answer += chunk
    except OSError:
        return {}
    head, _, body = answer.partition(b"\r\n\r\n")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if head.startswith(b"HTTP/1.1 200 ") and isinstance(said, dict) else {}


def _still(state_dir: Path, pid: int) -> bool:
    """Whether the record still names this process: a studio that ends takes its name out as the last step."""
    record = read_record(record_path(state_dir))
    return record is not None and record.pid == pid and _alive(pid)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
