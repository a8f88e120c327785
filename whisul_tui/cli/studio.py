"""`studio`: the local studio as a server of its own."""

from __future__ import annotations

import argparse

from whisul_tui.cli.call import Call
from whisul_tui.studio.command import add_arguments, serve

_EPILOG = """\
A Whisul API on 127.0.0.1, with songs made on this machine; it says how another terminal uses it. It runs until ctrl+c,
apart from the studio that --local starts by itself. --limit and --fault make it a partner for tests."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `studio`."""
    parser.epilog = _EPILOG
    add_arguments(parser)


def run(call: Call) -> int:
    """Serves until it is ended."""
    return serve(call.args, call.paths.state_dir, call.paths.data_dir)
