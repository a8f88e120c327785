"""The first frame in a real pty: what it shows, what it keeps, and when it is not drawn."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import DatabaseError, connect

import pytest

from tests.benchmarks.tty_places import PROGRAM, place_of, settle, start
from tests.benchmarks.tty_program import COLUMNS, ROWS, Program
from tests.e2e.places import Place
from tests.terminal.emulated import Emulated
from whisul_tui.domain import JobState, Song
from whisul_tui.first_frame import shown
from whisul_tui.first_frame.look import FILE, Look, cache_file, read, stamp, written
from whisul_tui.first_frame.rows import newest
from whisul_tui.paths import find_paths
from whisul_tui.storage import Database, JobStore
from whisul_tui.terminal.restoring import RESTORE

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds
_TABLE = 80  # cells
_ASKED = re.compile(r"\x1b\[\?\d+\$p|\x1b\[[<>=?][\d;]*u|\x1b\[22;2t|\x1b\][^\x07]*\x07")
Seen = list[list[tuple[str, str, str]]]


@contextmanager
def running(place: Place) -> Iterator[Program]:
    with Program(PROGRAM, place.environment(), place.folder) as program:
        yield program


def seen(data: bytes) -> Seen:
    """What a terminal shows after these bytes, cell by cell."""
    terminal = Emulated(COLUMNS, ROWS)
    terminal.feed(_ASKED.sub("", data.decode("utf-8", "ignore")))
    return [terminal.seen(y) for y in range(ROWS)]


def first(program: Program) -> bytes:
    """The first frame's bytes, once all of them are there: it ends with the plain pen."""
    until = time.monotonic() + PATIENCE
    while not re.search(rb"\x1b\[2J.*\x1b\[m", program.since(0), re.DOTALL):
        assert time.monotonic() < until, program.since(0)[:300]
        time.sleep(0.001)
    return first_of(program.since(0))


def first_of(data: bytes) -> bytes:
    return data[: data.index(b"\x1b[m", data.index(b"\x1b[2J")) + 3]


def whole(program: Program) -> Seen:
    """What it shows once it is still."""
    until = time.monotonic() + PATIENCE
    while b"?1003h" not in program.since(0) or "newest first" not in program.text():
        assert time.monotonic() < until, program.text()
        time.sleep(0.05)
    program.quiet(0.6)
    return seen(program.since(0))


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home whose look was kept by a first session; rows of every kind at the top."""
    place = place_of(tmp_path_factory.mktemp("warm"), 300, running=2)
    with Database.open(place.database) as database:
        store = JobStore(database)
        for title in ("夜の雨とネオン", "café crème", "a title that goes on and on " * 5, "plain"):
            number = start(store, f"prompt of {title}", 300.0)
            store.settled(number, JobState.COMPLETED, time.time(), song=Song(title, 90.0, 3700.0, tags=("one",)))
        starred = start(store, "starred", 5000.0)
        settle(store, starred)
        store.star(starred, True)
        with database.write() as connection:  # two of a prompt with {a|b} together, a third further down
            connection.execute("INSERT INTO families (id, template, made_at) VALUES (1, '{a|b}', 1.0)")
            connection.execute(
                "UPDATE jobs SET family = 1 WHERE number IN (?, ?, ?)", (starred, starred - 1, starred - 3)
            )
        store.hold("held for an hour", account="other", now=time.time(), not_before=time.time() + 3600)
    look = place.folder / ".cache/whisul-tui" / FILE
    with running(place) as program:
        whole(program)
        until = time.monotonic() + PATIENCE
        while not look.exists():
            assert time.monotonic() < until
            time.sleep(0.1)
    return place


def test_all_it_shows_is_what_the_program_shows_then(warm: Place) -> None:
    """Rows of the store, each cell of which stays; and the program draws no row anew."""
    with running(warm) as program:
        painted = seen(first(program))
        final = whole(program)
        data = program.since(0)
    drawn = [(y, x) for y in range(ROWS) for x in range(COLUMNS) if painted[y][x][0] != " "]
    assert len(drawn) > 1_200
    assert {"┌", "└", "≡"} <= {painted[y][16][0] for y in range(ROWS)}
    assert [(y, x, painted[y][x], final[y][x]) for y, x in drawn if painted[y][x] != final[y][x]] == []
    rest = data[len(first_of(data)) :]
    assert b"\x1b[2J" not in rest
    assert b"?1049h" not in rest
    assert rest.count(b"completed") <= 4  # in the counts above and on the page beside


def test_keys_that_are_typed_meanwhile_are_kept(warm: Place) -> None:
    """Three Downs during the import move the cursor three rows."""
    with running(warm) as program:
        first(program)
        program.write("jjj")
        final = whole(program)
    cursor = final[3][2][2]
    rows = [y for y in range(3, ROWS - 2) if final[y][2][2] != final[ROWS - 3][2][2]]
    assert rows == [6], cursor


def cursors(data: Iterable[bytes]) -> list[int]:
    """The line of the cursor whenever it was another one than before, chunk by chunk; 0 where none is to be seen."""
    terminal, lines = Emulated(COLUMNS, ROWS), [0]
    for chunk in data:
        terminal.feed(_ASKED.sub("", chunk.decode("utf-8", "ignore")))
        backs = [terminal.seen(y)[2][2] for y in range(3, ROWS - 2)]
        found = [y for y, back in enumerate(backs, 3) if back != backs[-1]]
        if found and found[-1] != lines[-1]:
            lines.append(found[-1])
    return lines


def test_the_cursor_never_goes_back_when_the_program_takes_over(warm: Place) -> None:
    """Whoever answered the keys; all that comes after the first that is no move is done in its order."""
    with running(warm) as program:
        first(program)
        program.write("jj\x1b[Bkj")
        time.sleep(0.03)
        program.write(" j")  # marks the row, and goes down
        final = whole(program)
        lines = cursors(data for _, data in program.chunks)
    assert lines[-1] == 3 + 5
    assert [line for line in lines if line in (3, 4, 5, 6, 7, 8)] == lines[1:]
    assert max(lines.index(line) for line in lines) == lines.index(8)
    assert final[3 + 3][0][0] != " "  # its mark


@pytest.mark.parametrize("typed", ["G", "\x1b[6~\x1b[6~k", "\x1b[F\x04\x15k", "G\x1b[H\x1b[6~\x04jj"])
def test_pages_and_ends_come_to_where_the_program_comes(warm: Place, typed: str) -> None:
    """The same keys before and after the program is there: the same screen."""
    with running(warm) as program:
        begun = table(seen(first(program)))
        program.write(typed)
        before = table(whole(program))
    assert before[2:20] != begun[2:20]
    with running(warm) as program:
        whole(program)
        program.write(typed)
        until = time.monotonic() + PATIENCE
        while (after := table(seen(program.since(0)))) != before:
            assert time.monotonic() < until, [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
            program.quiet(0.1)


def table(lines: Seen) -> Seen:
    """Its head and rows, without those that tell time."""
    rows = [line[:_TABLE] for line in lines[2 : ROWS - 2]]
    return [[] if rows.index(row) and row[3][0] in "rh" else row for row in rows]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_the_program_is_there_gives_the_terminal_back(warm: Place, number: int) -> None:
    """Line settings and screen are as before."""
    with running(warm) as program:
        first(program)
        process = program._process
        os.kill(process.pid, number)
        assert process.wait(30) == 128 + number
        program.quiet(0.1)
        assert program.since(0).decode().endswith(RESTORE)
        lines = termios.tcgetattr(program._master)[3]
    assert lines & termios.ICANON
    assert lines & termios.ECHO
    assert lines & termios.ISIG


def test_stopped_it_leaves_the_shell_its_own_line_settings(warm: Place) -> None:
    """Not those of the first frame, which Textual finds when it starts."""
    with running(warm) as program:
        whole(program)
        program.write("q")
        program._process.wait(60)
        lines = termios.tcgetattr(program._master)[3]
    assert lines & termios.ICANON
    assert lines & termios.ECHO


@pytest.mark.parametrize("variable", ["NO_COLOR=1", "TERM=tmux-256color", "LANG=C", "WHISUL_DISPLAY=stock"])
def test_where_anything_is_unusual_nothing_is_painted(warm: Place, variable: str) -> None:
    """Another colour system, another terminal, other letters, another output."""
    name, value = variable.split("=")
    assert read([], (COLUMNS, ROWS), warm.environment(**{name: value})) is None


def test_the_look_is_read_where_all_is_as_it_was(warm: Place) -> None:
    """And not for another size, other words, another version or changed settings."""
    environment = warm.environment()
    look = read([], (COLUMNS, ROWS), environment)
    assert look is not None
    assert "title" in look.columns
    assert read([], (COLUMNS, ROWS - 1), environment) is None
    assert read(["--local"], (COLUMNS, ROWS), environment) is None


def test_changed_settings_and_other_keys_alone_decide(tmp_path: Path) -> None:
    """A key is never part of it, only whether there is one."""
    config = tmp_path / "config.toml"
    before = stamp([], (80, 24), {"WHISUL_API_KEY": "wh_secret"}, str(config))
    assert "wh_secret" not in before
    assert stamp([], (80, 24), {"WHISUL_API_KEY": "wh_other"}, str(config)) == before
    assert stamp([], (80, 24), {}, str(config)) != before
    config.write_text("bell = false\n")
    assert stamp([], (80, 24), {"WHISUL_API_KEY": "wh_secret"}, str(config)) != before


def test_it_is_written_and_read_alike(tmp_path: Path) -> None:
    """A broken or cut file counts for none."""
    look = Look()
    look.database, look.schema, look.base = "/a/jobs.db", 2, "48;5;1"
    look.top, look.left, look.height, look.width = 4, 0, 30, 79
    look.chrome = [(0, 1, "whisul", "1;31")]
    look.codes = {("row", "title"): "1"}
    look.columns = {"title": (16, 30, 1)}
    look.signs = {"completed": "✓"}
    look.keys = {"j": 1, "up": -1}
    environment = {"XDG_CACHE_HOME": str(tmp_path), "TERM": "xterm"}
    file = tmp_path / "whisul-tui" / FILE
    file.parent.mkdir()
    text = written(look, stamp([], (80, 24), environment, "/c"), "/c")
    file.write_text(text)
    found = read([], (80, 24), environment)
    assert found is not None
    assert vars(found) == vars(look)
    file.write_text(text[:-5])
    assert read([], (80, 24), environment) is None


def test_a_store_that_is_not_the_known_one_is_left_alone(tmp_path: Path) -> None:
    """Missing, newer, damaged: the program will say what is wrong."""
    look = Look()
    look.database, look.schema, look.height = str(tmp_path / "jobs.db"), 1, 10
    assert newest(look) == []
    assert not Path(look.database).exists()
    with closing(connect(look.database)) as made:
        made.execute("PRAGMA user_version = 99")
    assert newest(look) == []
    Path(look.database).write_bytes(b"no database at all" * 100)
    with pytest.raises(DatabaseError):
        newest(look)


def test_the_cache_is_where_all_other_caches_are() -> None:
    """Said a second time, since platformdirs takes too long to load."""
    assert cache_file(os.environ) == str(find_paths().cache_dir / FILE)


def test_hardly_anything_is_loaded_by_then() -> None:
    """A fresh process that can paint the first frame knows next to nothing."""
    words = "import sys, whisul_tui.__main__; print(*sys.modules)"
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        ).stdout.split()
    )
    ours = {name for name in loaded if name.startswith("whisul_tui.")}
    assert ours == {
        "whisul_tui.__main__", "whisul_tui.first_frame", "whisul_tui.first_frame.look", "whisul_tui.first_frame.rows",
        "whisul_tui.first_frame.shown", "whisul_tui.terminal", "whisul_tui.terminal.handed_over",
        "whisul_tui.terminal.restoring",
    }  # fmt: skip
    heavy = {"textual", "rich", "asyncio", "httpx", "ssl", "json", "dataclasses", "typing", "pathlib", "tomllib"}
    assert not heavy & (loaded - at_hand())


def at_hand() -> set[str]:
    """What Python itself and its site have loaded anyway."""
    words = "import sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("harm", ["\x1b]52;c;UFdO\x07", "\x9b31m", "\u202e"])
def test_a_look_that_holds_what_a_terminal_obeys_is_not_drawn(tmp_path: Path, harm: str) -> None:
    """The file may have been written by somebody else; neither texts, signs nor colours of it go out unseen."""
    environment = {"XDG_CACHE_HOME": str(tmp_path), "TERM": "xterm"}
    file = tmp_path / "whisul-tui" / FILE
    file.parent.mkdir()
    for place in ("chrome", "colour", "sign", "codes", "base", "ellipsis"):
        look = Look()
        look.base = harm if place == "base" else "1"
        look.ellipsis = harm if place == "ellipsis" else "…"
        look.chrome = [(0, 1, harm if place == "chrome" else "whisul", harm if place == "colour" else "1;31")]
        look.codes = {("row", "title"): harm if place == "codes" else "1"}
        look.signs = {"completed": harm if place == "sign" else "✓"}
        file.write_text(written(look, stamp([], (80, 24), environment, "/c"), "/c"))
        with pytest.raises(ValueError, match=re.escape(harm)):
            read([], (80, 24), environment)


def test_figures_beyond_all_bounds_are_left_to_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store can hold an infinite time; then nothing is painted, and no traceback is shown."""
    look = Look()
    look.columns = {"state": (2, 12, 1), "title": (16, 30, 1), "age": (50, 4, 0)}
    look.signs, look.height = {"running": "~"}, 10
    look.codes = dict.fromkeys((("row", ""), ("cursor", ""), ("row", "running"), ("row", "prompt")), "")
    row = (1, "running", "rain", None, None, None, float("inf"), None, None, None, "a")
    monkeypatch.setattr(os, "isatty", lambda _: True)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((80, 24)))
    monkeypatch.setattr(shown, "read", lambda *_: look)
    monkeypatch.setattr(shown, "newest", lambda _: [row])
    monkeypatch.setattr(termios, "tcgetattr", lambda _: [])
    assert shown.show([]) is False


def test_an_interrupt_meanwhile_shows_no_traceback(warm: Place) -> None:
    """ctrl+C is a key by then, so somebody sent the signal; the code is the shell's."""
    with running(warm) as program:
        first(program)
        os.kill(program._process.pid, signal.SIGINT)
        assert program._process.wait(PATIENCE) == 130
        program.quiet(0.1)
        assert b"Traceback" not in program.since(0)
        assert program.since(0).endswith(RESTORE.encode())


def test_a_signal_while_nothing_can_be_written_ends_it_all_the_same(warm: Place) -> None:
    """^S was pressed before the frame was drawn: its last words have a second."""
    master, slave = os.openpty()
    with closing(os.fdopen(master, "rb")), closing(os.fdopen(slave, "rb")):
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        before = termios.tcgetattr(slave)
        termios.tcflow(slave, termios.TCOOFF)
        with subprocess.Popen(
            PROGRAM, stdin=slave, stdout=slave, stderr=slave, env=warm.environment(), cwd=warm.folder
        ) as process:
            until = time.monotonic() + PATIENCE
            while termios.tcgetattr(slave) == before:  # changed right before the frame is written
                assert time.monotonic() < until
                time.sleep(0.001)
            process.terminate()
            assert process.wait(PATIENCE) == 128 + signal.SIGTERM
        assert termios.tcgetattr(slave) == before
