"""The listener's own socket: one listener a place, what a killed one left is cleared away."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whisul_tui.listening.private_places import PlaceError, own_socket, private_folder, socket_path


@contextmanager
def bound(path: Path) -> Iterator[socket.socket]:
    """A socket bound to `path`, in a folder for the user alone, and listening. Raises PlaceError."""
    private_folder(socket_path(path).parent)
    lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PlaceError(f"Another listener is at {path}. One is enough for any number of servers.") from None
        if own_socket(path) is not None:  # nobody holds the lock, so nobody listens there
            path.unlink()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listening.bind(str(path))
            path.chmod(0o600)
            listening.listen(8)
            yield listening
        finally:
            listening.close()
            path.unlink(missing_ok=True)
    finally:
        os.close(lock)
