"""`import`: merges another host's export into the store."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.domain.clean import clean_line
from whisul_tui.domain.export_record import Record, RecordError, read_record
from whisul_tui.formatting import counted
from whisul_tui.storage import Database
from whisul_tui.storage.exporting import FORMAT, VERSION
from whisul_tui.storage.merging import Merged, merge

_LARGEST = 512 * 1024 * 1024  # bytes
_MOST = 1_000_000  # jobs
_EPILOG = """\
Takes what `whisul-tui export` wrote as json; - is standard input. Nothing is doubled, importing twice changes nothing:
a job that is here already only learns what it lacks (its end, its song, tags, a star, a note); what you wrote stays.
Jobs that run are followed from here too, by the profile of their account. Prompts that the other host still held stay
with it: nothing that is imported is ever sent. One that was just being sent comes as unconfirmed."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `import`."""
    parser.epilog = _EPILOG
    parser.add_argument("file", metavar="FILE", help="an export as json; - is standard input")
    parser.add_argument("--json", action="store_true", help="print what came of it as JSON")


def run(call: Call) -> int:
    """Merges, tells what came of it, and returns 0, or 1 where records could not be used."""
    call.settings()
    content = _content(call.args.file)
    host = clean_line(content.get("host"), 100) or "another host"
    records, wrong = _records(content["jobs"])
    with Database.open(call.paths.database) as database:
        merged = merge(database, records, host=host, now=time.time())
    if call.args.json:
        told = {"new": merged.new, "completed": merged.completed, "same": merged.same, "held": merged.held}
        call.out.document(told | {"unreadable": len(wrong)})
    for sentence in _sentences(merged, wrong, host):
        call.out.note(sentence)
    return Exit.UNEXPECTED if wrong else Exit.DONE


def _sentences(merged: Merged, wrong: list[str], host: str) -> list[str]:
    told = [
        f"From {host}: {counted(merged.new, 'new job')}, {merged.completed:,} that learnt something, {merged.same:,}"
        " known already."
    ]
    if merged.held:
        told.append(f"{counted(merged.held, 'prompt')} not sent yet stay with {host}.")
    if wrong:
        told.append(f"{counted(len(wrong), 'record')} could not be used; the first: {wrong[0]}.")
    return told


def _content(name: str) -> dict[str, Any]:
    try:
        if name == "-":
            body = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(name).expanduser().open("rb") as file:
                body = file.read(_LARGEST + 1)
    except OSError as error:
        raise VerbError(f"{name} cannot be read: {error.strerror}.") from error
    if len(body) > _LARGEST:
        raise VerbError(f"{name} is larger than {_LARGEST // 2**20} MB; that is no export of ours.")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("jobs"), list):
        raise VerbError(f"{clean_line(name, 200)} is no export of whisul-tui (json).")
    version = content.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise VerbError(f"{clean_line(name, 200)} was written by a newer whisul-tui; update this one first.")
    return content


def _records(contents: list[object]) -> tuple[list[Record], list[str]]:
    records: list[Record] = []
    wrong: list[str] = []
    for place, content in enumerate(contents[:_MOST], 1):
        try:
            records.append(read_record(content))
        except RecordError as error:
            wrong.append(f"number {place}, {error}")
    if len(contents) > _MOST:
        wrong.append(f"more than {_MOST:,} jobs are not taken at once")
    return records, wrong
