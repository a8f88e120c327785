"""Reading an export of another host: bounded in size, each record cleaned or refused with a reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from whisul_tui.domain.clean import clean_line
from whisul_tui.domain.export_record import Record, RecordError, read_record
from whisul_tui.storage.exporting import FORMAT, VERSION
from whisul_tui.storage.merging import Merged

_LARGEST = 512 * 1024 * 1024  # bytes
_MOST = 1_000_000  # jobs


class NoExport(ValueError):  # noqa: N818 - what it is
    """The file is no export that can be read; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a file holds: the host it came from, its jobs, and a reason for each record that could not be used."""

    host: str
    records: tuple[Record, ...]
    wrong: tuple[str, ...]


def read_file(path: Path) -> Import:
    """The export in a file; raises NoExport."""
    try:
        with path.open("rb") as file:
            return read_export(file, path.name)
    except OSError as error:
        raise NoExport(f"{path} cannot be read: {error.strerror}.") from error


def read_export(file: BinaryIO, name: str) -> Import:
    """The export that a stream gives; raises NoExport and OSError."""
    name = clean_line(name, 200)
    body = file.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise NoExport(f"{name} is larger than {_LARGEST // 2**20} MB; that is no export of ours.")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("jobs"), list):
        raise NoExport(f"{name} is no export of whisul-tui (json).")
    version = content.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise NoExport(f"{name} was written by a newer whisul-tui; update this one first.")
    records: list[Record] = []
    wrong: list[str] = []
    for place, record in enumerate(content["jobs"][:_MOST], 1):
        try:
            records.append(read_record(record))
        except RecordError as error:
            wrong.append(f"number {place}, {error}")
    if len(content["jobs"]) > _MOST:
        wrong.append(f"more than {_MOST:,} jobs are not taken at once")
    return Import(clean_line(content.get("host"), 100) or "another host", tuple(records), tuple(wrong))


def told(merged: Merged, found: Import) -> list[str]:
    """What came of an import, in sentences."""
    counts = f"{merged.new:,} new, {merged.completed:,} that learnt something, {merged.same:,} known already"
    sentences = [f"From {found.host}: {counts}."]
    if merged.held:
        sentences.append(f"{merged.held:,} not sent yet stay with {found.host}.")
    if found.wrong:
        sentences.append(f"{len(found.wrong):,} could not be used; the first: {found.wrong[0]}.")
    return sentences
