"""`wait`: follows jobs to their end, whoever sent them."""

from __future__ import annotations

import argparse

from whisul_tui.cli.call import Call
from whisul_tui.cli.ending import tell_endings
from whisul_tui.cli.exits import EXIT_TABLE, Exit, VerbError, exit_of
from whisul_tui.cli.find import add_jobs, check_account, find_jobs
from whisul_tui.cli.follow import Follower, has_ended
from whisul_tui.cli.options import add_json, add_patience, add_plain
from whisul_tui.cli.resume import resuming
from whisul_tui.cli.telling import JSON_FIELDS, documents, ended, transition
from whisul_tui.domain import Job
from whisul_tui.session import ANSWER_SECONDS, open_session, open_store
from whisul_tui.storage.jobs import JobStore

_EPILOG = f"""\
A line for every job as it comes to its end: id, state, title, length and link. A job that has ended is told at once.
A held job is sent and then followed. ctrl+c loses nothing and prints the line that resumes.
With --json one document is printed at the end: an object, or a list where several jobs are named.

{EXIT_TABLE}

{JSON_FIELDS}"""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `wait`."""
    parser.epilog = _EPILOG
    add_jobs(parser, many=True)
    add_json(parser)
    add_plain(parser)
    add_patience(parser)


def run(call: Call) -> int:
    """Waits and returns the exit code."""
    settings = call.settings()
    call.take_plain()
    with open_store(call.paths) as database:
        jobs = find_jobs(JobStore(database) if database else None, call.args.job)
        if all(has_ended(job) for job in jobs):
            for job in jobs:
                if call.args.plain:
                    call.out.data(transition(job))
                _tell(call, job)
            return _end(call, JobStore(database) if database else None, jobs)
    check_account(jobs, settings)
    with open_session(call.paths, call.settings_with_key(), patience=ANSWER_SECONDS) as session:
        if session.notice:
            call.out.note(session.notice)
        if session.hook is not None:
            session.hook.failed = call.out.note
        try:
            follower = Follower(session, call.out, call.args.patience)
            jobs = follower.until([job.number for job in jobs], has_ended, lambda job: _tell(call, job))
        except (KeyboardInterrupt, VerbError) as error:
            jobs = [session.store.get(job.number) or job for job in jobs]
            left = [job for job in jobs if not has_ended(job)] or jobs
            resume = resuming(call, session.store, left)
            if isinstance(error, KeyboardInterrupt):
                call.out.note(f"Interrupted; the jobs go on. To wait again: {resume}")
                session.engine.stop()  # no longer than that: somebody waits for the end
                return Exit.INTERRUPTED
            if call.args.json:
                call.out.document(documents(jobs, many=len(call.args.job) > 1))
            raise VerbError(f"{error} The jobs are not lost. To wait again: {resume}", error.code) from error
        return _end(call, session.store, jobs)


def _tell(call: Call, job: Job) -> None:
    if not call.args.json and not call.args.plain:
        call.out.data(ended(job, call.out))


def _end(call: Call, store: JobStore | None, jobs: list[Job]) -> int:
    if call.args.json:
        call.out.document(documents(jobs, many=len(call.args.job) > 1))
    if store is not None:
        tell_endings(call, store, jobs)
    return exit_of(jobs)
