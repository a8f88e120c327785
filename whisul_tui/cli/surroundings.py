"""The layers of this machine, as `doctor` checks them: store, terminal, clipboard, players, listener."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from whisul_tui.cli.exits import Exit
from whisul_tui.cli.finding import Finding, broken, fine, note
from whisul_tui.domain.clean import clean_line
from whisul_tui.formatting import counted
from whisul_tui.listening.clipboard import copy_rungs
from whisul_tui.listening.facts import gather
from whisul_tui.paths import Paths
from whisul_tui.settings import Settings
from whisul_tui.storage import Database, JobStore, StoreError

_NARROW, _LOW = 40, 10  # the smallest terminal that the TUI is made for


def check_store(paths: Paths) -> Finding:
    """Whether the store can be opened and written, and its pages are whole; nothing is made by asking."""
    path = paths.database
    if not os.path.lexists(path):
        folder = next(folder for folder in path.parents if folder.exists())
        if os.access(folder, os.W_OK | os.X_OK):
            return fine("store", f"{path}: not there yet, it is made with the first job")
        mend = "Make the folder writable for you, or name another one with --data-dir."
        return broken("store", f"{path} cannot be made: {folder} is not writable", mend, Exit.UNEXPECTED)
    try:
        with Database.open(path) as database:
            database.check()
            jobs = sum(JobStore(database).counts().values())
    except StoreError as error:
        return broken("store", str(error), "", Exit.UNEXPECTED)
    mode = path.parent.stat().st_mode & 0o777
    if mode & 0o022:
        told = f"{path}: all pages whole, but others may write to its folder (mode {mode:04o})"
        return note("store", told, f"Run: chmod go-w {path.parent}")
    return fine("store", f"{path}: {counted(jobs, 'job')}, all pages whole")


def check_terminal(environ: Mapping[str, str]) -> Finding:
    """Whether the TUI can be drawn here; the verbs need no terminal."""
    streams = {"input": sys.stdin, "error": sys.stderr}
    missing = [name for name, stream in streams.items() if stream is None or not stream.isatty()]
    name = clean_line(environ.get("TERM", ""), 40)
    if missing:
        return note("terminal", f"none on standard {' and '.join(missing)}", "The verbs work; for the TUI: ssh -t.")
    if name in ("", "dumb", "unknown"):
        return note("terminal", f"TERM is {name or 'not set'}", "The verbs work; for the TUI set TERM.")
    size = os.get_terminal_size(sys.stderr.fileno())
    is_known = bool(size.columns and size.lines)  # a serial line or a bare pty says 0x0
    told = [
        name,
        f"{size.columns}x{size.lines}" if is_known else "of unknown size",
        "256 colours or more" if _is_rich(environ) else "16 colours",
    ]
    told += [
        word
        for word, there in (("tmux", "TMUX"), ("ssh", "SSH_CONNECTION"), ("NO_COLOR", "NO_COLOR"))
        if environ.get(there)
    ]
    text = ", ".join(told)
    if not (sys.stderr.encoding or "").lower().startswith("utf"):
        return note("terminal", f"{text}, encoding {sys.stderr.encoding}", "Signs are plain ASCII; set LANG=C.UTF-8.")
    if is_known and (size.columns < _NARROW or size.lines < _LOW):
        return note("terminal", text, f"Make it {_NARROW}x{_LOW} or larger; 80x24 shows everything.")
    return fine("terminal", text)


def check_clipboard(environ: Mapping[str, str]) -> Finding:
    """What would take a copied link."""
    rungs = copy_rungs(environ)
    if not rungs:
        return note("clipboard", "nothing here can copy", "Use the link sheet (v), or install wl-copy, xclip or xsel.")
    return fine("clipboard", f"{', then '.join(rungs)}; whether a copy arrives, only you can see")


def check_players(settings: Settings | None) -> Finding:
    """What would play a song on this machine."""
    facts = gather(player=settings.text("player") if settings else None)
    if facts.player_trouble:
        return broken("players", facts.player_trouble, "", Exit.USAGE)
    if facts.player is None:
        return note("players", "none found (mpv, vlc, ffplay, mpg123)", "Install one, or set player.")
    if not facts.sound:
        where = "this machine, over SSH" if facts.ssh else "this machine"
        return note("players", f"{facts.player.name}, but no sound device on {where}", "Listen where you sit: y or v.")
    return fine("players", facts.player.name)


def check_listener(settings: Settings | None, environ: Mapping[str, str], runtime_dir: Path) -> Finding:
    """What lets a song be heard where the user sits, over SSH."""
    from whisul_tui.listening.remote import probe
    from whisul_tui.listening.remote_line import NoLine, socket_places

    try:
        name, seconds = asyncio.run(probe(socket_places(_text(settings, "listener_socket"), runtime_dir)))
    except NoLine as error:
        if not environ.get("SSH_CONNECTION"):
            return fine("listener", "not needed without SSH")
        if _text(settings, "open_command"):
            return fine("listener", "open_command takes the links")
        return note("listener", str(error), "Or set open_command; or open the link where you sit: y copies it.")
    return fine("listener", f"{name} plays what you hear; it answers in {seconds * 1000:.0f} ms")


def _text(settings: Settings | None, name: str) -> str | None:
    return settings.text(name) if settings is not None else None


def _is_rich(environ: Mapping[str, str]) -> bool:
    return environ.get("COLORTERM", "") in ("truecolor", "24bit") or "256color" in environ.get("TERM", "")
