"""`backup`: a checked copy of the store in one file, made while other programs use it."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.formatting import counted
from whisul_tui.storage.backup import FOLDER, back_up, backup_name

_EPILOG = f"""\
Safe while whisul-tui runs: the copy shows one moment, and nobody waits for it. All of its pages are checked before it
gets its name; it is for its owner alone, and nothing is overwritten. Without FILE it goes to {FOLDER}/ beside the
store. Its path is printed. `whisul-tui restore FILE` puts it back. Songs that were downloaded and the
settings are files of their own, and not in it."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `backup`."""
    parser.epilog = _EPILOG
    parser.add_argument("file", metavar="FILE", nargs="?", help="where to; nothing is overwritten")


def run(call: Call) -> int:
    """Makes the backup, prints its path and returns 0."""
    call.settings()
    store = call.paths.database
    if not os.path.lexists(store):
        raise VerbError("There are no jobs yet: nothing to back up.", Exit.UNEXPECTED)
    target = Path(call.args.file).expanduser().absolute() if call.args.file else backup_name(store, time.time())
    try:
        jobs = back_up(store, target)
    except FileExistsError:
        raise VerbError(f"{target} is there already; a backup overwrites nothing.") from None
    except OSError as error:
        raise VerbError(f"{target} cannot be written: {error.strerror}.", Exit.UNEXPECTED) from error
    call.out.data(str(target))
    call.out.note(f"{counted(jobs, 'job')}, all pages whole.")
    return Exit.DONE
