"""An export as a file: whole or not at all, for its owner alone, and never in the place of another file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_export(target: Path, pieces: Iterable[str], *, replace: bool = False) -> int:
    """Writes the pieces into a new file beside `target`, then gives it that name; returns the bytes. Mode 0600.

    Raises OSError, FileExistsError among them where something is there and is not to be replaced.
    """
    if not replace and os.path.lexists(target):
        raise FileExistsError(17, "there is a file of that name already", str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", dir=target.parent)  # made with mode 0600
    written = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        if replace:
            written.replace(target)
        else:
            _name(written, target)
    finally:
        written.unlink(missing_ok=True)
    with suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return size


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """`stem`.`ending` in the folder, with a number where that is taken."""
    for number in range(1, 1000):
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}.{ending}"
        if not os.path.lexists(path):
            return path
    return folder / f"{stem}-{os.getpid()}.{ending}"


def _name(written: Path, target: Path) -> None:
    """Gives a file its final name, which must be free; where links are not to be had, what came meanwhile loses."""
    try:
        target.hardlink_to(written)
    except FileExistsError:
        raise
    except OSError:
        written.replace(target)
