"""A terminal program measured from outside: a real pty, every chunk stamped as it arrives, parsed only afterwards."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyte

COLUMNS, ROWS = 120, 40
SILENCE = 0.025  # seconds without a byte after which an answer is over: longer than a frame of 60 Hz
KEYS = {
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "enter": "\r", "escape": "\x1b", "tab": "\t", "backspace": "\x7f",
}  # fmt: skip
_TAKE_TERMINAL = "import fcntl,os,sys,termios;fcntl.ioctl(0,termios.TIOCSCTTY,0);os.execvp(sys.argv[1],sys.argv[1:])"
_ASKS_MODE = re.compile(rb"\x1b\[\?(\d+)\$p")
NOT_FOR_PYTE = re.compile(
    rb"\x1b\[\?\d+\$p|\x1b\[[<>=?][\d;]*[a-gi-km-zA-Z]|\x1bP[^\x1b]*\x1b\\|\x1b\[22;2t|\x1b\][^\x07\x1b]*\x07"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came after a key: milliseconds to the first and to the last byte, the bytes, and CPU milliseconds."""

    first_ms: float
    last_ms: float
    size: int
    cpu_ms: float
    began: float = 0.0  # when the key was written, by `time.perf_counter`


class Program:
    """A program on a terminal of 120 x 40 that knows synchronized output and answers at once; ended by `close`.

    `delay` (seconds) is how late the terminal's own answers come, as over a long line.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], cwd: Path, *, delay: float = 0.0) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._delay = delay
        self._open = True
        self.chunks: list[tuple[float, bytes]] = []
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-ISc", _TAKE_TERMINAL, *words],
            stdin=slave, stdout=slave, stderr=slave, env=dict(environment), cwd=cwd, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self._reader = threading.Thread(target=self._read, name="pty", daemon=True)
        self._reader.start()

    # -- what came

    @property
    def size(self) -> int:
        """How many bytes have come."""
        return sum(len(data) for _, data in self.chunks)

    def since(self, mark: int) -> bytes:
        """What has come since there were `mark` chunks."""
        return b"".join(data for _, data in self.chunks[mark:])

    def quiet(self, silence: float = SILENCE, patience: float = 60.0) -> float:
        """Waits until nothing has come for so long; the time of the last byte."""
        until = time.perf_counter() + patience
        while time.perf_counter() < until:
            last = self.chunks[-1][0] if self.chunks else time.perf_counter()
            rest = silence - (time.perf_counter() - last)
            if self.chunks and rest <= 0:
                return last
            time.sleep(min(max(rest, 0.001), silence))
        raise TimeoutError(f"no silence in {patience} s; it shows:\n{self.text()}")

    def visible(self, pattern: str, *, silence: float = 0.4, patience: float = 90.0) -> float:
        """Milliseconds from the start to the chunk that made the pattern visible; waits for it and for silence."""
        until = time.perf_counter() + patience
        while time.perf_counter() < until:
            self.quiet(silence)
            screen, stream = _emulation()
            for at, data in list(self.chunks):
                stream.feed(NOT_FOR_PYTE.sub(b"", data))
                if re.search(pattern, "\n".join(screen.display)):
                    return (at - self.started) * 1000
            time.sleep(0.05)
        raise TimeoutError(f"{pattern!r} did not come; it shows:\n{self.text()}")

    def holds(self, words: bytes, patience: float = 90.0) -> None:
        """Waits until these bytes have come: without emulating anything, which takes longer than a start."""
        until = time.perf_counter() + patience
        while words not in self.since(0):
            if time.perf_counter() > until:
                raise TimeoutError(f"{words!r} did not come; it shows:\n{self.text()}")
            time.sleep(0.001)

    def text(self) -> str:
        """The picture as it stands."""
        screen, stream = _emulation()
        stream.feed(NOT_FOR_PYTE.sub(b"", self.since(0)))
        return "\n".join(line.rstrip() for line in screen.display)

    # -- what is done to it

    def write(self, text: str) -> None:
        """Sends it as the keyboard does."""
        os.write(self._master, text.encode())

    def press(self, key: str, silence: float = SILENCE) -> Answer:
        """Presses a key by name or character, and waits until the answer is over."""
        mark, cpu = len(self.chunks), self.cpu()
        began = time.perf_counter()
        self.write(KEYS.get(key, key))
        while len(self.chunks) == mark and time.perf_counter() < began + 2.0:
            time.sleep(0.0005)
        if len(self.chunks) == mark:
            return Answer(0.0, 0.0, 0, (self.cpu() - cpu) * 1000)
        last = self.quiet(silence)
        first = self.chunks[mark][0]
        return Answer(
            (first - began) * 1000, (last - began) * 1000, len(self.since(mark)), (self.cpu() - cpu) * 1000, began
        )

    def idle(self, seconds: float) -> tuple[float, float]:
        """Bytes a second and percent of a core while nobody types."""
        mark, cpu, began = len(self.chunks), self.cpu(), time.perf_counter()
        time.sleep(seconds)
        passed = time.perf_counter() - began
        return len(self.since(mark)) / passed, (self.cpu() - cpu) / passed * 100

    # -- what it costs

    def cpu(self) -> float:
        """CPU seconds of the process so far, with those of threads that have ended, by its own clock."""
        try:
            return time.clock_gettime(_cpu_clock(self._process.pid))
        except OSError:  # it has ended; a figure without it would be less than the one before
            raise ChildProcessError(f"the program has ended; it shows:\n{self.text()}") from None

    def pss(self) -> float:
        """Proportional memory in MiB."""
        return psutil.Process(self._process.pid).memory_full_info().pss / 2**20

    def close(self) -> None:
        """Ends the program with its session."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        self._open = False
        self._reader.join(10)
        os.close(self._master)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        while self._open:
            if not select.select([self._master], [], [], 0.05)[0]:
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            self.chunks.append((time.perf_counter(), data))
            if answer := _answers(data):
                threading.Timer(self._delay, self._answer, (answer,)).start() if self._delay else self._answer(answer)

    def _answer(self, answer: bytes) -> None:
        if self._process.poll() is None and self._open:
            os.write(self._master, answer)


def _cpu_clock(process: int) -> int:
    """The number of a process's CPU clock, as `clock_getcpuclockid` of the C library makes it."""
    return ~process << 3 | 2


def _emulation() -> tuple[pyte.Screen, pyte.ByteStream]:
    screen = pyte.Screen(COLUMNS, ROWS)
    return screen, pyte.ByteStream(screen)


def _answers(data: bytes) -> bytes:
    answers = [b"\x1b[?%b;%d$y" % (number, 2 if number == b"2026" else 0) for number in _ASKS_MODE.findall(data)]
    if b"\x1b[c" in data or b"\x1b[0c" in data:
        answers.append(b"\x1b[?62;22c")
    return b"".join(answers)
