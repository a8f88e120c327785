"""The command line: reads it, wires the parts, and turns what happens into an exit code."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Sequence
from io import TextIOWrapper
from types import SimpleNamespace

from whisul_tui import crashes, logs
from whisul_tui.cli.call import WITHOUT_OPTIONS, Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.cli.failures import explain
from whisul_tui.cli.interrupting import interruptible
from whisul_tui.cli.output import Output
from whisul_tui.first_frame.shown import give_back
from whisul_tui.paths import find_paths
from whisul_tui.settings import FLAG, SettingsError
from whisul_tui.terminal.handed_over import troubles
from whisul_tui.terminal.pauses import FRAMES_A_SECOND


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the TUI or a verb and returns the exit code; `argv` is without the program's name."""
    os.umask(0o077)  # before any file: keys, prompts and songs are the user's own
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a title that the terminal cannot show is no reason to fail
    try:
        args = _parsed(sys.argv[1:] if argv is None else argv)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs complains of a missing XDG_RUNTIME_DIR and copes without
            paths = find_paths(args.data_dir)
        with logs.recording(paths.log_file):
            try:
                return _run(Call(args, paths, Output()))
            finally:
                logs.early(troubles())
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else Exit.DONE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def _parsed(words: Sequence[str]) -> SimpleNamespace:
    if not words:  # the TUI as it is mostly started: argparse takes as long as reading the settings
        return SimpleNamespace(verb=None, **WITHOUT_OPTIONS)
    from whisul_tui.cli.arguments import parse

    return parse(words)


def _run(call: Call) -> int:
    try:
        if call.args.verb is None:
            try:
                return _tui(call)
            finally:
                give_back()  # before anything is said: the first frame may still be on the screen
        from whisul_tui.cli.arguments import VERBS

        with interruptible():
            return VERBS[call.args.verb].run(call)
    except Exception as error:  # noqa: BLE001 - the last place that can keep a traceback from the user
        told = explain(error)
        if told is not None:
            call.out.note(f"whisul-tui: {told[0]}")
            return told[1]
        logs.unexpected(error)
        call.out.note(crashes.sentence(error, crashes.keep(error, call.paths.crash_dir), call.paths.log_file))
        return Exit.UNEXPECTED
    finally:
        call.out.progress("")


def _tui(call: Call) -> int:
    _check_terminal()
    settings = call.settings()
    if call.args.calm:
        settings.values["calm"], settings.origins["calm"] = True, f"{FLAG}calm"
    problem = " ".join(settings.doubts) or None
    try:
        settings = call.with_key(settings)  # now, while a command may ask for its pass phrase on the terminal
    except SettingsError as error:
        problem = str(error)  # the history is there without a key, too
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_A_SECOND)  # Textual looks when it is imported
    gc.disable()  # until the first screen is there: what is loaded by then stays
    from whisul_tui.app import run_tui

    return run_tui(call.paths, settings, problem=problem)


def _check_terminal() -> None:
    """Raises VerbError unless the TUI can be drawn and typed into; not one escape byte has been sent by then."""
    streams = (("input", sys.stdin), ("output", sys.stdout), ("error", sys.stderr))
    missing = [name for name, stream in streams if stream is None or stream.closed or not stream.isatty()]
    terminal = os.environ.get("TERM", "")
    if missing:
        why = f"there is none on standard {' and '.join(missing)}"
    elif terminal in ("", "dumb", "unknown"):
        why = f"TERM is {terminal or 'not set'}"
    else:
        return
    raise VerbError(f"The TUI needs a terminal, but {why}. In scripts use the verbs: whisul-tui --help. With ssh: -t.")
