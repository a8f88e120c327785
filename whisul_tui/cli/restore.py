"""`restore`: puts a backup in the place of what the store holds, also while other programs use it."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.formatting import counted
from whisul_tui.storage import mending
from whisul_tui.storage.backup import backup_name
from whisul_tui.storage.errors import StoreMissing
from whisul_tui.storage.restoring import Restored, restore

_EPILOG = """\
The backup is checked first, and the store as it stands is backed up; then the content changes in one step, and programs
that run show it. What is held, on its way, unconfirmed or running now stays as it is: it was or will be paid for. A
prompt that only the backup has as not sent is never sent by restoring: it becomes unconfirmed, since it may have been
sent after the backup was made."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `restore`."""
    parser.epilog = _EPILOG
    parser.add_argument("file", metavar="FILE", help="what `whisul-tui backup` wrote")


def run(call: Call) -> int:
    """Restores, tells what came of it, and returns 0."""
    settings = call.settings()
    source = Path(call.args.file).expanduser().absolute()
    if not source.exists():
        raise VerbError(f"There is no {source}.")
    opened = mending.open_or_mend(call.paths.database, account=settings.profile.account)
    with opened.database as database:
        if database.because is not None:
            raise database.because
        if opened.notice:
            call.out.note(opened.notice)
        before = backup_name(database.path, time.time(), "before-restore")
        try:
            restored = restore(database, source, before)
        except StoreMissing as error:
            raise VerbError(str(error), Exit.UNEXPECTED) from error
        except OSError as error:
            raise VerbError(f"Nothing was changed: {error.strerror or error}.", Exit.UNEXPECTED) from error
    for sentence in _sentences(restored):
        call.out.note(sentence)
    return Exit.DONE


def _sentences(restored: Restored) -> list[str]:
    told = [f"Restored: {counted(restored.jobs, 'job')}. What there was before is in {restored.before}."]
    if restored.kept:
        told.append(f"{counted(restored.kept, 'job')} open now or in the backup stayed as they are.")
    if restored.doubtful:
        told.append(
            f"{counted(restored.doubtful, 'prompt')} not sent when the backup was made became unconfirmed: nothing is"
            " sent by restoring."
        )
    return told
