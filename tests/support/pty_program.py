"""A program in a pseudo-terminal: its keys, its raw bytes, and the screen that they make."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parents[2]


class PtyProgram:
    """Feeds what the program writes to a screen; `raw` is all of it."""

    def __init__(self, process: subprocess.Popen[bytes], handle: int, size: tuple[int, int]) -> None:
        self.process = process
        self.raw = bytearray()
        self.screen = pyte.Screen(*size)
        self._handle = handle
        self._stream = pyte.ByteStream(self.screen)

    def read(self, seconds: float = 0.05) -> None:
        """Takes what comes within some seconds of silence."""
        while select.select([self._handle], [], [], seconds)[0]:
            try:
                chunk = os.read(self._handle, 65536)
            except OSError:  # Linux says EIO when the other side is closed
                return
            if not chunk:
                return
            self.raw += chunk
            self._stream.feed(chunk)

    def press(self, keys: str) -> None:
        """Writes to the program as a keyboard does."""
        os.write(self._handle, keys.encode())

    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, true: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
        """Reads until a condition holds; fails with the screen where it does not come."""
        until = time.monotonic() + seconds
        while not true():
            self.read()
            if time.monotonic() > until:
                raise AssertionError(f"{what} did not come:\n{self.text()}")

    def wait_for(self, words: str) -> None:
        """Reads until these words stand on the screen."""
        self.wait(lambda: words in self.text(), words)

    def end(self, keys: str = "\x11") -> int:
        """Presses ctrl+q (or other keys), reads to the end, and gives the exit code."""
        self.press(keys)
        self.wait(lambda: self.process.poll() is not None, "the end")
        self.read()
        return int(self.process.returncode)


@contextmanager
def in_pty(
    arguments: list[str], environ: Mapping[str, str] | None = None, size: tuple[int, int] = (80, 24)
) -> Iterator[PtyProgram]:
    """Runs this Python with arguments in a pseudo-terminal of its own, in the test's home."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **(environ or {})},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    try:
        yield PtyProgram(process, ours, size)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(ours)
