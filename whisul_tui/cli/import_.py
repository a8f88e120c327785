"""`import`: merges another host's export into the store."""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.storage import Database
from whisul_tui.storage.import_beside import GIVES_WAY
from whisul_tui.storage.import_file import NoExport, read_export, read_file, told
from whisul_tui.storage.merging import merge

_EPILOG = """\
Takes what `whisul-tui export` wrote as json; - is standard input. Nothing is doubled, importing twice changes nothing:
a job that is here already only learns what it lacks (its end, its song, tags, a star, a note); what you wrote stays.
Jobs that run are followed from here too, by the profile of their account. Prompts that the other host still held stay
with it: nothing that is imported is ever sent. One that was just being sent comes as unconfirmed."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `import`."""
    parser.epilog = _EPILOG
    parser.add_argument("file", metavar="FILE", help="an export as json; - is standard input")
    parser.add_argument("--json", action="store_true", help="print what came of it as JSON")


def run(call: Call) -> int:
    """Merges, tells what came of it, and returns 0, or 1 where records could not be used."""
    call.settings()
    name = call.args.file
    try:
        found = read_export(sys.stdin.buffer, "standard input") if name == "-" else read_file(Path(name).expanduser())
    except NoExport as error:
        raise VerbError(str(error)) from None
    with suppress(OSError):
        os.nice(GIVES_WAY)
    with Database.open(call.paths.database) as database:
        merged = merge(database, found.records, host=found.host, now=time.time())
    if call.args.json:
        counts = {"new": merged.new, "completed": merged.completed, "same": merged.same, "held": merged.held}
        call.out.document(counts | {"unreadable": len(found.wrong)})
    for sentence in told(merged, found):
        call.out.note(sentence)
    return Exit.UNEXPECTED if found.wrong else Exit.DONE
