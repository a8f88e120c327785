"""An import in a process of its own: to parse an export holds up every thread, and its memory is never given back."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from whisul_tui.domain.clean import clean_line
from whisul_tui.storage.database import Database
from whisul_tui.storage.errors import StoreError
from whisul_tui.storage.import_file import NoExport, read_file, told
from whisul_tui.storage.merging import merge

GIVES_WAY = 10  # of 19: whoever types in a whisul-tui meanwhile comes first
_ROOT = str(Path(__file__).resolve().parents[2])  # a clone that is not installed is importable: last of all folders
_RUN = "import sys; sys.path.append(sys.argv.pop(1)); from whisul_tui.storage.import_beside import main; main()"
_COMMAND = (sys.executable, "-P", "-c", _RUN, _ROOT)
_SENTENCE = 2000  # characters
_BROKE_OFF = "The import broke off. What was merged is there; importing once more does no harm."
_log = logging.getLogger(__name__)


class Imported(NamedTuple):
    """What came of an import, as a sentence or more; `bad` where records could not be used."""

    sentence: str
    bad: bool


def import_beside(store: Path, source: Path, now: float) -> Imported:
    """Merges the export into the store; blocks until that is done. Raises NoExport and StoreError with a sentence.

    It ends by itself, and whole, where this process ends before.
    """
    done = subprocess.run(
        (*_COMMAND, str(store), str(source), str(now)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("WHISUL_")},  # the key among them
        start_new_session=True,
        check=False,
    )
    try:
        found = json.loads(done.stdout)
        sentence, kind = clean_line(found["sentence"], _SENTENCE), found["kind"]
    except (ValueError, KeyError, TypeError):
        _log.error("an import ended with %d: %s", done.returncode, done.stderr[-_SENTENCE:].decode("utf-8", "replace"))
        raise NoExport(_BROKE_OFF) from None
    if kind == "refused":
        raise NoExport(sentence)
    if kind == "store":
        raise StoreError(sentence)
    return Imported(sentence, kind == "partly")


def _import(store: Path, source: Path, now: float) -> tuple[str, str]:
    """The kind of end, and its sentence."""
    try:
        found = read_file(source)
        with Database.open(store) as database:
            merged = merge(database, found.records, host=found.host, now=now)
    except NoExport as error:
        return "refused", str(error)
    except StoreError as error:
        return "store", str(error)
    return "partly" if found.wrong else "whole", " ".join(told(merged, found))


def main() -> None:
    """`STORE FILE NOW`: one line of JSON on standard output."""
    store, source, now = sys.argv[1:]
    with suppress(OSError):
        os.nice(GIVES_WAY)
    kind, sentence = _import(Path(store), Path(source), float(now))
    with suppress(OSError):  # nobody listens any more
        sys.stdout.write(json.dumps({"kind": kind, "sentence": sentence}) + "\n")
        sys.stdout.flush()
