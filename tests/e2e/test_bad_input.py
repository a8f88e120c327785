"""Bad input of every kind: a sentence with the mend, the right exit code, files untouched, never a traceback."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.e2e.acting import JOBS, WRITE, submit
from tests.e2e.partner import Partner
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause
from tests.support.scripted import Request, ScriptedServer, answer, raw, responds, running

# The terminal ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", ["input", "output", "error"])
def test_without_a_terminal_it_says_so_and_sends_no_escape_byte(stream: str, place: Place) -> None:
    master, slave = os.openpty()
    try:
        streams = {"stdin": slave, "stdout": slave, "stderr": slave}
        missing = {"input": "stdin", "output": "stdout", "error": "stderr"}[stream]
        streams[missing] = subprocess.DEVNULL if stream == "input" else subprocess.PIPE
        with subprocess.Popen([*PROGRAM, "--local"], env=place.environment(), cwd=place.folder, **streams) as process:  # type: ignore[call-overload]
            told = b"".join(pipe for pipe in process.communicate(timeout=20) if pipe)
        if stream != "error":
            os.set_blocking(master, False)
            told += os.read(master, 65536)
    finally:
        os.close(master)
        os.close(slave)
    assert process.returncode == 2
    assert f"standard {stream}".encode() in told
    assert b"\x1b" not in told
    assert told.count(b"\n") == 1


def test_a_dumb_terminal_is_refused(tui: Callable[..., Terminal]) -> None:
    terminal = tui("--local", TERM="dumb")
    assert terminal.wait() == 2
    assert b"TERM is dumb" in terminal.raw
    assert b"\x1b" not in terminal.raw


# The settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key", "found", "allowed"),
    [
        ("undo_seconds = -3", "undo_seconds", "-3", "a number from 0 to 60"),
        ("poll_min_seconds = 1", "poll_min_seconds", "1", "5 or more"),
        ('base_url = "http://whisul.com/api"', "base_url", "plain http", "https"),
        ("undo_secnds = 3", "unknown setting", "undo_secnds", "undo_seconds"),
        ("undo_seconds = ", "TOML", "line 1", ""),
        ('profile = "work"', "profile", "work", "default"),
    ],
)
def test_a_broken_config_is_named_with_file_key_found_and_allowed(
    text: str, key: str, found: str, allowed: str, place: Place, tui: Callable[..., Terminal]
) -> None:
    place.configure(text + "\n")
    terminal = tui()
    assert terminal.wait() == 2
    assert b"\x1b" not in terminal.raw
    verb = place.run("jobs")
    assert verb.returncode == 2
    for told in (bytes(terminal.raw).decode(), verb.stderr):
        sentence = " ".join(told.split())
        assert "Traceback" not in sentence
        for part in (key, found, allowed):
            assert part in sentence, sentence
        assert "config.toml" in sentence or key == "profile"
    assert place.config_file.read_text() == text + "\n"


# The store ------------------------------------------------------------------------------------------------------------


def _make_store(place: Place) -> None:
    """A store with one held job, made by the program itself."""
    place.variables |= {"WHISUL_BASE_URL": "http://127.0.0.1:9/api", "WHISUL_API_KEY": "some-key"}
    assert place.run("generate", "kept safe", "--patience", "0").returncode == 7
    assert place.states() == {"kept safe": "held"}


def _corrupt(place: Place) -> None:
    place.database.write_bytes(b"this is no database " * 500)


def _empty(place: Place) -> None:
    place.database.write_bytes(b"")


@pytest.mark.parametrize("spoil", [_corrupt, _empty])
def test_a_damaged_store_is_set_aside_and_told(
    spoil: Callable[[Place], None], place: Place, tui: Callable[..., Terminal]
) -> None:
    _make_store(place)
    spoil(place)
    before = place.database.read_bytes()
    terminal = tui()
    terminal.wait_for("The job store was damaged. It is kept as")
    terminal.press("ctrl+q")
    assert terminal.wait() == 0
    terminal.check_given_back()
    kept = [path for path in place.data_dir.glob("jobs.db.damaged-*") if not path.name.endswith(("-wal", "-shm"))]
    assert [path.read_bytes() for path in kept] == [before]
    assert place.run("jobs").returncode == 0


def _make_newer(place: Place) -> None:
    with closing(sqlite3.connect(place.database)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _leave_as_it_is(_place: Place) -> None:
    """The folder is made read-only by `prefix`, see below."""


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [(_make_newer, "was written by a newer whisul-tui"), (_leave_as_it_is, "cannot be written")],
    ids=["newer", "read-only"],
)
def test_a_store_that_can_only_be_read_is_shown_and_left_as_it_is(
    spoil: Callable[[Place], None], sentence: str, place: Place, ending: ExitStack
) -> None:
    _make_store(place)
    spoil(place)
    prefix = ending.enter_context(_read_only(place)) if spoil is _leave_as_it_is else []
    before = place.database.read_bytes()
    terminal = ending.enter_context(Terminal([*prefix, *PROGRAM], place.environment(), cwd=place.folder))
    terminal.wait_for("kept safe")
    terminal.wait_for(lambda: sentence in " ".join(terminal.text().replace("▌", " ").split()))
    terminal.press("1")
    terminal.wait_for(WRITE)
    terminal.write("not to be lost")
    terminal.press("enter")
    terminal.wait_for("Not sent.")
    terminal.wait_for("not to be lost")
    terminal.press("ctrl+q")
    assert terminal.wait() == 0
    terminal.check_given_back()
    for words, code in ((["generate", "another one"], 1), (["jobs"], 0)):
        verb = place.run(*words, prefix=prefix)
        assert verb.returncode == code, verb.stderr
        assert sentence in verb.stderr
        assert str(place.database) in verb.stderr
        assert "Traceback" not in verb.stderr
    assert place.database.read_bytes() == before


@contextmanager
def _read_only(place: Place) -> Iterator[list[str]]:
    """The words that start a program to which the store is read-only: a mount for root, whom no mode stops."""
    if os.geteuid() == 0:
        script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        prefix = [shutil.which("unshare") or "unshare", "-m", "/bin/sh", "-c", script, str(place.data_dir)]
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode != 0:
            pytest.skip("root may write everywhere, and may not mount here")
        yield prefix
        return
    place.database.chmod(0o400)
    place.data_dir.chmod(0o500)
    try:
        yield []
    finally:
        place.data_dir.chmod(0o700)
        place.database.chmod(0o600)


def test_what_is_no_store_at_all_ends_it_with_a_sentence(place: Place, tui: Callable[..., Terminal]) -> None:
    _make_store(place)
    place.database.rename(place.database.with_name("away.db"))
    place.database.mkdir()
    terminal = tui()
    assert terminal.wait() == 1
    verb = place.run("generate", "another one")
    assert verb.returncode == 1
    for told in (" ".join(bytes(terminal.raw).decode().split()), verb.stderr):
        assert "is not a regular file" in told
        assert "Traceback" not in told
    terminal.check_given_back()


def test_a_store_that_another_program_holds_is_named_and_waited_for(
    place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    """The TUI runs already: it says what is wrong, loses nothing, and goes on when the store is free."""
    studio()
    terminal = tui()
    terminal.wait_for(WRITE)
    with closing(sqlite3.connect(place.database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        terminal.write("patience")
        terminal.wait_for("patience")
        terminal.press("enter")
        terminal.wait_for("store", 15)
        pause(0.2)
        holder.execute("ROLLBACK")
    if "patience" not in place.states():  # it said that it could not, and gave the prompt back
        terminal.wait_for("patience")
    terminal.wait_for(lambda: "store:" not in terminal.text(), 20)
    if "patience" not in place.states():
        terminal.press("enter")
    terminal.wait_for(lambda: place.states() == {"patience": "completed"})
    terminal.press("ctrl+q")
    assert terminal.wait() == 0


# The server -----------------------------------------------------------------------------------------------------------

# Each also with what must never reach a terminal: a clipboard write, a colour.
HTML = answer(200, b"<!DOCTYPE html><html><body>\x1b]52;c;cHduZWQ=\x07Maintenance</body></html>")
HALF = answer(200, b'{"status": "completed", "prompt": "half a')
GARBAGE = b"\xff\x00\x1b[31m no HTTP at all \r\n\r\n"


@pytest.mark.parametrize("nonsense", [HTML, HALF, GARBAGE], ids=["html", "half", "garbage"])
def test_a_server_that_talks_nonsense_is_outlived_and_told(
    nonsense: bytes, place: Place, tui: Callable[..., Terminal]
) -> None:
    """Three jobs, since one answer that cannot be read is no outage yet, and three are."""
    prompts = ("words of sense", "more of them", "the last ones")

    def serve(request: Request) -> bytes:
        if request.method == "POST":
            job_id = f"1111111{prompts.index(request.json['prompt'])}-2222-4333-8444-555555555555"
            return answer(202, {"message": "ok", "job_id": job_id, "poll_url": f"/jobs/{job_id}"})
        return nonsense

    with running(ScriptedServer(otherwise=responds(serve))) as server:
        place.variables |= {"WHISUL_BASE_URL": f"{server.url}/api", "WHISUL_API_KEY": "some-key"}
        place.configure("poll_min_seconds = 0.5\npoll_max_seconds = 1.0\nundo_seconds = 0\n")
        terminal = tui()
        terminal.wait_for(WRITE)
        for prompt in prompts:
            submit(terminal, place, prompt)
        terminal.wait_for(re.compile(r"offline: retry \d+s"))
        terminal.press("escape")
        terminal.wait_for(JOBS)
        terminal.wait_for("running")
        terminal.press("q")
        assert terminal.wait() == 0
    terminal.check_given_back()
    assert b"Traceback" not in terminal.raw
    assert b"\x1b]52" not in terminal.raw
    assert place.states() == dict.fromkeys(prompts, "running")


@pytest.mark.parametrize("nonsense", [HTML, HALF, GARBAGE], ids=["html", "half", "garbage"])
def test_an_unreadable_answer_to_a_prompt_makes_it_unconfirmed(
    nonsense: bytes, place: Place, tui: Callable[..., Terminal]
) -> None:
    with running(ScriptedServer(otherwise=raw(nonsense))) as server:
        place.variables |= {"WHISUL_BASE_URL": f"{server.url}/api", "WHISUL_API_KEY": "some-key"}
        place.configure("undo_seconds = 0\n")
        done = place.run("generate", "sent into the fog", "--wait")
        assert done.returncode == 8
        assert "Traceback" not in done.stderr
        assert "\x1b" not in done.stderr + done.stdout
        assert len(server.requests) == 1
        terminal = tui()
        terminal.wait_for(JOBS)
        terminal.wait_for("unconfirmed")
        pause(1.0)
        assert len(server.requests) == 1
        terminal.press("q")
        assert terminal.wait() == 0
    assert b"\x1b]52" not in terminal.raw
