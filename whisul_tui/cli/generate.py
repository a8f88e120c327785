"""`generate`: submits a prompt, or a file of prompts, through the same outbox as the TUI."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whisul_tui.cli.call import Call
from whisul_tui.cli.ending import tell_endings
from whisul_tui.cli.exits import EXIT_TABLE, Exit, VerbError, exit_of
from whisul_tui.cli.follow import Follower, has_answer, has_ended
from whisul_tui.cli.options import add_download, add_json, add_patience
from whisul_tui.cli.resume import resuming
from whisul_tui.cli.telling import JSON_FIELDS, documents, ended
from whisul_tui.domain import Job, JobState, PromptError, check_prompt
from whisul_tui.session import Session, open_session
from whisul_tui.settings import Settings

_LARGEST = 20_000_000  # bytes of a file of prompts
_SEED_DIGITS = 18  # what the studio reads and keeps as one number
_EPILOG = f"""\
Prints the job id as soon as Whisul has accepted the prompt, a line a prompt. With --wait a line follows for every job
that has come to its end. With --json one document is printed at the end: an object, or with --file a list.
A prompt that cannot be sent yet (429, no network) is kept: `whisul-tui wait ID` sends and follows it.
--seed brings the same song back on the studio (--local, or a server of its own): the same prompt and seed are the same
song. Whisul itself takes no seed: there nothing is sent.
A prompt that begins with - goes after --:  whisul-tui generate --wait -- "- minus -, industrial"

{EXIT_TABLE}

{JSON_FIELDS}"""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `generate`."""
    parser.epilog = _EPILOG
    parser.add_argument("prompt", metavar="PROMPT", nargs="?", help="the prompt; - reads it from standard input")
    parser.add_argument("--file", metavar="F", help="a file with one prompt a line, blank lines skipped; - is allowed")
    parser.add_argument(
        "--seed", type=_seed, metavar="N", help="the studio's seed: the same prompt gives the same song"
    )
    parser.add_argument("--wait", action="store_true", help="follow to the end")
    add_download(parser, "--download", "keep song and cover in DIR; includes --wait")
    add_json(parser)
    add_patience(parser)


def run(call: Call) -> int:
    """Submits, and follows where that is wanted; returns the exit code."""
    args = call.args
    prompts = _prompts(args)
    settings = call.settings_with_key()
    if args.seed is not None:
        _check_seed_is_taken(settings)
        prompts = [_checked(f"{prompt}, seed {args.seed}", "") for prompt in prompts]
    with open_session(call.paths, settings) as session:
        if session.notice:
            call.out.note(session.notice)
        jobs: list[Job] = []
        try:
            for prompt in prompts:
                jobs.append(session.engine.submit(prompt, delay=0.0).result())  # noqa: PERF401 - what came so far counts
            return _follow(call, session, jobs)
        except KeyboardInterrupt:
            left = [job for job in (session.store.get(job.number) or job for job in jobs) if not has_ended(job)]
            if left:
                call.out.note(f"Interrupted; nothing is lost. To go on: {resuming(call, session.store, left)}")
            return Exit.INTERRUPTED
        finally:
            for job_id in session.engine.status().unsaved:
                call.out.note(f"Whisul accepted {job_id}, and the store could not take it yet; note this id.")


def _follow(call: Call, session: Session, jobs: Sequence[Job]) -> int:
    args, out = call.args, call.out
    follower = Follower(session, out, args.patience)
    numbers = [job.number for job in jobs]
    is_followed = args.wait or args.download is not None
    try:
        jobs = follower.until(numbers, has_answer, lambda job: _accepted(call, job))
        if is_followed:
            jobs = follower.until(numbers, has_ended, lambda job: None if args.json else out.data(ended(job, out)))
    except VerbError as error:
        jobs = [session.store.get(job.number) or job for job in jobs]
        if args.json:
            out.document(documents(jobs, many=args.file is not None))
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
        out.document(documents(jobs, many=args.file is not None, more=kept))
    tell_endings(call, session.store, jobs)
    return code


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


def _accepted(call: Call, job: Job) -> None:
    if job.job_id is not None and not call.args.json:
        call.out.data(job.job_id)


def _prompts(args: argparse.Namespace) -> list[str]:
    """The checked prompts, before anything is sent; raises VerbError with what is wrong and where."""
    if (args.prompt is None) == (args.file is None):
        raise VerbError("generate wants either a PROMPT (- for standard input) or --file F. See generate --help.")
    if args.file is None:
        return [_checked(_read("-") if args.prompt == "-" else args.prompt, "")]
    lines = _read(args.file).split("\n")  # splitlines would also split at U+2028 and its like
    prompts = [_checked(line, f" (line {number})") for number, line in enumerate(lines, 1) if line.strip()]
    if not prompts:
        raise VerbError(f"{args.file} has no prompts: one a line is wanted.")
    return prompts


def _checked(text: str, where: str) -> str:
    try:
        return check_prompt(text)
    except PromptError as error:
        raise VerbError(f"{error}{where}") from None


def _read(name: str) -> str:
    try:
        if name == "-":
            if sys.stdin is None or sys.stdin.closed:
                raise VerbError("Standard input is closed; there is no prompt to read.")
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(name).expanduser().open("rb") as file:
                content = file.read(_LARGEST + 1)
    except OSError as error:
        raise VerbError(f"{name} cannot be read: {error.strerror}.") from error
    if len(content) > _LARGEST:
        raise VerbError(f"{name} is larger than 20 MB; that is no file of prompts.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise VerbError(f"{'Standard input' if name == '-' else name} is not UTF-8 text.") from None
