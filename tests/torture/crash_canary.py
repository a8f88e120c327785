"""Crashes of many kinds with a canary for a key: it must be nowhere, and the terminal given back.

    python -m tests.torture.crash_canary [--few]

Looked at: the terminal, everything on disk but the settings, the arguments and environments of all children. Those of
the user's own commands (on_event, open_command) are written to disk by the commands themselves.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.tty_places import place_of
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause
from tests.support.scripted import Request, ScriptedServer, answer, reply, responds, running
from whisul_tui.first_frame.look import FILE

CANARY = "wh_canary_7f3a91c2e5d84b06"
ERRORS = ("RuntimeError", "RecursionError", "UnicodeDecodeError", "KeyError")
TUI = (
    "whisul_tui.app.WhisulApp.on_mount",
    "whisul_tui.app.WhisulApp.on_news_came",
    "whisul_tui.app.WhisulApp.action_help",
    "whisul_tui.app.WhisulApp._check_pages",
    "whisul_tui.app.WhisulApp.get_theme_variable_defaults",
    "whisul_tui.app.open_session",
    "whisul_tui.screens.write.WriteScreen.body",
    "whisul_tui.screens.write.WriteScreen.jobs_changed",
    "whisul_tui.screens.jobs.JobsScreen.body",
    "whisul_tui.screens.jobs.JobsScreen.jobs_changed",
    "whisul_tui.widgets.header.Header.render",
    "whisul_tui.widgets.outbox_lines.OutboxLines.look",
    "whisul_tui.widgets.prompt_editor.PromptEditor.on_mount",
    "whisul_tui.session.client_factory",
    "whisul_tui.api.client.WhisulClient.__init__",
    "whisul_tui.api.client.WhisulClient.submit",
    "whisul_tui.api.connections.BearerAuth.auth_flow",
    "whisul_tui.api.exchange._whole",
    "whisul_tui.jobs.engine.Engine._main",
    "whisul_tui.jobs.monitor.Monitor._round",
    "whisul_tui.jobs.outbox.Outbox.send",
    "whisul_tui.storage.lookups.Lookups.counts",
    "whisul_tui.workers.notices.Notices.look",
)
VERBS = (
    ("whisul_tui.cli.generate.open_session", ("generate", "rain")),
    ("whisul_tui.api.client.WhisulClient.submit", ("generate", "rain", "--patience", "2")),
    ("whisul_tui.api.connections.BearerAuth.auth_flow", ("doctor",)),
    ("whisul_tui.cli.jobs.open_store", ("jobs",)),
    ("whisul_tui.cli.doctor._findings", ("doctor", "--json")),
    ("whisul_tui.settings.load._merge", ("config", "show")),
)
OWN_COMMANDS = (
    "on_event = \"sh -c 'env > event-env; cat > event-job; echo $0 $* > event-words'\"\n"
    "open_command = \"sh -c 'env > opened-env; echo $0 $* > opened-words' {url}\"\n"
)
NOTHING = "tests.torture.crasher.nothing"
CHILDREN = (  # with a job that ends while the program looks, and a link that is opened
    "whisul_tui.hooks.EventHook._work",
    "whisul_tui.hooks.EventHook._run",
    "whisul_tui.hooks.job_document",
    "whisul_tui.workers.notices.Notices.look",
    "whisul_tui.listening.open_command.fill_command",
    "whisul_tui.listening.playing.Playing.__init__",
    NOTHING,
)
KEY_FILE = "key-file"
KEY_COMMAND = f"api_key_command = 'cat {KEY_FILE}'\n"
KEY_FROM_COMMAND = (
    ("whisul_tui.cli.generate.open_session", ("generate", "rain")),
    ("whisul_tui.api.connections.BearerAuth.auth_flow", ("generate", "rain", "--patience", "2")),
    ("whisul_tui.api.client.WhisulClient.submit", ()),
    ("whisul_tui.session.client_factory", ()),
)
FIRST_FRAME = (
    "whisul_tui.first_frame.shown.paint",
    "whisul_tui.first_frame.shown.encoded",
    "whisul_tui.first_frame.moving.Moving._answer",
    "whisul_tui.first_frame.moving.Moving.start",
    "whisul_tui.command_line.find_paths",
    "whisul_tui.app.WhisulApp.__init__",
    "whisul_tui.terminal.display.take_over",
)
BAD_KEYS = (f"{CANARY}\nX: y", f"{CANARY} {CANARY}", f"{CANARY}é", CANARY * 40)


@dataclass(frozen=True)
class Kind:
    """A run: its words, the key in the environment (none: from a command) and the keys that are pressed.

    `warm`: a session has left its look, so that the first frame comes before the program. `serves`: Whisul takes the
    prompt and has the song at once. `must_run`: files that the user's own commands must have written.
    """

    name: str
    words: Sequence[str]
    key: str = CANARY
    keys: Sequence[str] = ()
    config: str = ""
    warm: bool = False
    serves: bool = False
    must_run: Sequence[str] = ()


def server(kind: Kind) -> ScriptedServer:
    """One that is broken, or one that is quick."""

    def act(request: Request) -> bytes:
        if request.method == "POST":
            return answer(202, {"message": "received", "job_id": "job-1", "poll_url": "/jobs/job-1"})
        result = {"title": "Rain", "bpm": 80, "duration": 100, "song_url": "https://cdn.example/rain.mp3"}
        return answer(200, {"status": "completed", "prompt": "rain", "result": result})

    return ScriptedServer(otherwise=responds(act) if kind.serves else reply(500, b"no"))


def home(folder: Path, kind: Kind, base_url: str) -> Place:
    """Where it runs; the key stands in the settings or a file beside, where it is looked for in neither."""
    if kind.warm:
        place = place_of(folder, 20, WHISUL_API_KEY=kind.key)
        with Terminal(PROGRAM, place.environment(), columns=90, rows=28, cwd=place.folder) as terminal:
            _until((place.folder / ".cache/whisul-tui" / FILE).exists, 60.0)
            terminal.press("ctrl+q")
            terminal.wait(40)
        return place
    place = Place(folder, {"WHISUL_BASE_URL": base_url, **({"WHISUL_API_KEY": kind.key} if kind.key else {})})
    place.configure(f"undo_seconds = 0\npoll_min_seconds = 0.2\npoll_max_seconds = 0.4\n{kind.config}")
    (place.folder / KEY_FILE).write_text(CANARY)
    (place.folder / KEY_FILE).chmod(0o600)
    return place


def crash(kind: Kind) -> list[str]:
    """One run; where the canary was seen, and what else was wrong."""
    with tempfile.TemporaryDirectory(prefix="whisul-crash-") as name, running(server(kind)) as service:
        place = home(Path(name), kind, f"{service.url}/api")
        with Terminal(kind.words, place.environment(), columns=90, rows=28, cwd=place.folder) as terminal:
            found = used(terminal, kind)
            code = terminal.wait(40 if kind.keys else 150)  # a verb whose sending fails tries three times
            terminal.check_given_back()
            if CANARY.encode() in terminal.raw:
                found.add("the terminal")
            if b"Traceback" in terminal.raw:
                found.add("a traceback on the terminal")
            if code not in (0, 1, 2, 3, 7, 8):
                found.add(f"exit code {code}")
        if kind.must_run:
            found |= {f"no {file}" for file in kind.must_run if not (place.folder / file).exists()}
        return sorted(found | on_disk(Path(name), place))


def used(terminal: Terminal, kind: Kind) -> set[str]:
    """Presses the keys and ends it; where the canary was seen meanwhile."""
    found: set[str] = set()
    if not kind.keys:
        return found
    drawn = 0 if kind.warm else 3000
    _until(lambda: len(terminal.raw) > drawn or terminal.process.poll() is not None, 20.0)
    for letter in kind.keys:
        if terminal.process.poll() is not None:
            return found
        terminal.press(letter)
        pause(0.15)
        found |= children(terminal.pid)
    for _ in range(20):  # a program that is starting drops what was typed before
        if terminal.process.poll() is None:
            terminal.press("ctrl+q")
            pause(0.5)
    return found


def on_disk(folder: Path, place: Place) -> set[str]:
    """Files with the canary in them, and those that others may read; but for what the user has made."""
    found: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file() and path != place.config_file and path.name != KEY_FILE and "seeds" not in path.parts:
            if CANARY.encode() in path.read_bytes():
                found.add(str(path.relative_to(folder)))
            if path.stat().st_mode & 0o077 and place.folder / "run" not in path.parents:
                found.add(f"{path.name} has mode {path.stat().st_mode & 0o777:o}")
    return found


def _until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        pause(0.05)


def children(pid: int) -> set[str]:
    """Children whose arguments or environment hold the canary, and the program's own arguments."""
    found: set[str] = set()
    try:
        process = psutil.Process(pid)
        if CANARY in " ".join(process.cmdline()):
            found.add("the program's arguments")
        for child in process.children(recursive=True):
            if _holds(child):
                pause(0.1)  # between fork and exec it is still the program itself
                if _holds(child):
                    found.add(f"the child {child.name()}")
    except psutil.Error:
        return found  # it has ended meanwhile
    return found


def _holds(child: psutil.Process) -> bool:
    return CANARY in " ".join(child.cmdline()) or CANARY in str(child.environ())


def kinds(few: bool) -> list[Kind]:
    """All of them, or a few of different sorts."""
    crasher = [sys.executable, "-m", "tests.torture.crasher"]
    typed = ("a", "b", "enter", "escape", "?", "escape", "1", "2", "y", "o")
    opened = ("r", "a", "i", "n", "enter", *["escape"] * 12, "2", "g", "o", "enter", *["escape"] * 6)
    found = [
        Kind(f"{place} {error}", [*crasher, place, error], keys=typed)
        for number, place in enumerate(TUI)
        for error in (ERRORS[number % len(ERRORS)], ERRORS[(number + 1) % len(ERRORS)])
    ]
    found += [
        Kind(f"{' '.join(words)} {place} {error}", [*crasher, place, error, *words])
        for place, words in VERBS
        for error in ERRORS[:2]
    ]
    found += [
        Kind(
            f"{place}, own commands, {way}",
            [*crasher, place, ERRORS[0], *words],
            CANARY,
            keys,
            OWN_COMMANDS,
            serves=True,
            must_run=[] if place != NOTHING else ["event-words", "opened-words"] if keys else ["event-words"],
        )
        for place in CHILDREN
        for way, words, keys in (("TUI", [], opened), ("verb", ["generate", "rain", "--wait"], ()))
    ]
    found += [
        Kind(f"{place}, key from a command", [*crasher, place, error, *words], "", () if words else typed, KEY_COMMAND)
        for place, words in KEY_FROM_COMMAND
        for error in ERRORS[:2]
    ]
    found += [
        Kind(f"{place} {error}, warm", [*crasher, place, error], keys=("j", "j", "k", "x", "?", "1"), warm=True)
        for place in FIRST_FRAME
        for error in ERRORS[:3]
    ]
    found += [Kind(f"bad key {key[-8:]!a}", [*PROGRAM, "generate", "rain"], key) for key in BAD_KEYS]
    return found[:: len(found) // 2] if few else found


def run(*, few: bool = False, only: str = "") -> tuple[int, list[str]]:
    """How many kinds were tried, and what was wrong with them."""
    bad: list[str] = []
    chosen = [kind for kind in kinds(few) if only in kind.name]
    for kind in chosen:
        try:
            bad += [f"{kind.name}: {why}" for why in crash(kind)]
        except AssertionError as error:
            bad.append(f"{kind.name}: {error}")
    return len(chosen), bad


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--only", default="", help="those with this in their names")
    args = parser.parse_args()
    count, bad = run(few=args.few, only=args.only)
    print(f"{count} kinds of crash, {len(bad)} wrong", *bad, sep="\n  ")
    return 1 if bad else 0


if __name__ == "__main__":
    os.umask(0o022)  # the usual one, which the program must not rely on
    sys.exit(main())
