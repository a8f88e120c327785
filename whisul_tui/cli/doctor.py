"""`doctor`: checks layer by layer, names what is broken and how to mend it."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterator

from whisul_tui import __version__
from whisul_tui.cli import reaching, surroundings
from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import EXIT_TABLE, Exit, VerbError
from whisul_tui.cli.eyes import ask_user
from whisul_tui.cli.finding import Finding, Verdict, broken, fine, note, skipped
from whisul_tui.cli.output import columns
from whisul_tui.settings import Settings, SettingsError

_EPILOG = f"""\
Layers: config, key, network, API, store, terminal, clipboard, players, listener. Nothing it does costs money: the API
is asked for a job that cannot exist. The first broken layer decides the exit code; a note breaks nothing.

{EXIT_TABLE}"""
_SIGNS = {Verdict.OK: "✓", Verdict.NOTE: "·", Verdict.BROKEN: "✗", Verdict.SKIPPED: "-"}


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    parser.epilog = _EPILOG
    parser.add_argument("--json", action="store_true", help="print one JSON object: version, python, system, layers")
    parser.add_argument("--terminal", action="store_true", help="show samples, and ask what only your eyes can tell")


def run(call: Call) -> int:
    """Prints a line a layer, as it is known, and returns the code of the first broken one."""
    findings: list[Finding] = []
    for finding in _findings(call):
        findings.append(finding)
        if not call.args.json:
            _print(call, finding)
    if call.args.json:
        call.out.document(
            {
                "version": __version__,
                "python": platform.python_version(),
                "system": platform.platform(),
                "layers": [
                    {"layer": f.layer, "verdict": f.verdict.value, "told": f.told, "mend": f.mend or None}
                    for f in findings
                ],
            }
        )
    return next((finding.code for finding in findings if finding.verdict is Verdict.BROKEN), Exit.DONE)


def _findings(call: Call) -> Iterator[Finding]:
    settings: Settings | None = None
    try:
        settings = call.settings()
    except SettingsError as error:
        yield broken("config", str(error), "", Exit.USAGE)
        yield from reaching.beyond("config")
    else:
        there = call.paths.config_file.exists()
        told = f"{call.paths.config_file}{'' if there else ': none, the defaults are in force'}"
        doubt = " ".join(settings.doubts)
        yield note("config", doubt, "") if doubt else fine("config", told)
        if settings.keys:  # else Textual, which knows the names of keys, need not be loaded
            from whisul_tui.remapping import remap

            for problem in remap(settings.keys, call.paths.config_file.name).problems:
                yield note("config", problem, "whisul-tui keys --list has all actions and their keys.")
        yield from _reach(call, settings)
    yield surroundings.check_store(call.paths)
    if call.args.terminal:
        if not call.out.is_terminal or call.args.json:
            raise VerbError("doctor --terminal asks you about what you see, so it needs a terminal.")
        yield from ask_user(call.paths.state_dir)
    else:
        yield surroundings.check_terminal(os.environ)
    yield surroundings.check_clipboard(os.environ)
    yield surroundings.check_players(settings)
    yield surroundings.check_listener(settings, os.environ, call.paths.runtime_dir)


def _reach(call: Call, settings: Settings) -> Iterator[Finding]:
    key, settings = reaching.check_key(call, settings)
    yield key
    network = reaching.check_network(settings)
    yield network
    first = next((finding for finding in (key, network) if finding.verdict is Verdict.BROKEN), None)
    yield skipped("API", first.layer) if first else reaching.check_api(call, settings, time.time())


def _print(call: Call, finding: Finding) -> None:
    sign = _SIGNS[finding.verdict] if call.out.unicode else finding.verdict[0]
    call.out.data(columns([(sign, finding.verdict.ljust(7), finding.layer.ljust(9), finding.told)])[0])
    if finding.mend:
        call.out.data(f"{' ' * 23}{finding.mend}")
