"""`download`: keeps songs and covers as files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import EXIT_TABLE, Exit, VerbError, exit_of
from whisul_tui.cli.find import find_jobs, searched
from whisul_tui.cli.options import add_download, add_json, add_plain, add_search
from whisul_tui.cli.resume import resuming
from whisul_tui.cli.telling import JSON_FIELDS, documents
from whisul_tui.domain import Job, JobState
from whisul_tui.session import open_store
from whisul_tui.settings import Settings
from whisul_tui.storage import Database, JobStore, View, Windows

_ALL = 2**31
_SEARCH_SECONDS = 30.0  # nobody is typing: a long search may take its time
_EPILOG = f"""\
Prints the paths of the files, the song's and then the cover's. What is there already is not fetched again; a download
that was broken off goes on where it stopped; no half a file ever has the final name. A link that has died is asked for
anew, once. --all keeps every song of the store, or of a search, and a playlist beside them, whose path comes last.
With --plain a line for each song that is begun and each file that is kept.
With --json also song_file and cover_file; an object, or a list where several jobs are named.

{EXIT_TABLE}

{JSON_FIELDS}"""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `download`."""
    parser.epilog = _EPILOG
    parser.add_argument("job", metavar="JOB", nargs="*", help="a job id, or an unambiguous beginning of one")
    parser.add_argument("--all", action="store_true", help="all songs instead of single jobs, and a playlist")
    add_search(parser, "with --all: those that this filter finds, as in jobs --search")
    add_download(parser, "--to", "the folder (default: downloads.folder of the settings)")
    add_json(parser)
    add_plain(parser, "what is done (when, id, downloading or kept, title or path)")


def run(call: Call) -> int:
    """Downloads, and returns the exit code of the first job that could not be kept."""
    args = call.args
    if bool(args.job) == args.all or (args.search and not args.all):
        raise VerbError(
            "Name the jobs to download, or take all of a search: download --all --search FILTER", Exit.USAGE
        )
    call.take_plain()
    settings = call.settings()
    with open_store(call.paths) as database:
        store = JobStore(database) if database else None
        jobs = _all(database, args.search) if args.all else find_jobs(store, args.job)
        try:
            for job in () if args.all else jobs:
                _check(call, store, job)
            kept, code = _keep(call, settings, jobs, args.to or settings.download_folder)
        except KeyboardInterrupt:
            if store is not None:
                again = ([], "download --all") if args.all else (jobs, "download")
                call.out.note(f"Interrupted; what came is kept. To go on: {resuming(call, store, *again)}")
            return Exit.INTERRUPTED
    if args.json:
        call.out.document(documents(jobs, many=args.all or len(args.job) > 1, more=kept))
    return code


def _keep(call: Call, settings: Settings, jobs: list[Job], folder: Path) -> tuple[dict[int, dict[str, Any]], Exit]:
    from whisul_tui.cli.keep import keep_all, keep_playlist

    if not jobs:
        call.out.note("There is no such song." if call.args.search.strip() else "There are no songs yet.")
        return {}, Exit.DONE
    kept, code = keep_all(call, settings, jobs, folder)
    if call.args.all:
        trouble = keep_playlist(call, jobs, kept, folder)  # also of the others, where one could not be had
        code = code or trouble
    return kept, code


def _all(database: Database | None, search: str) -> list[Job]:
    """The completed jobs of a search that have a link, newest first."""
    if database is None:
        return []
    windows = Windows(database, search_limit=_ALL, patience=_SEARCH_SECONDS)
    found = windows.rows(View(search=searched(database, search), state=JobState.COMPLETED), 0, _ALL)
    return [job for job in found if job.song is not None and job.song.song_url is not None]


def _check(call: Call, store: JobStore | None, job: Job) -> None:
    """Raises VerbError where there can be no song; an expired job may have left one."""
    if job.song is not None and job.song.song_url is not None:
        return
    if job.state is JobState.COMPLETED:
        raise VerbError(f"{job.short_id} is completed, but Whisul gave no link to its song.", Exit.UNEXPECTED)
    if job.state.is_open and store is not None:
        raise VerbError(f"{job.short_id} has no song yet, it is {job.state}. First: {resuming(call, store, [job])}")
    raise VerbError(f"{job.short_id} has no song: it is {job.state}.", exit_of([job]))
