"""`download`: keeps songs and covers as files."""

from __future__ import annotations

import argparse

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import EXIT_TABLE, Exit, VerbError, exit_of
from whisul_tui.cli.find import add_jobs, find_jobs
from whisul_tui.cli.options import add_download, add_json
from whisul_tui.cli.resume import resuming
from whisul_tui.cli.telling import JSON_FIELDS, documents
from whisul_tui.domain import Job, JobState
from whisul_tui.session import open_store
from whisul_tui.storage import JobStore

_EPILOG = f"""\
Prints the paths of the files, the song's and then the cover's. What is there already is not fetched again; a download
that was broken off goes on where it stopped; no half a file ever has the final name.
With --json also song_file and cover_file; an object, or a list where several jobs are named.

{EXIT_TABLE}

{JSON_FIELDS}"""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `download`."""
    parser.epilog = _EPILOG
    add_jobs(parser, many=True)
    add_download(parser, "--to", "the folder (default: downloads.folder of the settings)")
    add_json(parser)


def run(call: Call) -> int:
    """Downloads, and returns the exit code of the first job that could not be kept."""
    settings = call.settings()
    with open_store(call.paths) as database:
        store = JobStore(database) if database else None
        jobs = find_jobs(store, call.args.job)
        try:
            for job in jobs:
                _check(call, store, job)
            from whisul_tui.cli.keep import keep_all

            kept, code = keep_all(call, settings, jobs, call.args.to or settings.download_folder)
        except KeyboardInterrupt:
            if store is not None:
                call.out.note(f"Interrupted; what came is kept. To go on: {resuming(call, store, jobs, 'download')}")
            return Exit.INTERRUPTED
    if call.args.json:
        call.out.document(documents(jobs, many=len(call.args.job) > 1, more=kept))
    return code


def _check(call: Call, store: JobStore | None, job: Job) -> None:
    """Raises VerbError where there can be no song; an expired job may have left one."""
    if job.song is not None and job.song.song_url is not None:
        return
    if job.state is JobState.COMPLETED:
        raise VerbError(f"{job.short_id} is completed, but Whisul gave no link to its song.", Exit.UNEXPECTED)
    if job.state.is_open and store is not None:
        raise VerbError(f"{job.short_id} has no song yet, it is {job.state}. First: {resuming(call, store, [job])}")
    raise VerbError(f"{job.short_id} has no song: it is {job.state}.", exit_of([job]))
