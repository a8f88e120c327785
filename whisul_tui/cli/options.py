"""Options that several verbs share."""

from __future__ import annotations

import argparse
import math
from datetime import UTC, datetime
from pathlib import Path

from whisul_tui import __version__
from whisul_tui.domain.job_filter import read_filter

PATIENCE = 600.0  # seconds: longer than any documented block of 60 s, short enough for a script to notice


def add_globals(parser: argparse.ArgumentParser) -> None:
    """The global options; their defaults stand on the first parser alone, so that a verb's copy overwrites nothing."""
    group = parser.add_argument_group("global options")
    silent = argparse.SUPPRESS
    group.add_argument("--profile", metavar="NAME", default=silent, help="the profile of the settings to work with")
    group.add_argument(
        "--local", dest="profile", action="store_const", const="local", default=silent, help="short for --profile local"
    )
    group.add_argument(
        "--calm", action="store_true", default=silent, help="nothing in the TUI moves by itself; also a setting"
    )
    group.add_argument("--data-dir", metavar="DIR", type=_folder, default=silent, help="where the store of jobs is")
    group.add_argument("--version", action="version", version=f"whisul-tui {__version__}", help="print the version")


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON; the fields are told below")


def add_plain(
    parser: argparse.ArgumentParser, what: str = "each change of a job's state (when, id, state, title)"
) -> None:
    """`--plain`, which prints a line for `what`."""
    parser.add_argument(
        "--plain",
        action="store_true",
        help=f"a line for {what}, no progress, no colours",
    )


def add_patience(parser: argparse.ArgumentParser) -> None:
    """`--patience`."""
    parser.add_argument(
        "--patience",
        metavar="SECONDS",
        type=_seconds,
        default=PATIENCE,
        help="give up with 7 when Whisul was unreachable or limiting for so long without an answer in between"
        f" (default: {PATIENCE:g}); a job that runs is waited for as long as it takes",
    )


def add_download(parser: argparse.ArgumentParser, name: str, told: str) -> None:
    """An option that names the folder for songs."""
    parser.add_argument(name, metavar="DIR", type=_folder, help=told)


def add_search(parser: argparse.ArgumentParser, told: str) -> None:
    """`--search`, in the filter language of the TUI's `/`."""
    parser.add_argument("--search", metavar="FILTER", type=_filter, default="", help=told)


def _filter(text: str) -> str:
    problems = read_filter(text, datetime.now(UTC)).problems
    if problems:
        raise argparse.ArgumentTypeError("; ".join(problems))
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= 1e9:
        raise argparse.ArgumentTypeError("a number of seconds, 0 or more, is wanted")
    return seconds


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("the name of a folder is wanted")
    return Path(text).expanduser()
