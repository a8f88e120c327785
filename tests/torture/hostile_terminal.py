"""Hostile texts in every field, on every screen, toast and dialog and in the verbs, in a real terminal and in tmux.

    python -m tests.torture.hostile_terminal [--few] [--only WHERE]

The store is filled past the first wall, so what is in it is raw; a server sends the same in every field of its answers.
Once as it is, once with the first wall switched off. Judged: each byte that left, tmux' paste buffers, and whether what
was to be drawn was drawn: with the first wall off it is told which payloads came to the second on which screen.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from tests.benchmarks.tty_places import place_of
from tests.e2e.acting import until
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause
from tests.e2e.tmux import Tmux
from tests.support.scripted import running
from tests.torture.hostile_store import STATES, fill, hostile_server, stored, texts
from tests.torture.payloads import EVERYTHING
from tests.torture.whitelist import violations
from whisul_tui.first_frame.look import FILE

UNWALLED = (sys.executable, "-m", "tests.torture.unwalled")
FEW = EVERYTHING[::9]
_PIDS: dict[Tmux, int] = {}
DEEP = 14  # jobs in each dialog
SHOWN_ON = 40  # payloads of which each screen must have shown so many
# The screens and toasts that show texts of others; the rest (help, settings, setup ...) has none to show.
SHOWING = (
    "JobsScreen.JobsTable", "JobsScreen.JobDetail", "ListenScreen", "WriteScreen", "LinkSheet", "CopyMenu",
    "OwnTagsScreen", "LineageScreen", "CompareScreen", "OutboxScreen", "HeldPromptScreen", "KnownIdScreen",
    "SavedFiltersScreen", "HistoryScreen", "TemplateScreen", "StoreFileScreen", "PreviewScreen",
    "ConfirmScreen", "DashboardScreen", "Toast",
)  # fmt: skip
VERBS = (
    ["jobs"], ["jobs", "--limit", "0"], ["jobs", "--json"], ["generate", "rain"], ["doctor"], ["doctor", "--json"],
    ["export"], ["export", "--format", "csv"], ["export", "--format", "m3u8"], ["import", "export.json"],
    ["tag", "job-5", "+x"], ["keys", "--list"], ["config", "show"], ["backup"], ["jobs", "--search", "tag:x"],
    ["man"], ["completions", "bash"],
)  # fmt: skip


def still(terminal: Terminal | Tmux) -> None:
    """Until the program sleeps, so has done what was typed; five seconds at most."""
    pid = _tmux_pid(terminal) if isinstance(terminal, Tmux) else terminal.pid
    stat, end, slept = Path(f"/proc/{pid}/stat"), time.monotonic() + 5.0, 0
    while slept < 7 and time.monotonic() < end:
        pause(0.012)
        try:
            slept = slept + 1 if stat.read_text().rpartition(")")[2].split()[0] == "S" else 0
        except OSError:
            return  # it has ended


def _tmux_pid(tmux: Tmux) -> int:
    if (pid := _PIDS.get(tmux)) is None:
        shell = psutil.Process(int(tmux._ask("#{pane_pid}")))
        pid = _PIDS[tmux] = (shell.children() or [shell])[0].pid
    return pid


def keys(terminal: Terminal | Tmux, *strokes: str) -> None:
    """Each is a key, or several with blanks between that come in one breath; what it draws is waited for."""
    for stroke in strokes:
        terminal.press(*stroke.split())
        if stroke.endswith("escape"):
            pause(0.12)  # a letter right behind it would be one with alt
        still(terminal)


def visit(terminal: Terminal | Tmux, fields: int, *, deep: int = DEEP) -> None:
    """Every screen, dialog and toast that a key reaches, over the jobs of each state, at most `deep` of them."""
    many = min(fields, deep)
    terminal.wait_for(re.compile(r"\d+ (running|completed)|newest|Prompt"), 30)
    keys(terminal, "2")
    _walk_jobs(terminal, fields, many)
    keys(terminal, "g", "w", *["s"] * min(7, many), "f", "f", "*", "space", "x", "u", "g")
    for key in ("W", "E", ",", "P", "i", "K", "?", ":")[: 3 * many]:
        keys(terminal, key, "down down", "escape", "2", "escape escape")
    keys(terminal, "E", "/ t m p / x", "enter", "escape escape", "B")
    for key, steps in (("F", many * 6), ("f9", many * 3), ("O", fields)):
        keys(terminal, key, *["down"] * steps, "escape", "escape")
    keys(terminal, "O", *["enter", "escape", "down"] * many, "x", "u", "s", "escape", "escape")
    for turn in range(min(12, many)):
        keys(terminal, "R", *["down"] * turn, "enter", "y" if turn % 2 else "n", "escape", "escape")
    keys(terminal, "M", " ".join("export.json"), "enter", "escape", "escape", "g")
    _walk_listen(terminal, many)
    _walk_write(terminal, many)


def _walk_jobs(terminal: Terminal | Tmux, fields: int, many: int) -> None:
    """The table and the page beside it, and what is asked of one job, over the completed and the unconfirmed ones."""
    keys(terminal, "g", *["j"] * many)
    for block in range(len(STATES))[: 3 * many]:
        keys(terminal, "g", *[" ".join(["j"] * 5)] * (fields * block // 5), "enter", *["j"] * min(5, many), "escape")
    keys(terminal, "g")
    for turn in range(many):
        keys(terminal, "v", "tab", "escape", "Y", "escape", "T", "escape", "t", "down", "escape", "C", "escape")
        if turn < 8:
            keys(terminal, "o", "escape", "d", "y", "e", "escape", "2", "a", "n", "escape", "x", "u")
        keys(terminal, "j")
    keys(terminal, "space", "j", "space", "C", "n", "escape", "T", "escape", "escape escape")
    keys(terminal, "g", *[" ".join(["j"] * 5)] * (fields // 5), *["j"] * (fields % 5))  # the unconfirmed ones
    for _ in range(many):
        keys(terminal, "I", "a b", "escape", "a", "n", "escape", "2", "j")
    keys(terminal, "/", "p enter", "escape", "g")


def _walk_listen(terminal: Terminal | Tmux, many: int) -> None:
    keys(terminal, "3", *["j"] * many, "v", "escape", "o", "escape", "?", "escape", "2", "g")


def _walk_write(terminal: Terminal | Tmux, many: int) -> None:
    """The editor with hostile drafts, templates and earlier prompts; sendings that are rejected in hostile words."""
    keys(terminal, "e", "enter")
    pause(1.0)
    keys(terminal, "ctrl+r", *["down"] * many, "escape", "ctrl+t", *["down"] * many * 3, "enter", "escape", "1")
    keys(terminal, "ctrl+o", " ".join("prompts.txt"), "enter", *["pagedown"] * min(5, many), "n", "escape", "2", "g")
    for _ in range(min(many, 30)):
        keys(terminal, "e", "enter", "y", "escape", "2", "g", "j")
    keys(terminal, "1", *["up"] * many, "escape", "2")


def _walk_dashboard(terminal: Terminal, database: Path, payloads: Sequence[str]) -> None:
    """The dashboard once for each payload as the one tag of all songs: it has a line for the most used ones."""
    for text in (stored(text) for payload in payloads for text in texts([payload])):
        with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as connection:
            connection.execute("UPDATE jobs SET tags = ?1, own_tags = ?1 WHERE state = 'completed'", (text,))
        keys(terminal, "i", "escape")


@dataclass
class Outcome:
    """What left that does not belong there, and how many payloads were drawn, by place."""

    wrong: list[str] = field(default_factory=list)
    drawn: dict[str, set[int]] = field(default_factory=dict)


def in_terminal(
    program: Sequence[str], payloads: Sequence[str], columns: int, rows: int, *, deep: int = DEEP
) -> Outcome:
    """One visit in a pty."""
    with tempfile.TemporaryDirectory(prefix="whisul-hostile-") as name, running(hostile_server(payloads)) as server:
        place = Place(Path(name))
        fields = fill(place, f"{server.url}/api", payloads)
        seen = place.folder / "seen"
        environment = place.environment(HOSTILE_SEEN=str(seen))
        wrong = in_first_frame(program, payloads, columns, rows) if deep > 1 else []
        with Terminal(program, environment, columns=columns, rows=rows, cwd=place.folder) as terminal:
            visit(terminal, fields, deep=deep)
            _walk_dashboard(terminal, place.database, payloads if deep > 1 else payloads[:1])
            terminal.press("ctrl+q")
            code = terminal.wait(30)
            terminal.check_given_back()
            wrong += violations(bytes(terminal.raw))
        wrong += [f"it ended with {code}: {place.log[-2000:]}"] if code else []
        return Outcome(wrong, drawn_in(seen.read_text().splitlines() if seen.exists() else []))


def in_first_frame(program: Sequence[str], payloads: Sequence[str], columns: int, rows: int) -> list[str]:
    """A start that paints the jobs, and moves among them, before there is any wall; most payloads it leaves out."""
    with tempfile.TemporaryDirectory(prefix="whisul-hostile-") as name:
        place = place_of(Path(name), 60)
        look = place.folder / ".cache/whisul-tui" / FILE
        with Terminal(program, place.environment(), columns=columns, rows=rows, cwd=place.folder) as terminal:
            until(look.exists, 60, "the look that is kept")
            terminal.press("ctrl+q")
            assert terminal.wait(30) == 0
        with closing(sqlite3.connect(place.database, isolation_level=None)) as connection:
            newest = [row[0] for row in connection.execute("SELECT number FROM jobs ORDER BY number DESC LIMIT 60")]
            for number, text in zip(newest, (f"p{stored(payload)}" for payload in payloads * 2), strict=False):
                connection.execute(
                    "UPDATE jobs SET title = nullif(?, '') WHERE number = ?", (text * (number % 2), number)
                )
                sql = "UPDATE prompts SET text = ? WHERE id = (SELECT prompt FROM jobs WHERE number = ?)"
                connection.execute(sql, (text, number))
        with Terminal(program, place.environment(), columns=columns, rows=rows, cwd=place.folder) as terminal:
            until(lambda: b"\x1b[?1049h" in terminal.raw, 30, "the first frame")
            terminal.press(*"jjjkjjjjjjjjj")
            terminal.wait_for("newest", 30)
            terminal.press("ctrl+q")
            terminal.wait(30)
            terminal.check_given_back()
            return violations(bytes(terminal.raw))


def drawn_in(lines: Sequence[str]) -> dict[str, set[int]]:
    """The payloads by screen, the table and the page of jobs apart, and by toast, whatever the screen."""
    drawn: defaultdict[str, set[int]] = defaultdict(set)
    for line in lines:
        where, _, number = line.rpartition(" ")
        screen, _, widget = where.partition(".")
        drawn["Toast" if widget == "Toast" else where if where in SHOWING else screen].add(int(number))
    return dict(drawn)


def in_verbs(program: Sequence[str], payloads: Sequence[str]) -> Outcome:
    """The verbs that print, in a pty."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix="whisul-hostile-") as name, running(hostile_server(payloads)) as server:
        place = Place(Path(name))
        fill(place, f"{server.url}/api", payloads)
        jobs = [job["job_id"] or job["client_id"] for job in place.jobs()]
        some = [["show", job] for job in jobs[:: max(1, len(jobs) // 90)]] + [["show", jobs[-1], "--json"]]
        some += [["tag", job, "+x"] for job in jobs[::20]] + [["wait", jobs[-1], jobs[30]], ["download", jobs[-1]]]
        backups = sorted((place.data_dir / "backups").glob("*.db"))
        some += [["restore", str(path)] for path in backups] + [["generate", "--file", "prompts.txt", "--dry-run"]]
        for words in (*VERBS, *some):
            with Terminal([*program, *words], place.environment(), columns=100, rows=30, cwd=place.folder) as terminal:
                terminal.wait(90)
                told = " ".join(words).encode("utf-8", "replace").decode()
                outcome.wrong += [f"{told}: {why}" for why in violations(bytes(terminal.raw), 3)]
                if b"Traceback" in terminal.raw:
                    outcome.wrong.append(f"{told}: a traceback")
                shown = {int(number) for number in re.findall(rb"#(\d\d)", bytes(terminal.raw))}
                outcome.drawn[words[0]] = outcome.drawn.get(words[0], set()) | shown
    return outcome


def in_tmux(program: Sequence[str], payloads: Sequence[str]) -> Outcome:
    """One visit in tmux with its clipboard open to everybody; what was put into its buffers."""
    with tempfile.TemporaryDirectory(prefix="whisul-hostile-") as name, running(hostile_server(payloads)) as server:
        place = Place(Path(name))
        fields = fill(place, f"{server.url}/api", payloads)
        with Tmux(program, place.environment(), columns=100, rows=30, cwd=place.folder) as tmux:
            tmux._tmux("set", "-g", "set-clipboard", "on")
            visit(tmux, fields, deep=8)
            found = tmux.buffers()
        stolen = [line for line in found.splitlines() if line.endswith('"PWN"')]  # what the user copied may be there
        return Outcome([f"tmux' buffers: {stolen}"] if stolen else [])


def main() -> int:
    """Runs all of it; 1 when anything left that does not belong, or too little was drawn."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--few", action="store_true", help="every ninth payload, once")
    parser.add_argument("--only", default="", help="120x40, 80x24, verbs or tmux")
    parser.add_argument("--wall", default="", help="on or off, for one of the two rounds")
    args = parser.parse_args()
    payloads = FEW if args.few else EVERYTHING
    turned = (*payloads[len(payloads) // 2 :], *payloads[: len(payloads) // 2])  # other ones first
    bad, drawn = 0, defaultdict[str, set[int]](set)
    for name, program in (("as it is", PROGRAM), ("first wall off", UNWALLED)):
        if args.wall and (args.wall == "off") != (program is UNWALLED):
            continue
        tries: dict[str, Callable[[], Outcome]] = {
            "120x40": partial(in_terminal, program, payloads, 120, 40),
            "80x24": partial(in_terminal, program, turned, 80, 24),
            "verbs": partial(in_verbs, program, payloads),
        }
        if shutil.which("tmux"):
            tries["tmux"] = partial(in_tmux, program, payloads)
        for where, run in tries.items():
            if args.only in ("", where):
                outcome = run()
                found = [f"{len(numbers)} in {place}" for place, numbers in sorted(outcome.drawn.items())]
                print(f"{name}, {where}: {len(payloads)} payloads, {len(outcome.wrong)} violations", flush=True)
                print(*outcome.wrong, "drawn: " + ", ".join(found), sep="\n  ", flush=True)
                bad += len(outcome.wrong)
                for place, numbers in outcome.drawn.items():
                    drawn[place] |= numbers
    few = {place: len(drawn[place]) for place in SHOWING if len(drawn[place]) < min(SHOWN_ON, len(payloads))}
    if args.only in ("", "120x40", "80x24") and args.wall != "on":
        print(f"fewer than {SHOWN_ON} payloads were drawn on: {few or 'none'}")
        bad += len(few)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
