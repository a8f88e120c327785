"""`export`: the jobs of the store, or of a search, as JSON, CSV or a playlist."""

from __future__ import annotations

import argparse
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.cli.find import searched
from whisul_tui.cli.options import add_search
from whisul_tui.domain.clean import clean_line
from whisul_tui.formatting import counted
from whisul_tui.session import open_store
from whisul_tui.storage import View, Windows
from whisul_tui.storage.export_file import write_export
from whisul_tui.storage.exporting import Format, export

_ALL = 2**31
_SEARCH_SECONDS = 30.0
_EPILOG = """\
json has all that is known, for `whisul-tui import` on another host; csv is for spreadsheets, m3u8 for players (links of
the songs alone). A cell of the csv that a spreadsheet would take for a formula (it begins with = + - @) has a ' before
it. The file is for its owner alone, and is whole or not there at all; without --to it goes to standard output.
What users forgot is not exported, nor are keys, drafts and settings."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    parser.epilog = _EPILOG
    add_search(parser, "those that this filter finds, as in jobs --search")
    kinds = [kind.value for kind in Format]
    parser.add_argument("--format", choices=kinds, metavar="KIND", help=f"{', '.join(kinds)} (default: as FILE ends)")
    parser.add_argument("--to", metavar="FILE", help="the file; nothing is overwritten")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")


def run(call: Call) -> int:
    """Writes the export and returns 0."""
    args = call.args
    call.settings()
    target = Path(args.to).expanduser() if args.to else None
    kind = Format(args.format) if args.format else _kind_of(target)
    with open_store(call.paths) as database:
        if database is None:
            raise VerbError("There are no jobs yet.", Exit.UNEXPECTED)
        windows = Windows(database, search_limit=_ALL, patience=_SEARCH_SECONDS)
        numbers = windows.numbers(View(search=searched(database, args.search)), _ALL)
        pieces = export(database, numbers, kind, host=this_host(), now=time.time())
        if target is None:
            for text in _lines(pieces):
                call.out.data(text)
        else:
            _write(target, pieces, replace=args.force)
            call.out.note(f"{counted(len(numbers), 'job')} in {target}")
    return Exit.DONE


def this_host() -> str:
    """The name that jobs from here carry elsewhere."""
    return clean_line(socket.gethostname(), 100) or "another host"


def _kind_of(target: Path | None) -> Format:
    ending = target.suffix.removeprefix(".").lower() if target else ""
    if target is not None and ending not in list(Format):
        raise VerbError(f"{target.name} ends in none of json, csv, m3u8: name a --format.")
    return Format(ending) if ending else Format.JSON


def _lines(pieces: Iterator[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        yield from whole
    if rest:
        yield rest


def _write(target: Path, pieces: Iterator[str], *, replace: bool) -> None:
    try:
        write_export(target, pieces, replace=replace)
    except FileExistsError:
        raise VerbError(f"{target} is there already; --force overwrites it.") from None
    except OSError as error:
        raise VerbError(f"{target} cannot be written: {error.strerror}.", Exit.UNEXPECTED) from error
