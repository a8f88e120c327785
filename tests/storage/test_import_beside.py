"""An import as the TUI has it made: by a process of its own, which says what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.conftest import START, Bring
from whisul_tui.domain import JobState
from whisul_tui.storage import Database, JobStore, StoreError, View, Windows
from whisul_tui.storage import import_beside as module
from whisul_tui.storage.export_file import write_export
from whisul_tui.storage.exporting import Format, export
from whisul_tui.storage.import_beside import Imported, import_beside
from whisul_tui.storage.import_file import NoExport


@pytest.fixture
def file(store: JobStore, bring: Bring, tmp_path: Path) -> Path:
    """An export of two jobs, under a name that is no option."""
    numbers = [bring(JobState.COMPLETED, f"prompt {n}") for n in range(2)]
    target = tmp_path / "-P other host.json"
    write_export(target, export(store.database, numbers, Format.JSON, host="there", now=START))
    return target


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """This host's store, empty."""
    path = tmp_path / "here" / "jobs.db"
    Database.open(path).close()
    return path


def total(store: Path) -> int:
    with Database.open(store) as database:
        return Windows(database).total(View())


def test_jobs_come_over_and_it_is_said_how_many(file: Path, here: Path) -> None:
    said = "From there: 2 new, 0 that learnt something, 0 known already."
    assert import_beside(here, file, START) == Imported(said, bad=False)
    assert total(here) == 2
    assert import_beside(here, file, START).sentence.endswith("0 new, 0 that learnt something, 2 known already.")


def test_records_that_cannot_be_used_are_told(file: Path, here: Path) -> None:
    content = json.loads(file.read_text())
    content["jobs"][0]["state"] = "dancing"
    file.write_text(json.dumps(content))
    came = import_beside(here, file, START)
    assert came.bad
    assert "1 could not be used; the first: number 1" in came.sentence
    assert total(here) == 1


def test_what_is_no_export_and_what_is_no_store_is_told(file: Path, here: Path, tmp_path: Path) -> None:
    other = tmp_path / "x.json"
    other.write_text("{}")
    with pytest.raises(NoExport, match="is no export of whisul-tui"):
        import_beside(here, other, START)
    with pytest.raises(NoExport, match="cannot be read"):
        import_beside(here, tmp_path / "missing", START)
    other.write_text("no store")
    with pytest.raises(StoreError, match="not a SQLite file"):
        import_beside(other, file, START)


def test_a_process_that_says_nothing_is_an_import_that_broke_off(
    file: Path, here: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_COMMAND", (sys.executable, "-c", "import sys; sys.exit('out of memory')"))
    with pytest.raises(NoExport, match="importing once more does no harm"):
        import_beside(here, file, START)
    assert "out of memory" in caplog.text


def test_the_process_gets_no_key(
    file: Path, here: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WHISUL_API_KEY", "wh_canary_0123456789")
    monkeypatch.setattr(module, "_COMMAND", (sys.executable, "-c", "import os, sys; sys.exit(str(dict(os.environ)))"))
    with pytest.raises(NoExport):
        import_beside(here, file, START)
    assert "'PATH'" in caplog.text
    assert "canary" not in caplog.text


def test_it_works_in_a_clone_that_is_not_installed(
    file: Path, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is taken from the folder that the user is in."""
    (tmp_path / "json.py").write_text("raise SystemExit('taken from the folder in hand')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    python, safe, *rest = module._COMMAND
    monkeypatch.setattr(module, "_COMMAND", (python, safe, "-S", *rest))
    assert import_beside(here, file, START).sentence.startswith("From there: 2 new")


def test_it_is_done_though_nobody_listens_any_more(file: Path, here: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = (*module._COMMAND, str(here), str(file), str(START))
    try:
        done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert total(here) == 2
    assert b"Traceback" not in done.stderr
