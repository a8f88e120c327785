"""`jobs`: lists the jobs of the store, newest first; nothing is asked of Whisul."""

from __future__ import annotations

import argparse

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit
from whisul_tui.cli.find import searched
from whisul_tui.cli.options import add_json, add_search
from whisul_tui.cli.telling import JSON_FIELDS, documents, rows
from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import counted
from whisul_tui.session import open_store
from whisul_tui.storage.windows import View, Windows

_LIMIT = 20
_ALL = 2**31
_SEARCH_SECONDS = 30.0  # nobody is typing: a long search may take its time
_EPILOG = f"""\
Columns: job id, state, length, bpm, when it was written, title or prompt; the whole id where no terminal shows it.
With --json a list is printed, an empty one where nothing was found.

{JSON_FIELDS}"""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `jobs`."""
    parser.epilog = _EPILOG
    states = [state.value for state in JobState]
    parser.add_argument("--state", choices=states, metavar="STATE", help=f"one state alone: {', '.join(states)}")
    add_search(parser, 'words, "a phrase", tag:lofi, state:failed, bpm:80..95, since:7d; - before a term: without it')
    parser.add_argument(
        "--limit", metavar="N", type=_limit, default=_LIMIT, help=f"at most so many (default: {_LIMIT}; 0: all)"
    )
    add_json(parser)


def run(call: Call) -> int:
    """Prints the jobs and returns 0, also where there are none."""
    args = call.args
    call.settings()
    found: list[Job] = []
    total = 0
    with open_store(call.paths) as database:
        if database is not None:
            state = JobState(args.state) if args.state else None
            view = View(search=searched(database, args.search), state=state)
            windows = Windows(database, search_limit=args.limit or _ALL, patience=_SEARCH_SECONDS)
            found = windows.rows(view, 0, args.limit or _ALL)
            total = windows.total(view)
            if database.because is not None:
                call.out.note(str(database.because))
    if args.json:
        call.out.document(documents(found, many=True))
    elif not found:
        call.out.note("No such jobs." if args.state or args.search.strip() else "There are no jobs yet.")
    else:
        for line in rows(found, call.out):
            call.out.data(line)
        if total > len(found) and call.out.is_terminal:
            call.out.note(f"{counted(len(found), 'job')} of {total:,}; --limit 0 shows all.")
    return Exit.DONE


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < _ALL):
        raise argparse.ArgumentTypeError("a whole number is wanted, 0 for all")
    return int(text)
