"""Every test gets a home of its own: no setting, key or terminal of the developer's reaches it."""

from __future__ import annotations

import compileall
import gc
import os
import signal
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# the same examples each time, however slow the machine is; `--hypothesis-profile default` draws others
settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.load_profile("suite")

_KEPT = {
    "PATH",
    "LANG",
    "LC_ALL",
    "CI",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "TMPDIR",
    "PYTEST_XDIST_WORKER",
    "PYTEST_CURRENT_TEST",
    "TEXTUAL_SNAPSHOT_TEMPDIR",
}


def pytest_configure(config: pytest.Config) -> None:
    """Signals as in a terminal, also where a shell began the run in its background, deaf to them; fewer collections."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    gc.set_threshold(100_000, 20, 100)  # a quarter of the run's time went into collections; the program has its own
    if not hasattr(config, "workerinput"):  # once a run: a program in a test writes no bytecode, it would compile anew
        compileall.compile_dir(Path(__file__).parent.parent / "whisul_tui", quiet=2)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh HOME with its XDG folders, UTC, a fixed terminal and no WHISUL_, SSH or proxy variables."""
    for name in list(os.environ):
        if name not in _KEPT and not name.startswith(("PYTEST_", "COV_")):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    for variable, below in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ):
        (folder / below).mkdir(parents=True, mode=0o700)
        monkeypatch.setenv(variable, str(folder / below))
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()  # localtime_r looks at TZ no second time by itself
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("whisul_tui.listening.remote_line.SHARED", folder)  # no listener of the developer's
    monkeypatch.setattr(os, "nice", lambda _: 0)  # a verb that gives way would slow down all tests after it
    monkeypatch.setattr("whisul_tui.storage.search.PATIENCE", 60.0)  # a search finds all, however slow the machine is
    monkeypatch.setattr("whisul_tui.storage.matches._GLANCE_PATIENCE", 60.0)
    return folder


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """No collection while a failure is written down: Python 3.11 fails where a finaliser parses while pytest does."""
    if call.excinfo is None:
        return (yield)
    gc.disable()  # https://github.com/python/cpython/issues/106905
    try:
        return (yield)
    finally:
        gc.enable()
