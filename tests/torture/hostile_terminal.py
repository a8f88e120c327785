"""Hostile texts in every field, on every screen, toast and dialog and in the verbs, in a real terminal and in tmux.

    python -m tests.torture.hostile_terminal [--few]

The store is filled past the first wall, so what is in it is raw; a server sends the same in every field of its answers.
Once as it is, once with the first wall switched off. Judged: each byte that left, and tmux' paste buffers.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause
from tests.e2e.tmux import Tmux
from tests.support.scripted import Request, ScriptedServer, answer, responds, running
from tests.torture.payloads import EVERYTHING
from tests.torture.whitelist import violations
from whisul_tui.domain import JobState, Song
from whisul_tui.paths import Paths
from whisul_tui.settings import load_settings
from whisul_tui.storage import Database, Drafts, JobStore, Owner

KEY = "key-of-the-hostile-texts"
UNWALLED = (sys.executable, "-m", "tests.torture.unwalled")
STATES = (JobState.COMPLETED, JobState.FAILED, JobState.REJECTED, JobState.UNCONFIRMED, JobState.EXPIRED)
FEW = EVERYTHING[::9]
FURTHER = (
    ["export"], ["export", "--format", "csv"], ["export", "--format", "m3u8"], ["import", "export.json"],
    ["tag", "job-5", "+x"], ["keys", "--list"], ["config", "show"], ["backup"], ["jobs", "--search", "tag:x"],
)  # fmt: skip


def fill(place: Place, base_url: str, payloads: Sequence[str]) -> None:
    """A store with each payload in every text of jobs in every state, and some that run and are being asked."""
    place.variables.update(WHISUL_BASE_URL=base_url, WHISUL_API_KEY=KEY)
    place.configure("poll_min_seconds = 0.5\npoll_max_seconds = 1.0\nundo_seconds = 0.2\n")
    paths = Paths(place.config_file, place.folder, place.data_dir, place.state_dir, place.folder, place.folder)
    account = load_settings(paths, environ=place.environment()).profile.account
    owner, now = Owner("hostile", 1, 1.0), time.time() - 600
    with Database.open(place.database) as database:
        store = JobStore(database)
        for index, payload in enumerate(payloads):
            for state in (STATES[index % len(STATES)], JobState.RUNNING if index % 4 == 0 else JobState.COMPLETED):
                number = store.hold(f"p{payload}q {index} {state}", account=account, now=now, not_before=now).number
                with store.turn() as turn:
                    assert turn.claim_submission(number, owner, now)
                assert store.leaving(number, owner, now)
                if state is JobState.UNCONFIRMED:
                    store.unconfirmed(number, f"m{payload}n", now)
                elif state is JobState.REJECTED:
                    store.rejected(number, f"m{payload}n", now)
                else:
                    store.accepted(number, f"job-{number}", now, time.time() + index * 0.05)
                if state is JobState.RUNNING:
                    store.still_running(number, now, due_at=time.time() + 1, remote_status=f"r{payload}s")
                elif state is JobState.COMPLETED:
                    link = f"https://cdn.example/{payload}"
                    store.settled(
                        number, state, now + 60, song=Song(f"t{payload}u", 80, 180, link, link, (payload, "x"))
                    )
                elif state is JobState.FAILED:
                    store.settled(number, state, now + 60, message=f"m{payload}n")
                elif state is JobState.EXPIRED:
                    store.expired(number, now, f"m{payload}n")
        Drafts(database).save("write", "".join(payloads[:30]), now)
        say(database, payloads)
    for kind in ("templates", "themes"):
        leave_files(place.config_file.parent / kind, payloads)
    (place.folder / "export.json").write_text(json.dumps(export_of(payloads)))


def say(database: Database, payloads: Sequence[str]) -> None:
    """What the user and other hosts say of jobs, and what is remembered by name, written past every wall."""
    with database.write() as connection:
        for number, payload in enumerate(payloads, 1):
            sql = "INSERT INTO families (id, template, made_at) VALUES (?, ?, 1)"
            connection.execute(sql, (number, f"{{a{payload}|b}}"))
            connection.execute(
                "UPDATE jobs SET own_tags = ?1, note = ?1, origin = ?1, family = ?2, parent = ?3 WHERE number = ?4",
                (f"g{payload}h", number, number - 1 or None, number),
            )
            connection.execute("UPDATE jobs SET family = ? WHERE number = ?", (number, number + 1))
            for kind in {row[0] for row in connection.execute("SELECT kind FROM kept")} | {"filter", "columns"}:
                row = (kind, f"k{payload}", f"v{payload}")
                connection.execute("INSERT OR IGNORE INTO kept (kind, name, text, changed_at) VALUES (?, ?, ?, 1)", row)


def leave_files(folder: Path, payloads: Sequence[str]) -> None:
    """Files of the user's with payloads in their names and in what they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, payload in enumerate(payloads[:40]):
        name = f"{number}{payload}".replace("/", "").replace("\0", "").encode("utf-8", "replace").decode()
        for ending in ("txt", "toml"):
            with suppress(OSError):  # a name that no file can have
                (folder / f"{name[:60]}.{ending}").write_text(f'name = "{payload}"', "utf-8", "replace")


def export_of(payloads: Sequence[str]) -> dict[str, object]:
    """Another host's export, of jobs whose every text is hostile."""
    jobs = [
        {"client_id": f"{n:032x}", "job_id": f"far-{n}", "state": "completed", "prompt": f"p{bad}", "title": f"t{bad}",
         "tags": [bad], "own_tags": [bad], "note": f"n{bad}", "account": f"a{bad}", "message": bad, "host": bad,
         "song_url": f"https://h/{bad}", "created_at": "2026-01-01T00:00:00Z", "changed_at": "2026-01-01T00:00:00Z"}
        for n, bad in enumerate(payloads, 1)
    ]  # fmt: skip
    return {"format": "whisul-tui export", "version": 1, "host": payloads[0], "jobs": jobs}


def hostile_server(payloads: Sequence[str]) -> ScriptedServer:
    """Every field of every answer is hostile; submissions are rejected, jobs complete."""
    count = 0

    def act(request: Request) -> bytes:
        nonlocal count
        count += 1
        bad = payloads[count % len(payloads)]
        if request.method == "POST":
            return answer(400, {"error": f"e{bad}", "message": f"m{bad}"}, {"X-Bad": "x"})
        result = {"title": f"t{bad}", "bpm": bad, "duration": bad, "song_url": f"https://h/{bad}", "tags": bad}
        over = {"status": "completed", "result": result, "prompt": bad, "started_at": bad, "finished_at": bad}
        other = {"status": f"s{bad}", "error": bad}
        return answer(200, json.dumps(over if count % 3 else other).encode())

    return ScriptedServer(otherwise=responds(act))


def visit(terminal: Terminal | Tmux, jobs: int, *, sheets: int = 6) -> None:
    """Every screen, dialog and toast that a key reaches, over many of the jobs."""
    press = terminal.press
    terminal.wait_for(re.compile(r"\d+ (running|completed)|newest|Prompt"), 30)
    for _ in range(min(jobs, 45)):
        press("j")
        pause(0.03)
    for keys in (
        ("g", "enter"),
        ("escape",),
        ("w",),
        ("s",),
        ("s",),
        ("f",),
        ("f",),
        ("*",),
        ("space",),
        ("x",),
        ("u",),
    ):
        press(*keys)
        pause(0.15)
    for key in ("T", "W", "F", "E", ",", "P", "i", "t", "O", "C", "I"):
        press("g")
        ways = (("j",), ("j", "j"), ("j", "j", "space", "j", "space"))  # on one job, and on two that are marked
        for way in ways if sheets > 1 else ways[2:]:
            press(*way, key)
            pause(0.25)
            press("down", "down")
            pause(0.1)
            press("escape", "escape")
            pause(0.1)
    for _ in range(sheets):  # sheets and toasts over one job after the other
        for keys in (
            ("j",),
            ("v",),
            ("escape",),
            ("Y",),
            ("escape",),
            ("o",),
            ("escape",),
            ("d",),
            ("enter",),
            ("escape",),
        ):
            press(*keys)
            pause(0.12)
    press("3")
    pause(0.5)
    for keys in (("j",), ("j",), ("v",), ("escape",), ("?",), ("escape",), ("2",), ("g",), ("e",)):
        press(*keys)
        pause(0.25)
    press("enter")  # it is sent, and rejected with hostile words
    pause(2.0)
    press("ctrl+r")
    pause(0.5)
    press("escape")
    press("ctrl+t")
    pause(0.5)
    press("down", "down", "enter")
    pause(0.3)
    press("escape", "escape", "2")
    pause(0.3)
    press("/", "p", "enter")
    pause(0.5)
    press("escape", ":")
    pause(0.4)
    press("escape")


def in_terminal(
    program: Sequence[str], payloads: Sequence[str], columns: int, rows: int, *, sheets: int = 6
) -> list[str]:
    """One visit in a pty; what left that does not belong there."""
    with tempfile.TemporaryDirectory(prefix="whisul-hostile-") as name, running(hostile_server(payloads)) as server:
        place = Place(Path(name))
        fill(place, f"{server.url}/api", payloads)
        with Terminal(program, place.environment(), columns=columns, rows=rows, cwd=place.folder) as terminal:
            visit(terminal, 2 * len(payloads), sheets=sheets)
            terminal.press("ctrl+q")
            code = terminal.wait(30)
            terminal.check_given_back()
            found = violations(bytes(terminal.raw))
        return found + ([f"it ended with {code}: {place.log[-2000:]}"] if code else [])


def in_verbs(program: Sequence[str], payloads: Sequence[str]) -> list[str]:
    """The verbs that print, in a pty; with the first wall off too, where the store alone is raw."""
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="whisul-hostile-") as name, running(hostile_server(payloads)) as server:
        place = Place(Path(name))
        fill(place, f"{server.url}/api", payloads)
        some = [["show", f"job-{number}"] for number in range(1, 2 * len(payloads), 3)]
        some = [words for words in some if words[1] not in ("job-3", "job-4")][:12]
        for words in (
            ["jobs"],
            ["jobs", "--limit", "0"],
            ["jobs", "--json"],
            ["generate", "rain"],
            ["doctor"],
            *FURTHER,
            *some,
        ):
            with Terminal([*program, *words], place.environment(), columns=100, rows=30, cwd=place.folder) as terminal:
                terminal.wait(60)
                found += [f"{' '.join(words)}: {why}" for why in violations(bytes(terminal.raw), 3)]
    return found


def in_tmux(program: Sequence[str], payloads: Sequence[str]) -> list[str]:
    """One visit in tmux with its clipboard open to everybody; what was put into its buffers."""
    with tempfile.TemporaryDirectory(prefix="whisul-hostile-") as name, running(hostile_server(payloads)) as server:
        place = Place(Path(name))
        fill(place, f"{server.url}/api", payloads)
        with Tmux(program, place.environment(), columns=100, rows=30, cwd=place.folder) as tmux:
            tmux._tmux("set", "-g", "set-clipboard", "on")
            visit(tmux, len(payloads))
            found = tmux.buffers()
        stolen = [line for line in found.splitlines() if line.endswith('"PWN"')]  # what the user copied may be there
        return [f"tmux' buffers: {stolen}"] if stolen else []


def main() -> int:
    """Runs all of it; 1 when anything left that does not belong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--few", action="store_true", help="every ninth payload, once")
    args = parser.parse_args()
    payloads = FEW if args.few else EVERYTHING
    bad = 0
    for name, program in (("as it is", PROGRAM), ("first wall off", UNWALLED)):
        tries = [(f"{c}x{r}", in_terminal(program, payloads, c, r)) for c, r in ((120, 40), (80, 24))]
        tries.append(("verbs", in_verbs(PROGRAM, payloads)))
        if shutil.which("tmux"):
            tries.append(("tmux", in_tmux(program, payloads)))
        for where, found in tries:
            print(f"{name}, {where}: {len(payloads)} payloads, {len(found)} violations", *found, sep="\n  ", flush=True)
            bad += len(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
