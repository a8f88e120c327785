"""What the terminal sends for each key, read as Textual reads it, without a screen."""

from __future__ import annotations

import codecs
import os
import select
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from textual import events
from textual._xterm_parser import XTermParser

# As Textual asks for keys: disambiguate, all keys, their text (https://sw.kovidgoyal.net/kitty/keyboard-protocol/).
_ASK, _STOP_ASKING = "\x1b[>25u", "\x1b[<u"
_ESCAPE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Press:
    """One key: its name as Textual has it, and what the terminal sent for it."""

    name: str
    raw: str


class KeyReader:
    """Turns what comes from the terminal into presses; an escape that nothing follows is one after `tick`."""

    def __init__(self) -> None:
        self._parser = XTermParser()
        self._raw = ""

    def feed(self, text: str) -> Iterator[Press]:
        """The presses that end with one of these characters."""
        for character in text:
            self._raw += character
            yield from self._presses(list(self._parser.feed(character)))

    def tick(self) -> Iterator[Press]:
        """Time has passed with nothing more."""
        yield from self._presses(list(self._parser.tick()))

    def _presses(self, tokens: list[object]) -> Iterator[Press]:
        if tokens:
            raw, self._raw = self._raw, ""
            yield from (Press(token.key, raw) for token in tokens if isinstance(token, events.Key))


def presses(handle: int) -> Iterator[Press]:
    """The keys that are pressed on a terminal in `raw_keys`, until it is closed."""
    reader, decoder = KeyReader(), codecs.getincrementaldecoder("utf-8")("replace")
    while True:
        if not select.select([handle], [], [], _ESCAPE_SECONDS)[0]:
            yield from reader.tick()
            continue
        try:
            raw = os.read(handle, 1024)
        except OSError:  # Linux says EIO where the terminal is gone
            return
        if not raw:
            return
        yield from reader.feed(decoder.decode(raw))


@contextmanager
def raw_keys(handle: int) -> Iterator[None]:
    """Lets every key come as the TUI gets it, ctrl+c and ctrl+z too, and gives the terminal back at the end."""
    before = termios.tcgetattr(handle)
    wanted = termios.tcgetattr(handle)
    wanted[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    wanted[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    try:
        termios.tcsetattr(handle, termios.TCSADRAIN, wanted)
        _write(_ASK)
        yield
    finally:
        with suppress(OSError, termios.error):  # the terminal may be gone
            _write(_STOP_ASKING)
            termios.tcsetattr(handle, termios.TCSAFLUSH, before)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
