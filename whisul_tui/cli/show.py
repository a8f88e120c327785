"""`show`: what the store knows of a job; nothing is asked of Whisul."""

from __future__ import annotations

import argparse

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit
from whisul_tui.cli.find import add_jobs, find_jobs
from whisul_tui.cli.options import add_json
from whisul_tui.cli.telling import JSON_FIELDS, page
from whisul_tui.formatting import job_document
from whisul_tui.session import open_store
from whisul_tui.storage.jobs import JobStore


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `show`."""
    parser.epilog = f"Tells what the store knows; `wait` asks Whisul.\n\n{JSON_FIELDS}"
    add_jobs(parser, many=False)
    add_json(parser)


def run(call: Call) -> int:
    """Prints the job and returns 0, or 4 where there is none; its state is told, not turned into a code."""
    call.settings()
    with open_store(call.paths) as database:
        if database is not None and database.because is not None:
            call.out.note(str(database.because))
        job = find_jobs(JobStore(database) if database else None, [call.args.job])[0]
    if call.args.json:
        call.out.document(job_document(job))
    else:
        for line in page(job, call.out):
            call.out.data(line)
    return Exit.DONE
