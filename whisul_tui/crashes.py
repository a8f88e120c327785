"""Reports of crashes: one file each in the state directory, without local variables and without the key."""

from __future__ import annotations

import os
import platform
import time
import traceback
from contextlib import suppress
from pathlib import Path

from whisul_tui import __version__, logs
from whisul_tui.domain.clean import clean_text
from whisul_tui.paths import private_dir

KEPT = 20  # reports; older ones go
_LARGEST = 64_000  # characters


def keep(error: BaseException, folder: Path) -> Path | None:
    """Writes what happened to a new file of mode 0600 and returns its path; None where that cannot be."""
    lines = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    system = f"Python {platform.python_version()} on {platform.system()} {platform.release()}"
    text = f"whisul-tui {__version__}, {system}, {time.strftime('%Y-%m-%d %H:%M:%S %z')}\n\n{lines}"
    try:
        private_dir(folder)
        path, handle = _new_file(folder)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(clean_text(logs.redacted(text), _LARGEST) + "\n")
    except OSError:
        return None
    _thin_out(folder)
    return path


def sentence(error: BaseException, report: Path | None, log_file: Path) -> str:
    """The one line that the user gets."""
    name = type(error).__name__
    return f"whisul-tui: something went wrong that should not ({name}); details: {report or log_file}"


def _new_file(folder: Path) -> tuple[Path, int]:
    stem = time.strftime("crash-%Y%m%d-%H%M%S", time.gmtime())
    number = 0
    while True:
        path = folder / f"{stem}-{os.getpid()}{f'-{number}' if number else ''}.txt"
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            number += 1


def _thin_out(folder: Path) -> None:
    with suppress(OSError):
        for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
