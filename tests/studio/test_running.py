"""Finding and starting the shared studio: real processes, one studio whoever asks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import psutil
import pytest

from tests.studio.support import COMPOSER, until
from whisul_tui.studio.address import Record, new_key, read_record, record_path, write_record
from whisul_tui.studio.running import StudioAddress, StudioError, ensure_studio, log_path, running_studio, stop_studio

ARGUMENTS = ("--composer", COMPOSER, "--pace", "0")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A state directory whose studio is ended whatever the test did."""
    yield tmp_path / "state"
    record = read_record(record_path(tmp_path / "state"))
    if record and record.pid and record.pid != os.getpid() and _is_studio(record.pid):
        os.kill(record.pid, signal.SIGKILL)


def ensure(state: Path, *more: str, python: str = sys.executable) -> StudioAddress:
    return ensure_studio(state, state.parent / "data", python=python, extra_args=(*ARGUMENTS, *more))


def client(address: StudioAddress) -> httpx.Client:
    headers = {"Authorization": f"Bearer {address.key.reveal()}"}
    return httpx.Client(base_url=address.base_url, headers=headers, trust_env=False, verify=False, timeout=15)


def _is_studio(pid: int) -> bool:
    try:
        return "whisul_tui.studio" in psutil.Process(pid).cmdline()
    except psutil.NoSuchProcess:
        return False


def _is_running(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def impostor() -> Iterator[tuple[int, list[bytes]]]:
    """Somebody else's server: takes every connection, claims to be healthy, and keeps what it was told."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    heard.append(connection.recv(65_536))
                    body = json.dumps({"pid": 1, "proof": "0" * 64})
                    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

        thread = Thread(target=answer)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def test_a_studio_is_started_once_and_found_again(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISUL_API_KEY", "the-users-own-key")
    assert running_studio(state) is None
    first = ensure(state)
    again = running_studio(state)
    assert again is not None
    assert [(found.pid, found.base_url) for found in (again, ensure(state))] == [(first.pid, first.base_url)] * 2
    assert record_path(state).stat().st_mode & 0o777 == 0o600
    assert log_path(state).stat().st_mode & 0o777 == 0o600
    process = psutil.Process(first.pid)
    assert not [name for name in process.environ() if name.startswith("WHISUL_")]
    assert os.getsid(first.pid) != os.getsid(0)
    assert first.pid not in [child.pid for child in psutil.Process().children(recursive=True)]
    with client(first) as http:
        assert http.post("/generate", json={"prompt": "x"}).status_code == 202
    assert first.key.reveal() not in log_path(state).read_text()
    assert first.key.reveal() not in " ".join(process.cmdline())


def test_four_terminals_at_once_start_one_studio(state: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from whisul_tui.studio.running import ensure_studio\n"
        "found = ensure_studio(Path(sys.argv[1]), Path(sys.argv[2]), extra_args=sys.argv[3:])\n"
        "print(found.pid, found.port, found.key.reveal())\n"
    )
    command = [sys.executable, "-c", script, str(state), str(state.parent / "data"), *ARGUMENTS]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    terminals = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) for _ in range(4)]
    answers = [terminal.communicate(timeout=30)[0] for terminal in terminals]
    assert [terminal.returncode for terminal in terminals] == [0] * 4
    assert len(set(answers)) == 1
    assert log_path(state).read_text().count("studio at http://") == 1


def test_a_killed_studio_comes_back_with_port_key_and_jobs(state: Path, tmp_path: Path) -> None:
    first = ensure(state)
    gate = tmp_path / "gate"
    with client(first) as http:
        job = http.post("/generate", json={"prompt": f"wait {gate}"}).json()["job_id"]
        until(gate.with_suffix(".started").exists)
    workers = psutil.Process(first.pid).children()
    assert len(workers) == 1
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: running_studio(state) is None)
    until(lambda: not any(_is_running(worker) for worker in workers))  # an orphan gives up by itself
    gate.touch()
    second = ensure(state)
    assert (second.port, second.key.reveal()) == (first.port, first.key.reveal())
    assert second.pid != first.pid
    with client(second) as http:
        until(lambda: http.get(f"/jobs/{job}").json()["status"] == "completed")


def test_a_port_that_somebody_took_is_left_to_them_and_they_never_hear_the_key(state: Path) -> None:
    key = new_key()
    state.mkdir()
    with impostor() as (port, heard):
        write_record(record_path(state), Record(key, port, os.getpid()))
        assert running_studio(state) is None
        found = ensure(state)
        assert found.port != port
        assert found.key.reveal() == key.reveal()
    assert heard
    assert not [words for words in heard if key.reveal().encode() in words]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"key": 7}', '{"key": "k", "port": "x", "pid": -4}', '{"key": "a b"}', "[" * 9999, "\x00\xff"],
)
def test_a_broken_record_is_as_good_as_none(state: Path, text: str) -> None:
    state.mkdir()
    record_path(state).write_bytes(text.encode("latin-1"))
    assert running_studio(state) is None


def test_a_record_of_a_dead_process_is_stale(state: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    state.mkdir()
    write_record(record_path(state), Record(new_key(), 9, dead.pid))
    assert running_studio(state) is None
    assert not stop_studio(state)


def test_stopping_is_quick_with_a_song_playing_and_a_job_running(state: Path, tmp_path: Path) -> None:
    found = ensure(state)
    gate = tmp_path / "gate"
    with client(found) as http, socket.create_connection(("127.0.0.1", found.port)) as player:
        job = http.post("/generate", json={"prompt": f"wait {gate}"}).json()["job_id"]
        until(gate.with_suffix(".started").exists)
        player.sendall(b"GET /songs/x HTTP/1.1\r\n")  # a request that never ends
        began = time.monotonic()
        assert stop_studio(state)
        assert time.monotonic() - began < 5
    assert running_studio(state) is None
    gate.touch()
    with client(ensure(state)) as http:
        until(lambda: http.get(f"/jobs/{job}").json()["status"] == "completed")


def test_it_ends_by_itself_when_nobody_asks(state: Path) -> None:
    found = ensure(state, "--idle-exit", "0.2")
    until(lambda: (record := read_record(record_path(state))) is not None and record.pid is None)
    assert running_studio(state) is None
    assert ensure(state).port == found.port


def test_a_missing_extra_is_told_with_its_mend(state: Path, tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    bare.chmod(0o755)
    with pytest.raises(StudioError, match=r'starlette.* missing.*pip install "whisul-tui\[studio\]"'):
        ensure(state, python=str(bare))


def test_folders_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StudioError, match=r"file/studio\.json cannot be read .*XDG_STATE_HOME"):
        ensure_studio(tmp_path / "file", tmp_path / "data", extra_args=ARGUMENTS)
    with pytest.raises(StudioError, match=r"cannot work in .*file"):
        ensure_studio(tmp_path / "state", tmp_path / "file", extra_args=ARGUMENTS)
    with pytest.raises(StudioError, match=r"cannot be started: .*no-python"):
        ensure_studio(tmp_path / "state", tmp_path / "data", python=str(tmp_path / "no-python"))


def test_a_studio_that_dies_while_starting_is_told_with_its_log(state: Path) -> None:
    with pytest.raises(StudioError, match=r"ended while it was starting; its log is .*studio\.log"):
        ensure(state, "--no-such-option")


def test_looking_for_a_studio_loads_neither_server_nor_engine() -> None:
    script = "import sys, whisul_tui.studio.running; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    loaded = set(found.stdout.split())
    assert not loaded & {"starlette", "uvicorn", "numpy", "PIL", "ssl", "asyncio", "httpx", "textual", "sqlite3"}
