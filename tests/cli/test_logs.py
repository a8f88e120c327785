"""The log: private, rotating, without the key, without local variables, never in the way."""

from __future__ import annotations

import logging
import stat
import threading
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, Run, write_config
from whisul_tui import log_file, logs
from whisul_tui.domain.secret import Secret
from whisul_tui.paths import Paths


def test_nothing_is_made_before_there_is_something_to_write(tmp_path: Path) -> None:
    with logs.recording(tmp_path / "state" / "x.log"):
        logging.getLogger("some.library").info("quiet")
    assert not (tmp_path / "state").exists()


def test_a_private_file_without_the_key_and_without_control_characters(tmp_path: Path) -> None:
    file = tmp_path / "state" / "x.log"
    with logs.recording(file):
        logs.hide(Secret(KEY))
        logging.getLogger("some.library").warning("Bearer %s \x1b]0;pwned\x07", KEY)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert "some.library: Bearer •••• ]0;pwned" in text
    assert KEY not in text
    assert "\x1b" not in text


def test_an_exception_is_told_without_local_variables(tmp_path: Path) -> None:
    def fails(text: str) -> None:
        local = text.upper()
        raise ValueError(f"{len(local)} letters")

    file = tmp_path / "x.log"
    with logs.recording(file):
        try:
            fails("some words")
        except ValueError as error:
            logs.unexpected(error)
    text = file.read_text()
    assert "ValueError: 10 letters" in text
    assert "in fails" in text
    assert "SOME WORDS" not in text


def test_a_thread_that_dies_is_logged_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def dies() -> None:
        raise ValueError("in a thread")

    before = threading.excepthook
    with logs.recording(tmp_path / "x.log"):
        thread = threading.Thread(target=dies)
        thread.start()
        thread.join()
    assert threading.excepthook is before
    assert "ValueError: in a thread" in (tmp_path / "x.log").read_text()
    assert capsys.readouterr().err == ""


def test_it_is_rotated_and_stays_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "LARGEST", 2000)
    file = tmp_path / "x.log"
    with logs.recording(file):
        for number in range(100):
            logging.getLogger("x").warning("line %d of many", number)
    files = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert files == ["x.log", "x.log.1"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.glob("x.log*"))
    assert all(path.stat().st_size <= 2000 for path in tmp_path.glob("x.log*"))


@pytest.mark.parametrize("obstacle", ["file in the way", "a link"])
def test_a_log_that_cannot_be_written_costs_the_log_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], obstacle: str
) -> None:
    target = tmp_path / "victim"
    if obstacle == "a link":
        (tmp_path / "state").mkdir()
        (tmp_path / "state" / "x.log").symlink_to(target)
    else:
        (tmp_path / "state").write_text("")
    with logs.recording(tmp_path / "state" / "x.log"):
        logging.getLogger("x").error("lost")
    assert capsys.readouterr().err == ""
    assert not target.exists()


def test_an_unexpected_error_is_one_line_1_and_a_traceback_in_the_log(
    run: Run, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(paths, f'api_key = "{KEY}"\n')

    def breaks(*_: object) -> None:
        raise RuntimeError(f"surprise with {KEY}")

    monkeypatch.setattr("whisul_tui.cli.show.open_store", breaks)
    ran = run("show", "x")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "RuntimeError" in ran.err
    (report,) = paths.crash_dir.iterdir()
    assert str(report) in ran.err
    assert report.stat().st_mode & 0o777 == 0o600
    for told in (paths.log_file.read_text(), report.read_text()):
        assert "surprise with ••••" in told
        assert "show.py" in told
