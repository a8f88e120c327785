"""The part of a file that is still coming: hidden beside its later place, locked, and ready to be continued."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whisul_tui.domain.id3 import id3_size
from whisul_tui.listening.download_errors import AlreadyRunning, DiskFull, NotStored
from whisul_tui.listening.placing import NoNameLeft, place
from whisul_tui.listening.resuming import Remote

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_RESERVE = 1 << 20  # bytes left free: the job store may live on the same disk
_STATE_BYTES = 4096
_OPENINGS = 5
_COPIED = 1 << 20


class PartFile:
    """`.<name>.part` and, beside it, `.<name>.part.json` with what the server said of the whole.

    `size` bytes have come. One process and one download at a time hold it. Errors: the NotStored branch.
    """

    def __init__(self, folder: Path, name: str) -> None:
        """Opens or creates it. Raises AlreadyRunning, NotStored."""
        self._folder = folder
        self._path = folder / f".{name}.part"
        self._state = folder / f".{name}.part.json"
        with stored(folder):
            self._descriptor = self._opened()
            try:
                self.size = os.fstat(self._descriptor).st_size
                self.remote = self._read_state() if self.size else None
            except BaseException:
                os.close(self._descriptor)
                raise

    def begin(self, remote: Remote) -> None:
        """Starts anew: what was there is dropped, `remote` is noted."""
        with stored(self._folder):
            os.ftruncate(self._descriptor, 0)  # first: a note of the new file never stands beside bytes of the old
            self.size = 0
            self.remote = remote
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(self._state, flags, 0o644)
            try:
                os.write(descriptor, remote.written().encode())
            finally:
                os.close(descriptor)

    def append(self, chunk: bytes) -> None:
        """Adds bytes at the end. On a full disk what fitted stays, and counts."""
        rest = memoryview(chunk)
        with stored(self._folder):
            while rest:
                written = os.pwrite(self._descriptor, rest, self.size)
                self.size += written
                rest = rest[written:]

    def read(self, start: int, count: int) -> bytes:
        """`count` bytes from `start`."""
        with stored(self._folder):
            return os.pread(self._descriptor, count, start)

    def check_room(self, count: int) -> None:
        """Raises DiskFull when `count` more bytes will not fit."""
        with stored(self._folder):
            disk = os.fstatvfs(self._descriptor)
        if disk.f_bavail * disk.f_frsize < count + _RESERVE:
            raise _full(self._folder)

    def keep(
        self, stem: str, ending: str, tag: bytes = b"", write_tags: Callable[[Path], object] | None = None
    ) -> tuple[Path, bool]:
        """Gives the finished file its name; (path, True) where the same bytes were there already.

        A `tag` takes the place of the one that it came with; `write_tags` writes others into a copy. Until the file has
        its name, what came stays as it came: after a break the download goes on from there.
        """
        with stored(self._folder):
            os.fsync(self._descriptor)
            source = self._retagged(tag, write_tags) if tag or write_tags else self._path
            try:
                kept = place(source, self._folder, stem, ending)
            except NoNameLeft:
                raise NotStored(f"{self._folder} has 99 other files called {stem}. Move some away.") from None
            finally:
                if source != self._path:
                    source.unlink(missing_ok=True)
            if source != self._path:
                self._path.unlink(missing_ok=True)
            self._state.unlink(missing_ok=True)
            self.size = 0
        return kept

    def _retagged(self, tag: bytes, write_tags: Callable[[Path], object] | None) -> Path:
        self.check_room(self.size + len(tag))
        path = self._path.with_name(f"{self._path.name}.tagged")
        path.unlink(missing_ok=True)  # of a download that was killed: this one holds the lock
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(tag)
                at = id3_size(os.pread(self._descriptor, 10, 0)) if tag else 0
                while chunk := os.pread(self._descriptor, _COPIED, at):
                    file.write(chunk)
                    at += len(chunk)
                file.flush()
                if write_tags is not None:
                    write_tags(path)
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def discard(self) -> None:
        """Forgets what came."""
        with stored(self._folder):
            os.ftruncate(self._descriptor, 0)
        self.size = 0

    def close(self) -> None:
        """Lets go of it; nothing is left behind where nothing came."""
        if self.size == 0:
            with suppress(OSError):  # litter is no reason to fail
                if self._is_at_path(self._descriptor):
                    self._path.unlink()
                    self._state.unlink(missing_ok=True)
        os.close(self._descriptor)

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        for _ in range(_OPENINGS):
            descriptor = os.open(self._path, flags, 0o644)
            try:
                status = os.fstat(descriptor)
                self._check_owner(status)
                self._lock(descriptor)
                if status.st_nlink == 1 and self._is_at_path(descriptor):
                    return descriptor
                if status.st_nlink > 1:  # killed between link and unlink: these bytes have their final name already
                    self._path.unlink(missing_ok=True)
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
        raise AlreadyRunning("This song is being downloaded elsewhere right now.")

    def _check_owner(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            raise NotStored(f"{self._path} is not a file of yours. Remove it, then download again.")

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning("This song is being downloaded elsewhere right now.") from None
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):  # a folder that knows no locks
                raise

    def _is_at_path(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(self._path.stat(follow_symlinks=False), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    def _read_state(self) -> Remote | None:
        try:
            descriptor = os.open(self._state, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError:  # absent or not ours to read: the part cannot be continued, and is fetched anew
            return None
        try:
            return Remote.read(os.read(descriptor, _STATE_BYTES).decode("utf-8", "replace"))
        finally:
            os.close(descriptor)


@contextmanager
def stored(folder: Path) -> Iterator[None]:
    """Says in a sentence why a folder or disk refuses."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _full(folder) from error
        why = error.strerror or type(error).__name__
        raise NotStored(f"{folder} cannot be written: {why}. Choose another in the settings or with --to.") from error


def _full(folder: Path) -> DiskFull:
    return DiskFull(f"No room is left for the song in {folder}. Make room and download again: it goes on from there.")
