"""`generate`: submits a prompt, or a file of prompts, through the same outbox as the TUI."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from whisul_tui.cli import prompts
from whisul_tui.cli.call import Call
from whisul_tui.cli.ending import tell_endings
from whisul_tui.cli.exits import EXIT_TABLE, Exit, VerbError, exit_of
from whisul_tui.cli.follow import Follower, has_answer, has_ended
from whisul_tui.cli.options import add_download, add_json, add_patience, add_plain
from whisul_tui.cli.resume import resuming
from whisul_tui.cli.telling import JSON_FIELDS, documents, ended
from whisul_tui.domain import Job, JobState
from whisul_tui.domain.budget import OverBudget
from whisul_tui.session import ANSWER_SECONDS, Session, open_session
from whisul_tui.settings import Settings
from whisul_tui.storage.entering import Entry

_SEED_DIGITS = 18  # what the studio reads and keeps as one number
_EPILOG = f"""\
Prints the job id as soon as Whisul has accepted the prompt, a line a prompt. With --wait a line follows for every job
that has come to its end. With --json one document is printed at the end: an object, or with --file or --expand a list.
Braces are text, unless --expand makes songs of them: {{lofi|jazz}} beat, {{rain|no rain}} is four, and \\{{ a brace.
A prompt that cannot be sent yet (429, no network) is kept: `whisul-tui wait ID` sends and follows it.
--seed brings the same song back on the studio (--local, or a server of its own): the same prompt and seed are the same
song. Whisul itself takes no seed: there nothing is sent.
A prompt that begins with - goes after --:  whisul-tui generate --wait -- "- minus -, industrial"

{EXIT_TABLE}

{JSON_FIELDS}"""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `generate`."""
    parser.epilog = _EPILOG
    prompts.add(parser)
    parser.add_argument("--dry-run", action="store_true", help="print what would be sent, and send nothing")
    parser.add_argument(
        "--max-in-flight", type=_count, metavar="N", help="at most N of these with Whisul at a time, the others wait"
    )
    parser.add_argument("--over-budget", action="store_true", help="send also what is over budget_day or budget_month")
    parser.add_argument(
        "--seed", type=_seed, metavar="N", help="the studio's seed: the same prompt gives the same song"
    )
    parser.add_argument("--wait", action="store_true", help="follow to the end")
    add_download(parser, "--download", "keep song and cover in DIR; includes --wait")
    add_json(parser)
    add_plain(parser)
    add_patience(parser)


def run(call: Call) -> int:
    """Submits, and follows where that is wanted; returns the exit code."""
    args = call.args
    call.take_plain()
    found = prompts.wanted(args)
    settings = call.settings() if args.dry_run else call.settings_with_key()
    if args.seed is not None:
        _check_seed_is_taken(settings)
        found = prompts.changed(found, lambda prompt: f"{prompt}, seed {args.seed}")
    if args.dry_run:
        from whisul_tui.cli.dry_run import show

        return show(call, settings, found)
    with open_session(call.paths, settings, patience=ANSWER_SECONDS) as session:
        if session.notice:
            call.out.note(session.notice)
        if session.hook is not None:
            session.hook.failed = call.out.note
        jobs: list[Job] = []
        try:
            jobs = _enter(call, session, found)
            return _follow(call, session, jobs)
        except KeyboardInterrupt:
            left = [job for job in (session.store.get(job.number) or job for job in jobs) if not has_ended(job)]
            if left:
                call.out.note(f"Interrupted; nothing is lost. To go on: {resuming(call, session.store, left)}")
            session.engine.stop()  # no longer than that: somebody waits for the end
            return Exit.INTERRUPTED
        finally:
            for job_id in session.engine.status().unsaved:
                call.out.note(f"Whisul accepted {job_id}, and the store could not take it yet; note this id.")


def _enter(call: Call, session: Session, found: prompts.Wanted) -> list[Job]:
    """All of them in the outbox; raises VerbError with none of them there, where that is over the budget."""
    args = call.args
    many = args.max_in_flight
    template = "" if found.template is None and many is not None else found.template
    try:
        return session.engine.submit_all(
            [Entry(prompt) for prompt in found.prompts],
            template=template,
            at_once=many,
            delay=0.0,
            over_budget=args.over_budget,
        ).result()
    except OverBudget as error:
        from whisul_tui.cli.dry_run import refused

        raise refused(error) from None


def _follow(call: Call, session: Session, jobs: Sequence[Job]) -> int:
    args, out = call.args, call.out
    follower = Follower(session, out, args.patience)
    numbers = [job.number for job in jobs]
    is_followed = args.wait or args.download is not None
    try:
        jobs = follower.until(numbers, has_answer, lambda job: _accepted(call, job))
        if is_followed:
            jobs = follower.until(numbers, has_ended, lambda job: _ended(call, job))
    except VerbError as error:
        jobs = [session.store.get(job.number) or job for job in jobs]
        if args.json:
            out.document(documents(jobs, many=_is_list(args)))
        tell_endings(call, session.store, [job for job in jobs if has_ended(job)])
        left = [job for job in jobs if not has_ended(job)]
        resume = f" Nothing is lost. To go on: {resuming(call, session.store, left)}" if left else ""
        raise VerbError(f"{error}{resume}", error.code) from error
    kept: dict[int, dict[str, Any]] = {}
    code = exit_of(jobs)
    if args.download is not None:
        from whisul_tui.cli.keep import keep_all

        done = [job for job in jobs if job.state is JobState.COMPLETED]
        kept, problem = keep_all(call, session.settings, done, args.download)
        code = code or problem
    if args.json:
        out.document(documents(jobs, many=_is_list(args), more=kept))
    tell_endings(call, session.store, jobs)
    return code


def _is_list(args: SimpleNamespace) -> bool:
    """Whether --json gives a list: where there may be several jobs, however many there are."""
    return args.file is not None or bool(args.expand)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 1000:
        raise argparse.ArgumentTypeError(f"a number from 1 to 1000 is wanted, not {text!r}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _SEED_DIGITS:
        raise argparse.ArgumentTypeError(f"a seed is a number of 1 to {_SEED_DIGITS} digits, not {text!r}")
    return int(text)


def _check_seed_is_taken(settings: Settings) -> None:
    """Raises VerbError unless a studio will read the prompts: to anybody else a seed would be words about the song."""
    if settings.profile.is_local:
        return
    from whisul_tui.studio.running import is_studio

    if not is_studio(settings.profile.base_url):
        raise VerbError(
            f"--seed is the studio's alone, and {settings.profile.base_url} is none: nothing was sent."
            " Leave --seed out, or use --local."
        )


def _ended(call: Call, job: Job) -> None:
    if not call.args.json and not call.args.plain:
        call.out.data(ended(job, call.out))


def _accepted(call: Call, job: Job) -> None:
    if job.job_id is not None and not call.args.json and not call.args.plain:
        call.out.data(job.job_id)
