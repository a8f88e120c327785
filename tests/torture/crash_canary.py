"""Crashes of many kinds with a canary for a key: it must be nowhere, and the terminal given back.

    python -m tests.torture.crash_canary [--few]

Looked at: the terminal, everything on disk but the settings, the arguments and environments of all children.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause
from tests.support.scripted import ScriptedServer, reply, running

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
BAD_KEYS = (f"{CANARY}\nX: y", f"{CANARY} {CANARY}", f"{CANARY}é", CANARY * 40)


def crash(words: Sequence[str], key: str, *, keys: Sequence[str] = ()) -> list[str]:
    """One run; where the canary was seen, and what else was wrong."""
    with (
        tempfile.TemporaryDirectory(prefix="whisul-crash-") as name,
        running(ScriptedServer(otherwise=reply(500, b"no"))) as server,
    ):
        place = Place(Path(name), {"WHISUL_BASE_URL": f"{server.url}/api", "WHISUL_API_KEY": key})
        place.configure("undo_seconds = 0\n")
        with Terminal(words, place.environment(), columns=90, rows=28, cwd=place.folder) as terminal:
            found: set[str] = set()
            _until(lambda: len(terminal.raw) > 3000 or terminal.process.poll() is not None, 20.0 if keys else 0.0)
            for letter in keys:
                if terminal.process.poll() is not None:
                    break
                terminal.press(letter)
                pause(0.15)
                found |= children(terminal.pid)
            for _ in range(20 if keys else 0):  # a program that is starting drops what was typed before
                if terminal.process.poll() is None:
                    terminal.press("ctrl+q")
                    pause(0.5)
            code = terminal.wait(40 if keys else 150)  # a verb whose sending fails tries three times before it says so
            terminal.check_given_back()
            if CANARY.encode() in terminal.raw:
                found.add("the terminal")
            if b"Traceback" in terminal.raw:
                found.add("a traceback on the terminal")
            if code not in (0, 1, 2, 3, 7, 8):
                found.add(f"exit code {code}")
        for path in Path(name).rglob("*"):
            if path.is_file() and path != place.config_file:
                if CANARY.encode() in path.read_bytes():
                    found.add(str(path.relative_to(name)))
                if path.stat().st_mode & 0o077 and place.folder / "run" not in path.parents:
                    found.add(f"{path.name} has mode {path.stat().st_mode & 0o777:o}")
        return sorted(found)


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
            if CANARY in " ".join(child.cmdline()) or CANARY in str(child.environ()):
                found.add(f"the child {child.name()}")
    except psutil.Error:
        return found  # it has ended meanwhile
    return found


def kinds(few: bool) -> list[tuple[str, list[str], str, tuple[str, ...]]]:
    """Name, words, key and keys to press of every run."""
    crasher = [sys.executable, "-m", "tests.torture.crasher"]
    typed = ("a", "b", "enter", "escape", "?", "escape", "1", "2", "y", "o")
    all_kinds = [
        (f"{place} {error}", [*crasher, place, error], CANARY, typed)
        for number, place in enumerate(TUI)
        for error in (ERRORS[number % len(ERRORS)], ERRORS[(number + 1) % len(ERRORS)])
    ]
    all_kinds += [
        (f"{' '.join(words)} {place} {error}", [*crasher, place, error, *words], CANARY, ())
        for place, words in VERBS
        for error in ERRORS[:2]
    ]
    all_kinds += [(f"bad key {key[-8:]!a}", [*PROGRAM, "generate", "rain"], key, ()) for key in BAD_KEYS]
    return all_kinds[:: len(all_kinds) // 2] if few else all_kinds


def run(*, few: bool = False) -> tuple[int, list[str]]:
    """How many kinds were tried, and what was wrong with them."""
    bad: list[str] = []
    chosen = kinds(few)
    for name, words, key, keys in chosen:
        try:
            bad += [f"{name}: {why}" for why in crash(words, key, keys=keys)]
        except AssertionError as error:
            bad.append(f"{name}: {error}")
    return len(chosen), bad


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--few", action="store_true")
    count, bad = run(few=parser.parse_args().few)
    print(f"{count} kinds of crash, {len(bad)} wrong", *bad, sep="\n  ")
    return 1 if bad else 0


if __name__ == "__main__":
    os.umask(0o022)  # the usual one, which the program must not rely on
    sys.exit(main())
