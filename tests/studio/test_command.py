"""The command line: what it says, what it refuses, and how it ends."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.studio.support import COMPOSER, serving, until
from whisul_tui.studio import host
from whisul_tui.studio.book import Book
from whisul_tui.studio.command import main
from whisul_tui.studio.errors import StudioError
from whisul_tui.studio.faults import Fault
from whisul_tui.studio.limiter import Limit
from whisul_tui.studio.options import Options, add_arguments, read_options
from whisul_tui.studio.running import ensure_studio, log_path, stop_studio

ROOT = Path(__file__).parents[2]


def options(*arguments: str) -> Options:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return read_options(parser.parse_args(arguments), Path("/s"), Path("/d"))


@contextmanager
def command(folder: Path, *arguments: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The studio as a command that runs in a terminal, and what it has printed once it serves."""
    line = [sys.executable, "-m", "whisul_tui.studio", "--composer", COMPOSER]
    line += ["--state-dir", str(folder / "state"), "--data-dir", str(folder / "data"), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    pipe = subprocess.PIPE
    with subprocess.Popen(
        line, stdout=pipe, stderr=pipe, text=True, env=environment, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, "".join(process.stdout.readline() for _ in range(5))
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_how_to_use_it_and_ends_quickly(tmp_path: Path, number: signal.Signals) -> None:
    with command(tmp_path) as (process, said):
        url = re.search(r"export WHISUL_BASE_URL=(http://127\.0\.0\.1:\d+/api)\n", said)
        reads = re.search(r'export WHISUL_API_KEY="\$\(cat (.*)\)"\n', said)
        assert url
        assert reads
        key_file = Path(reads[1])
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        key = key_file.read_text().strip()
        answer = httpx.get(
            f"{url[1]}/jobs/x", headers={"Authorization": f"Bearer {key}"}, trust_env=False, verify=False
        )
        assert answer.status_code == 404
        began = time.monotonic()
        process.send_signal(number)
        out, log = process.communicate(timeout=10)
        assert time.monotonic() - began < 5
    assert process.returncode == 0
    assert "GET /api/jobs/x 404" in log
    assert "Traceback" not in log
    assert key not in said + out + log


def test_a_ctrl_c_for_the_whole_terminal_keeps_the_jobs_and_waits_for_no_answer(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    body = json.dumps({"prompt": f"wait {gate}"})
    request = (
        "POST /api/generate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    with command(tmp_path, "--fault", "slow=1", WHISUL_STUDIO_KEY="k") as (process, said):
        port = int(said.split("127.0.0.1:")[1].split("/")[0])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(request.encode())
            until(gate.with_suffix(".started").exists)
            began = time.monotonic()
            os.killpg(process.pid, signal.SIGINT)
            _, log = process.communicate(timeout=10)
            assert time.monotonic() - began < 5
    assert process.returncode == 0
    assert "POST /api/generate - " in log
    assert "failed" not in log
    assert "Traceback" not in log
    with closing(Book(tmp_path / "data" / "studio-server" / "studio.db")) as book:
        assert [job.prompt for job in book.unfinished()] == [f"wait {gate}"]


def test_the_shared_log_is_cut_when_it_has_grown(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    log_path(tmp_path / "state").write_text("x" * (1 << 20) + "x")
    ensure_studio(tmp_path / "state", tmp_path / "data", extra_args=("--composer", COMPOSER))
    assert stop_studio(tmp_path / "state")
    assert log_path(tmp_path / "state").stat().st_size < 1000
    assert "studio at http://" in log_path(tmp_path / "state").read_text()


def test_its_own_key_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    with command(tmp_path, WHISUL_STUDIO_KEY="from-the-environment") as (_, said):
        assert 'export WHISUL_API_KEY="$WHISUL_STUDIO_KEY"\n' in said
        assert "from-the-environment" not in said
    (tmp_path / "my key").write_text("from-a-file\n")
    with command(tmp_path, "--key-file", str(tmp_path / "my key")) as (_, said):
        assert f"export WHISUL_API_KEY=\"$(cat '{tmp_path / 'my key'}')\"\n" in said
        url = said.split("WHISUL_BASE_URL=")[1].split()[0]
        headers = {"Authorization": "Bearer from-a-file"}
        assert httpx.get(f"{url}/jobs/x", headers=headers, trust_env=False, verify=False).status_code == 404


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--limit", "20"], "a limit is N/SECONDS"),
        (["--fault", "explode=1"], "a fault is KIND=P"),
        (["--port", "0"], "a port is a number from 1 to 65535"),
        (["--port", "99999"], "a port is a number from 1 to 65535"),
        (["--pace", "-1"], "seconds are a number from 0 on"),
        (["--idle-exit", "nan"], "seconds are a number from 0 on"),
        (["--key", "secret"], "unrecognized arguments"),
    ],
)
def test_wrong_options_are_told(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--state-dir", "/nowhere", "--data-dir", "/nowhere", *arguments])
    assert end.value.code == 2
    assert re.search(sentence, capsys.readouterr().err)


def test_options_are_read() -> None:
    found = options("--limit", "20/60", "--fault", "500=0.05", "--fault", "drop=0.1", "--port", "8000", "--seed", "4")
    assert (found.limit, found.port, found.seed) == (Limit(20, 60.0), 8000, 4)
    assert found.faults == {Fault.ERROR: 0.05, Fault.DROP: 0.1}
    assert (found.pace, found.idle_exit, found.name, found.retry_after) == (0.0, 0.0, "studio-server", True)
    shared = options("--shared", "--no-retry-after")
    assert (shared.pace, shared.idle_exit, shared.name, shared.retry_after) == (4.0, 600.0, "studio", False)
    assert options("--shared", "--idle-exit", "0").idle_exit == 0.0


def test_a_taken_port_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        arguments = ["--composer", COMPOSER, "--port", str(port)]
        code = main(["--state-dir", str(tmp_path / "s"), "--data-dir", str(tmp_path / "d"), *arguments])
    assert code == 2
    assert f"Port {port} cannot be used" in capsys.readouterr().err


def test_a_key_that_cannot_be_used_is_told_without_showing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = ["--state-dir", str(tmp_path / "s"), "--data-dir", str(tmp_path / "d")]
    assert main([*folders, "--key-file", str(tmp_path / "none")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err
    monkeypatch.setenv("WHISUL_STUDIO_KEY", "two words")
    assert main(folders) == 2
    said = capsys.readouterr().err
    assert "WHISUL_STUDIO_KEY holds no usable key" in said
    assert "two words" not in said


def test_two_studios_never_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_PATIENCE", 0.05)
    with serving(tmp_path):
        chosen = Options(tmp_path / "other", tmp_path / "data", composer=COMPOSER)
        with pytest.raises(StudioError, match=r"Another studio works in .*--data-dir"), host.set_up(chosen):
            pass
