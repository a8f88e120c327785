"""Folders and sockets that nobody but the user can reach, or a sentence on why not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

SOCKET_PATH_BYTES = 103  # what macOS takes; Linux takes four more


class PlaceError(Exception):
    """A folder or socket that must not be used; the message says why and what to do."""


def private_folder(folder: Path) -> Path:
    """The folder, made where it is missing and closed to others. Raises PlaceError.

    The folder above must be the user's or root's too: whoever owns it could put another one in the place.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = folder.stat(follow_symlinks=False)
        above = folder.parent.stat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            raise PlaceError(f"{folder} is not a folder of yours. Remove it, or set XDG_RUNTIME_DIR to one that is.")
        if above.st_uid not in (0, os.geteuid()) or (above.st_mode & 0o022 and not above.st_mode & stat.S_ISVTX):
            raise PlaceError(f"Others may write to {folder.parent}. Set XDG_RUNTIME_DIR to a folder of your own.")
        if stat.S_IMODE(status.st_mode) & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise PlaceError(f"{folder} cannot be used: {error.strerror}. Set XDG_RUNTIME_DIR to another.") from error
    return folder


def socket_path(path: Path) -> Path:
    """The path, if the system takes one so long for a socket. Raises PlaceError."""
    if len(os.fsencode(path)) > SOCKET_PATH_BYTES:
        raise PlaceError(f"{path} is too long a path for a socket. Set XDG_RUNTIME_DIR to a shorter one.")
    return path


def own_socket(path: Path) -> os.stat_result | None:
    """The status of a socket of the user's, None where nothing is. Raises PlaceError for what is not the user's."""
    try:
        status = path.stat(follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise PlaceError(f"{path} cannot be looked at: {error.strerror}.") from error
    if not stat.S_ISSOCK(status.st_mode) or status.st_uid != os.geteuid():
        raise PlaceError(f"{path} is not a socket of yours, so it is left alone.")
    return status


def remove_stale(path: Path, seen: os.stat_result) -> bool:
    """Removes the socket that nobody listens at any more; False where another has taken its place or it cannot be."""
    try:
        if not os.path.samestat(path.stat(follow_symlinks=False), seen):
            return False
        path.unlink()
    except OSError:
        return False
    return True
