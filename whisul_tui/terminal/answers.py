"""Questions to the terminal while Textual reads its keys: the answer is taken out of what comes, and is never a key.

Textual's reader of keys is asked to let a reader of this module stand in its place; with a release of Textual that is
not known, nothing is ever asked. A terminal that does not answer costs nothing: nobody waits but who asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

from whisul_tui.terminal.handed_over import typed_ahead
from whisul_tui.terminal.textual_release import KNOWN, release

QUESTION = "\x1b[16t\x1b[c"  # the size of a cell; and what the terminal can do, which every terminal tells
_ANSWER = re.compile(r"\x1b\[(?:\?([\d;]{1,60})c|6;(\d{1,4});(\d{1,4})t)")
_BEGUN = re.compile(r"\x1b(?:\[(?:\?[\d;]{0,60}|6(?:;[\d;]{0,10})?)?)?\Z")
_SIXEL = "4"


@dataclass(slots=True)
class Told:
    """What the terminal has said: whether it draws sixels, and the pixels of a cell (width, height)."""

    sixel: bool | None = None
    cell: tuple[int, int] | None = None


class Answers:
    """One for the program: `ask` writes the question once, `told` is filled when the answer comes, in its own time."""

    def __init__(self) -> None:
        self.told = Told()
        self._heard: Callable[[], None] | None = None
        self.is_listening = False

    @property
    def was_asked(self) -> bool:
        """Whether an answer may come."""
        return self._heard is not None

    def ask(self, write: Callable[[str], None], heard: Callable[[], None]) -> None:
        """Asks, if somebody listens for the answer; `heard` is called by the reader of keys when all of it came."""
        if self.is_listening and not self.was_asked:
            self._heard = heard
            write(QUESTION)

    def take(self, data: str) -> str:
        """What is left of `data` for the keys."""
        return _ANSWER.sub(self._note, data)

    def _note(self, answer: re.Match[str]) -> str:
        able, height, width = answer.groups()
        if able is None:
            self.told.cell = (int(width), int(height))
        else:
            self.told.sixel = _SIXEL in able.split(";")
            if self._heard is not None:
                self._heard()
        return ""


ANSWERS = Answers()


class AnsweredParser(XTermParser):
    """Textual's parser of keys without the answers; one that comes in two pieces is put together first."""

    _held = ""
    _held_at = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether something may become a key once time has passed."""
        return self._timeout_time is not None or bool(self._held and "?" not in self._held)

    def feed(self, data: str) -> Iterable[Message]:
        """As the parser's own; an empty text is the end. First comes what was typed before there was a parser."""
        data = data and typed_ahead() + data
        if not data or not ANSWERS.was_asked:
            return super().feed(data)
        data = ANSWERS.take(self._held + data)
        begun = _BEGUN.search(data)
        self._held, self._held_at = (data[begun.start() :] if begun else ""), monotonic()
        data = data[: begun.start()] if begun else data
        return super().feed(data) if data else ()

    def tick(self) -> Iterable[Message]:
        """Time has passed: what was held for so long was a key (Esc, say); but no key begins like an answer."""
        if ahead := typed_ahead():
            return [*self.feed(ahead), *self.tick()]
        if not self._held or "?" in self._held or monotonic() - self._held_at < constants.ESCAPE_DELAY:
            return super().tick()
        held, self._held = self._held, ""
        return [*super().feed(held), *super().tick()]


def listen_for_answers() -> None:
    """Puts the parser in its place; before the app runs."""
    if release() in KNOWN and hasattr(linux_driver, "XTermParser"):
        setattr(linux_driver, "XTermParser", AnsweredParser)  # noqa: B010 - mypy knows of no such name there
        ANSWERS.is_listening = True
