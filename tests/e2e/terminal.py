"""A terminal for tests: a program on a real pty, emulated with pyte; works wherever Python does."""

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
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.e2e.emulation import CURSOR, Emulation

SECONDS = 20.0
KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "backspace": "\x7f", "space": " ", "delete": "\x1b[3~",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
    "f9": "\x1b[20~",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}, "ctrl+\\": "\x1c",
}  # fmt: skip
_TAKE_TERMINAL = "import fcntl,os,sys,termios;fcntl.ioctl(0,termios.TIOCSCTTY,0);os.execv(sys.argv[1],sys.argv[1:])"

_REMEMBERED = 40  # of what was typed and shown: told where a wait fails

Condition = str | re.Pattern[str] | Callable[[], object]


def met(condition: Condition, text: str) -> object:
    """Whether a text holds the string or pattern, or the function says yes."""
    if isinstance(condition, str):
        return condition in text
    return condition.search(text) if isinstance(condition, re.Pattern) else condition()


def pause(seconds: float) -> None:
    """Lets real time pass, where that is what is being tested."""
    threading.Event().wait(seconds)


class Terminal:
    """A program in a terminal of its own, which is always being read unless told otherwise; ended by `close`."""

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], *, columns: int = 80, rows: int = 24, cwd: Path
    ) -> None:
        self._master, self._slave = pty.openpty()
        self._emulation = Emulation(columns, rows)
        self._changed = threading.Condition()
        self._reads = threading.Event()
        self._reads.set()
        self._closing = False
        self.raw = bytearray()
        self._passed: deque[str] = deque(maxlen=_REMEMBERED)
        self._set_size(columns, rows)
        self.settings_before = termios.tcgetattr(self._slave)
        self.process = subprocess.Popen(
            [sys.executable, "-ISc", _TAKE_TERMINAL, *words],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env=dict(environment),
            cwd=cwd,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    # -- what it shows

    def text(self) -> str:
        """The picture, line by line."""
        with self._changed:
            return self._emulation.text()

    @property
    def title(self) -> str:
        """The window's title."""
        with self._changed:
            return self._emulation.title

    def wait_for(self, condition: Condition, seconds: float = SECONDS, *, ended_too: bool = False) -> Any:
        """Waits until the picture holds a text or pattern, or a function says yes; returns what was found.

        Fails with the picture when it does not come in time, or the program ends before (unless `ended_too`).
        """
        deadline = time.monotonic() + seconds
        while True:
            ended = self.process.poll() is not None
            with self._changed:
                if found := met(condition, self._emulation.text()):
                    return found
                if (ended and not ended_too) or time.monotonic() >= deadline:
                    raise AssertionError(self._told(condition, ended))
                self._changed.wait(0.05)

    def _told(self, condition: Condition, ended: bool) -> str:
        how = f"ended with {self.process.returncode}" if ended else "is running"
        wanted = condition.pattern if isinstance(condition, re.Pattern) else condition
        passed = "\n".join([f"{time.monotonic():.3f} now", *self._passed])
        return f"{wanted!r} did not come; the program {how} and shows:\n{self._emulation.text()}\n{passed}"

    def _note(self, what: str, data: bytes) -> None:
        cut = f"{data[:60]!r} ... {data[-60:]!r}" if len(data) > 120 else repr(data)
        self._passed.append(f"{time.monotonic():.3f} {what} {len(data)}: {cut}")

    # -- what a user does

    def write(self, data: str | bytes) -> None:
        """Bytes as the keyboard sends them."""
        data = data.encode() if isinstance(data, str) else data
        self._note("typed", data)
        while data:
            data = data[os.write(self._master, data) :]

    def press(self, *names: str) -> None:
        """Keys by name (`enter`, `ctrl+q`) or as the one character they write."""
        self.write("".join(KEYS.get(name, name) for name in names))

    def paste(self, text: str) -> None:
        """A paste as a terminal with bracketed paste hands it over."""
        self.write(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Another size; the program gets SIGWINCH."""
        with self._changed:
            self._emulation.resize(max(1, columns), max(1, rows))
        self._set_size(columns, rows)

    def freeze(self) -> None:
        """Nobody reads the terminal any more, as behind a dead ssh."""
        self._reads.clear()

    def thaw(self) -> None:
        """It is read again."""
        self._reads.set()

    def hang_up(self) -> None:
        """The window is closed: the kernel sends SIGHUP."""
        self._stop_reading()
        os.close(self._master)
        self._master = -1

    # -- the process

    @property
    def pid(self) -> int:
        """The program's process."""
        return self.process.pid

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the program alone."""
        self.process.send_signal(number)

    def wait(self, seconds: float = SECONDS) -> int:
        """The exit code once the program has ended and all it wrote was read; -n for signal n."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it goes on after {seconds} s and shows:\n{self.text()}") from None
        if self._master >= 0:
            self._stop_reading()
        return code

    def kill(self) -> None:
        """kill -9, and waits for it."""
        self.signal(signal.SIGKILL)
        self.process.wait(SECONDS)

    def settings(self) -> list[Any]:
        """The line settings of the terminal now."""
        return termios.tcgetattr(self._slave)

    def check_given_back(self) -> None:
        """Fails unless the terminal is as the program found it: line settings, modes, cursor, screen."""
        with self._changed:
            self._changed.wait_for(lambda: not self._emulation.borrowed, 2.0)  # a stopped one's last bytes are read yet
            assert self._emulation.borrowed == set(), f"left on: {self._emulation.borrowed}"
            assert self._emulation.kitty_pushed == 0, "the kitty keyboard protocol was left on"
            assert CURSOR in self._emulation.modes, "the cursor was left hidden"
        if self._master >= 0:
            assert self.settings() == self.settings_before, "the line settings were not put back"

    def close(self) -> None:
        """Ends the program, its session and the terminal, whatever state they are in."""
        if self.process.poll() is None:
            for number in (signal.SIGCONT, signal.SIGKILL):
                os.killpg(self.process.pid, number)
            self.process.wait(SECONDS)
        self._stop_reading()
        for end in (self._master, self._slave):
            if end >= 0:
                os.close(end)
        self._master = self._slave = -1

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- reading

    def _read(self) -> None:
        while True:
            self._reads.wait()
            ready, _, _ = select.select([self._master], [], [], 0.02)
            if not ready:
                if self._closing:
                    return
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux says EIO when nobody has the other end open
                return
            with self._changed:
                self.raw += data
                self._note("shown", data)
                if answer := self._emulation.feed(data):
                    self._note("answered", answer)
                self._changed.notify_all()
            if answer and self.process.poll() is None:
                os.write(self._master, answer)

    def _stop_reading(self) -> None:
        """Reads what is left and ends the thread."""
        self._closing = True
        self._reads.set()
        self._reader.join(SECONDS)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
