"""The program's start: the TUI only where there is a terminal, and what it is handed."""

from __future__ import annotations

import os
import pty
import re
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.cli.conftest import KEY, Run, write_config
from whisul_tui.__main__ import main
from whisul_tui.paths import Paths


@pytest.mark.parametrize("words", [[], ["--local"], ["--profile", "default"]])
def test_without_a_terminal_the_tui_is_one_line_and_2(run: Run, words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert "needs a terminal" in ran.err
    assert "\x1b" not in ran.err


@pytest.mark.parametrize(
    ("term", "piped", "words"),
    [
        ("dumb", "", "TERM is dumb"),
        ("", "", "TERM is not set"),
        ("xterm", "stdin", "standard input"),
        ("xterm", "stderr", ""),
    ],
)
def test_not_one_escape_byte_reaches_what_is_no_terminal(term: str, piped: str, words: str) -> None:
    outer, inner = pty.openpty()
    streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), inner)
    if piped:
        streams[piped] = subprocess.DEVNULL
    environment = os.environ | {"TERM": term, "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run([sys.executable, "-m", "whisul_tui"], **streams, env=environment, timeout=20, check=False)
    os.close(inner)
    shown = b""
    try:
        shown = os.read(outer, 4096)
    except OSError:  # nothing was written, and the other end is gone
        assert piped == "stderr"
    finally:
        os.close(outer)
    assert done.returncode == 2
    assert b"\x1b" not in shown
    assert words in shown.decode()


class _Tui(ModuleType):
    def __init__(self) -> None:
        super().__init__("whisul_tui.app")
        self.calls: list[tuple[Any, Any, Any]] = []

    def run_tui(self, paths: Any, settings: Any, *, problem: str | None = None) -> int:
        self.calls.append((paths, settings, problem))
        return 0


@pytest.fixture
def tui(monkeypatch: pytest.MonkeyPatch) -> _Tui:
    """Stands for the app, on streams that say they are terminals."""
    fake = _Tui()
    monkeypatch.setitem(sys.modules, "whisul_tui.app", fake)
    monkeypatch.setattr("whisul_tui.command_line._check_terminal", lambda: None)
    return fake


def test_the_tui_gets_paths_and_settings_with_the_key(tui: _Tui, paths: Paths, run: Run, tmp_path: Path) -> None:
    write_config(paths, f'api_key_command = "echo {KEY}"\n')
    assert run("--data-dir", str(tmp_path / "d")).code == 0
    [(got, settings, problem)] = tui.calls
    assert got.database == tmp_path / "d" / "jobs.db"
    assert settings.key.reveal() == KEY
    assert problem is None


def test_a_key_command_that_fails_is_the_tuis_to_tell(tui: _Tui, paths: Paths, run: Run) -> None:
    write_config(paths, 'api_key_command = "false"\n')
    assert run().code == 0
    [(_, settings, problem)] = tui.calls
    assert settings.key is None
    assert problem is not None
    assert "api_key_command ended with 1" in problem


def test_local_is_the_profile_of_the_studio(tui: _Tui, run: Run) -> None:
    assert run("--local").code == 0
    assert tui.calls[0][1].profile.is_local


def test_a_broken_config_is_told_before_any_screen(tui: _Tui, paths: Paths, run: Run) -> None:
    write_config(paths, "bel = true")
    ran = run()
    assert ran.code == 2
    assert "did you mean bell?" in ran.err
    assert tui.calls == []


def test_what_is_written_is_the_users_own(paths: Paths) -> None:
    assert main(["config", "init"]) == 0
    assert stat.S_IMODE(paths.config_file.parent.stat().st_mode) == 0o700
    before = os.umask(0)
    os.umask(before)
    assert before == 0o077


@pytest.mark.parametrize("words", [["jobs"], ["show", "x"], ["config", "show"], ["--help"], []])
def test_verbs_that_only_read_load_no_heavy_library(words: list[str]) -> None:
    code = (
        "import sys; from whisul_tui.__main__ import main; main(sys.argv[1:]);"
        "print('LOADED', *({'httpx', 'ssl', 'asyncio', 'textual', 'PIL', 'numpy', 'uvicorn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    assert done.stdout.splitlines()[-1] == "LOADED"


def _raises(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError(f"it broke with {KEY}")


def test_a_first_frame_that_breaks_keeps_the_program_from_nothing(
    run: Run, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whisul_tui.__main__.show", _raises)
    ran = run("--calm")
    assert (ran.code, ran.out) == (2, "")
    assert "needs a terminal" in ran.err, "the program has begun"
    told = paths.log_file.read_text()
    assert "RuntimeError, test_main.py line" in told
    assert KEY not in told


def test_what_breaks_before_there_is_a_log_is_one_line_without_its_message(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whisul_tui.command_line.find_paths", _raises)
    ran = run("jobs")
    assert (ran.code, ran.out) == (1, "")
    assert re.fullmatch(r"whisul-tui: it cannot start \(RuntimeError, test_main.py line \d+\)\n", ran.err)
