"""`completions` in real shells, and job ids for them: quickly, safely, and without a trace in the store."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Bring, Run, write_config
from tests.e2e.terminal import Terminal
from whisul_tui.cli.arguments import VERBS
from whisul_tui.cli.completions import SHELLS
from whisul_tui.domain import JobState
from whisul_tui.paths import Paths
from whisul_tui.storage import Database, JobStore, Owner
from whisul_tui.storage.ids import newest_ids

ROOT = Path(__file__).parents[2]
IDS = ("7f3a91c2-aa", "7f3a55e0-bb", "0c11d2e4-cc")


@pytest.fixture
def jobs(bring: Bring, store: JobStore) -> JobStore:
    """Three jobs with known ids in an open store."""
    for job_id in IDS:
        bring(JobState.RUNNING, job_id=job_id)
    return store


@pytest.fixture
def elsewhere(tmp_path: Path) -> None:
    """Another store, in a folder that `--data-dir` names, with one job."""
    with Database.open(tmp_path / "elsewhere" / "jobs.db", clock=lambda: 1.0) as database:
        store = JobStore(database)
        number = store.hold("far away", account="other", now=1.0, not_before=1.0).number
        owner = Owner("here", 1, 1.0)
        with store.turn() as turn:
            assert turn.claim_submission(number, owner, 1.0)
        assert store.leaving(number, owner, 1.0)
        store.accepted(number, "5e5e5e5e-dd", 1.0, 2.0)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`whisul-tui` on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "whisul-tui"
    python = shlex.quote(sys.executable)
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {python} -m whisul_tui "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return program


@pytest.fixture
def script(run: Run, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The script of the shell that the test is for."""
    file = tmp_path / "script"
    file.write_text(run("completions", request.param).out)
    return file


def shell(name: str) -> str:
    """A shell that is installed, or a skip."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@contextmanager
def prompt(words: list[str], tmp_path: Path, begin: list[str]) -> Iterator[Terminal]:
    """A shell at its prompt, these lines run."""
    terminal = Terminal(words, {**os.environ, "PS1": "$ ", "TERM": "xterm"}, columns=100, cwd=tmp_path)
    try:
        for number, line in enumerate(begin):
            terminal.write(f"{line}; echo read''y{number}\r")
            terminal.wait_for(f"ready{number}")
        terminal.write("clear\r")
        yield terminal
    finally:
        terminal.close()


@pytest.mark.parametrize("name", SHELLS)
def test_every_shell_reads_its_script(run: Run, tmp_path: Path, name: str) -> None:
    ran = run("completions", name)
    assert (ran.code, ran.err) == (0, "")
    file = tmp_path / "script"
    file.write_text(ran.out)
    assert subprocess.run([shell(name), "-n", str(file)], check=False).returncode == 0
    assert all(verb in ran.out for verb in VERBS)
    assert "--beginning" not in ran.out.replace("--beginning=", "")  # what is asked for is no option for people


def test_a_wrong_shell_and_none_are_a_line_and_2(run: Run) -> None:
    for words in (("completions",), ("completions", "tcsh")):
        ran = run(*words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.count("\n") == 1


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.usefixtures("jobs", "elsewhere", "command")
def test_tab_in_bash(script: Path, tmp_path: Path, paths: Paths) -> None:
    write_config(paths, "[profiles.work]\n")
    with prompt([shell("bash"), "--norc", "--noprofile", "-i"], tmp_path, [f"source {script}"]) as terminal:
        terminal.write("whisul-tui wait 0\t")
        terminal.wait_for("wait 0c11d2e4-cc")
        terminal.write("7f\t")
        terminal.wait_for("-cc 7f3a")
        terminal.write("\t\t")
        terminal.wait_for("7f3a55e0-bb")
        terminal.write("\x15whisul-tui gen\t--wa\t")
        terminal.wait_for("generate --wait")
        terminal.write("\x15whisul-tui --profile w\t")
        terminal.wait_for("--profile work")
        for line in ("--data-dir=elsewhere wait 5", "--data-dir 'elsewhere' wait 5"):
            terminal.write(f"\x15clear\r\x15whisul-tui {line}\t")
            terminal.wait_for("wait 5e5e5e5e-dd")


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
@pytest.mark.usefixtures("jobs", "elsewhere", "command")
def test_tab_in_zsh(script: Path, tmp_path: Path) -> None:
    script.rename(tmp_path / "_whisul-tui")
    begin = [f"fpath=({tmp_path} $fpath)", "autoload -Uz compinit", f"compinit -u -d {tmp_path}/dump"]
    with prompt([shell("zsh"), "-f", "-i"], tmp_path, begin) as terminal:
        terminal.write("whisul-tui show 0\t")
        terminal.wait_for("show 0c11d2e4-cc")
        terminal.write("\x15whisul-tui show 7f\t\t")
        terminal.wait_for("7f3a55e0-bb")
        for line in ("--data-dir=elsewhere wait 5", "--data-dir 'elsewhere' wait 5"):
            terminal.write(f"\x15clear\r\x15whisul-tui {line}\t")
            terminal.wait_for("wait 5e5e5e5e-dd")


@pytest.mark.parametrize("script", ["fish"], indirect=True)
@pytest.mark.usefixtures("jobs", "elsewhere", "command")
def test_complete_in_fish(script: Path, tmp_path: Path) -> None:
    def complete(line: str) -> list[str]:
        words = [shell("fish"), "--no-config", "-c", f"source {script}; complete -C {shlex.quote(line)}"]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60, cwd=tmp_path)
        return [found.split("\t")[0] for found in done.stdout.splitlines()]

    assert sorted(complete("whisul-tui wait 7f")) == ["7f3a55e0-bb", "7f3a91c2-aa"]
    assert complete("whisul-tui gen") == ["generate"]
    assert "local" in complete("whisul-tui jobs --profile ")
    assert complete("whisul-tui --data-dir=elsewhere wait 5") == ["5e5e5e5e-dd"]
    assert complete("whisul-tui --data-dir 'elsewhere' wait 5") == ["5e5e5e5e-dd"]


# The ids --------------------------------------------------------------------------------------------------------------


def test_ids_come_newest_first_by_their_beginning(run: Run, jobs: JobStore) -> None:
    assert run("completions", "--of", "jobs").out.split() == list(reversed(IDS))
    assert run("completions", "--of", "jobs", "--beginning", "7f3a9").out.split() == ["7f3a91c2-aa"]
    jobs.forget([1], 1.0)
    assert run("completions", "--of", "jobs", "--beginning=7").out.split() == ["7f3a55e0-bb"]
    assert run("completions", "--of", "jobs", "--beginning=$(id)").out == ""


def test_the_store_is_not_touched_whether_it_is_open_or_not(paths: Paths, jobs: JobStore, bring: Bring) -> None:
    def files() -> dict[str, tuple[int, int]]:
        found = [path for path in paths.data_dir.iterdir() if not path.name.endswith("-shm")]
        return {path.name: (path.stat().st_mtime_ns, path.stat().st_size) for path in found}

    before = files()
    assert newest_ids(paths.database) == list(reversed(IDS))
    assert files() == before
    jobs.database.close()
    before = files()
    assert "jobs.db-wal" not in before
    assert newest_ids(paths.database, "0c") == ["0c11d2e4-cc"]
    assert files() == before


def test_there_is_nothing_to_complete_where_there_is_no_store_or_a_broken_one(paths: Paths) -> None:
    assert newest_ids(paths.database) == []
    paths.data_dir.mkdir(parents=True, exist_ok=True)
    paths.database.write_bytes(b"no database at all" * 400)
    assert newest_ids(paths.database) == []
    assert [path.name for path in paths.data_dir.iterdir()] == ["jobs.db"]


@pytest.mark.parametrize("hostile", ["$(touch x)", "a b", "-rf", "a;b", "a\nb", "`id`", "'", "a" * 129])
def test_an_id_that_a_shell_might_obey_is_never_offered(paths: Paths, hostile: str) -> None:
    with Database.open(paths.database) as database:
        store = JobStore(database)
        number = store.hold("x", account="a", now=1.0, not_before=1.0).number
        with database.write() as connection:
            connection.execute("UPDATE jobs SET job_id = ?, state = 'running' WHERE number = ?", (hostile, number))
        assert newest_ids(paths.database) == []
