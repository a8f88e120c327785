"""`tag`: the user's own tags and notes, without a screen; nothing is asked of Whisul."""

from __future__ import annotations

import argparse

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.cli.find import find_jobs
from whisul_tui.cli.options import add_json
from whisul_tui.cli.output import columns
from whisul_tui.cli.telling import JSON_FIELDS, documents
from whisul_tui.domain.own_tags import LONGEST_NOTE, MOST_TAGS, clean_note, read_tags
from whisul_tui.formatting import own_tag_words
from whisul_tui.session import open_store
from whisul_tui.storage.jobs import JobStore

_EPILOG = f"""\
Prints a line a job: its id, its tags, its note. Without a JOB all tags are listed, with how many jobs have each.
Tags are found by `jobs --search tag:demo`; a job has at most {MOST_TAGS}. An empty --note takes the note away.

{JSON_FIELDS}"""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `tag`."""
    parser.epilog = _EPILOG
    parser.add_argument("job", metavar="JOB", nargs="*", help="a job id, or an unambiguous beginning of one")
    parser.add_argument("--add", metavar="TAGS", action="append", default=[], help="tags to add, between commas")
    parser.add_argument("--remove", metavar="TAGS", action="append", default=[], help="tags to take off")
    parser.add_argument("--note", metavar="TEXT", help="the note of these jobs")
    add_json(parser)


def run(call: Call) -> int:
    """Changes what is to be changed, prints what is so now, and returns 0."""
    args = call.args
    call.settings()
    add, _ = read_tags(",".join(args.add))
    remove, _ = read_tags(",".join(args.remove))
    if not args.job and (add or remove or args.note is not None):
        raise VerbError("Name the jobs to be tagged: whisul-tui tag JOB --add TAGS")
    if (args.add and not add) or (args.remove and not remove):
        raise VerbError("A tag has letters or figures, and does not begin with - or #.")
    if args.note is not None and len(args.note) > LONGEST_NOTE:
        raise VerbError(f"A note has at most {LONGEST_NOTE:,} characters.")
    with open_store(call.paths) as database:
        store = JobStore(database) if database else None
        if not args.job:
            _list(call, store.known_tags() if store else {})
            return Exit.DONE
        jobs = find_jobs(store, args.job)
        numbers = [job.number for job in jobs]
        if store is not None and (add or remove or args.note is not None):
            with store.turn():  # all of it, or nothing
                store.tag(numbers, add, remove)
                for number in numbers if args.note is not None else ():
                    store.write_note(number, args.note)
            jobs = find_jobs(store, args.job)
    if args.json:
        call.out.document(documents(jobs, many=len(args.job) > 1))
    else:
        told = [[job.job_id or job.client_id, own_tag_words(job) or "-", _line(job.note)] for job in jobs]
        for line in columns(told):
            call.out.data(line)
    return Exit.DONE


def _line(note: str | None) -> str:
    return " ".join((clean_note(note) or "").split())


def _list(call: Call, tags: dict[str, int]) -> None:
    if call.args.json:
        call.out.document([{"tag": tag, "jobs": jobs} for tag, jobs in tags.items()])
    elif not tags:
        call.out.note("No job has a tag of your own yet.")
    else:
        for line in columns([[tag, f"{jobs:,}"] for tag, jobs in tags.items()], right=frozenset({1})):
            call.out.data(line)
