"""Giving a finished file its name, without ever taking another file's place."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from whisul_tui.domain.id3 import id3_size
from whisul_tui.listening.other_tags import MARKED, holds_mark, source_mark

_NUMBERS = 99
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL})
_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
_RENAME_EXCL = 4
_CHUNK = 1 << 20
_COMPARED = 4096  # bytes of music


class NoNameLeft(Exception):  # noqa: N818
    """A name is taken by ninety-nine other files."""


def candidates(folder: Path, stem: str, ending: str) -> Iterator[Path]:
    """`name.mp3`, `name (2).mp3`, up to ninety-nine."""
    yield folder / f"{stem}{ending}"
    for number in range(2, _NUMBERS + 1):
        yield folder / f"{stem} ({number}){ending}"


def find_kept(folder: Path, stem: str, ending: str, total: int, head: bytes) -> Path | None:
    """The file under one of the names that is as long as the offered one and begins like it, or None.

    What counts is the music: a tag in front, which a kept song has of us, is left out on both sides. So `head` must
    reach beyond the offered one's tag: see `head_needed`.
    """
    if ending in MARKED:
        mark = source_mark(total, head)
        marked = next((path for path in _files(folder, stem, ending) if holds_mark(path, mark)), None)
        if marked is not None:
            return marked
    tag = id3_size(head)
    for path, own in _as_long(folder, stem, ending, total - tag):
        with path.open("rb") as kept:
            kept.seek(own)
            if head[tag:] and kept.read(len(head) - tag) == head[tag:]:
                return path
    return None


def head_needed(folder: Path, stem: str, ending: str, total: int, head: bytes) -> int:
    """How many bytes of the offered file `find_kept` must see; 0 where nothing kept can be it.

    The first ten bytes of `head` are enough to tell.
    """
    if ending in MARKED:
        return min(_COMPARED, total) if any(_files(folder, stem, ending)) else 0
    tag = id3_size(head)
    return tag + min(_COMPARED, total - tag) if any(_as_long(folder, stem, ending, total - tag)) else 0


def _as_long(folder: Path, stem: str, ending: str, length: int) -> Iterator[tuple[Path, int]]:
    """Files under one of the names with so many bytes of music, and how many bytes of tag stand before it."""
    for path in _files(folder, stem, ending):
        with path.open("rb") as kept:
            own = id3_size(kept.read(10))
            if length > 0 and os.fstat(kept.fileno()).st_size - own == length:
                yield path, own


def _files(folder: Path, stem: str, ending: str) -> Iterator[Path]:
    """The files under one of the names."""
    for path in candidates(folder, stem, ending):
        try:
            status = path.stat(follow_symlinks=False)
        except FileNotFoundError:
            return
        if stat.S_ISREG(status.st_mode):
            yield path


def place(part: Path, folder: Path, stem: str, ending: str) -> tuple[Path, bool]:
    """Moves `part` to the first free name; (path, False), or (path, True) where the same bytes were there already.

    Raises OSError, NoNameLeft.
    """
    for path in candidates(folder, stem, ending):
        try:
            _move(part, path)
        except FileExistsError:
            if not _same_bytes(part, path):
                continue
            part.unlink()
            return path, True
        _sync_folder(folder)
        return path, False
    raise NoNameLeft(stem)


def _move(part: Path, path: Path) -> None:
    try:
        os.link(part, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    else:
        part.unlink()
        return
    if not _renamed(part, path):  # neither links nor an exclusive rename (some network folders): look, then rename
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "taken", str(path))
        part.rename(path)


def _renamed(part: Path, path: Path) -> bool:
    """An exclusive rename by the system's own call; False where there is none. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    source, target = os.fsencode(part), os.fsencode(path)
    try:
        if sys.platform == "darwin":
            failed = libc.renamex_np(source, target, _RENAME_EXCL)
        else:
            failed = libc.renameat2(_AT_FDCWD, source, _AT_FDCWD, target, _RENAME_NOREPLACE)
    except AttributeError:  # a libc without it
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _NO_LINKS:
        return False
    raise OSError(number, os.strerror(number), str(path))


def _same_bytes(one: Path, other: Path) -> bool:
    status = other.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode) or status.st_size != one.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while chunk := left.read(_CHUNK):
            if chunk != right.read(_CHUNK):
                return False
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that has no such thing
            raise
    finally:
        os.close(descriptor)
