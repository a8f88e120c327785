"""Where a verb's words go: data on standard output, everything else on standard error, progress only on a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.domain import JobState
from whisul_tui.domain.clean import OBEYED, clean_line

_COLOURS = {
    JobState.COMPLETED: "32",
    JobState.RUNNING: "36",
    JobState.SENDING: "36",
    JobState.UNCONFIRMED: "33",
    JobState.FAILED: "31",
    JobState.REJECTED: "31",
}
_OWN = re.compile("(\x1b\\[(?:0|3[1-6])m|\n)")


class Output:
    """The two streams. A reader that went away (`| head`) ends the data silently, and the verb goes on."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = sys.stdout if out is None else out
        self._err = sys.stderr if err is None else err
        terminal = os.environ.get("TERM", "")
        self.is_terminal = _is_terminal(self._out)
        self.has_progress = _is_terminal(self._err) and terminal not in ("", "dumb")
        self.has_colour = self.is_terminal and terminal not in ("", "dumb") and not os.environ.get("NO_COLOR")
        self.unicode = _encoding(self._out).startswith("utf")
        self._progress = ""
        self.is_plain = False

    def choose_glyphs(self, setting: str | None) -> None:
        """Applies the setting `glyphs`: unicode or ascii; auto keeps what the stream's encoding says."""
        if setting in ("unicode", "ascii"):
            self.unicode = setting == "unicode"

    def be_plain(self) -> None:
        """No progress and no colours from now on: for logs, and for whoever listens to the lines."""
        self.is_plain, self.has_progress, self.has_colour = True, False, False

    def data(self, text: str = "") -> None:
        """A line of data, at once: a reader may be waiting for it. Raises VerbError when it cannot be written."""
        if self._out is None or self._out.closed:
            return
        self.progress("")
        try:
            self._out.write(_harmless(text) + "\n")
            self._out.flush()
        except BrokenPipeError:
            self._silence()
        except OSError as error:
            self._silence()
            raise VerbError(f"Standard output cannot be written: {error.strerror}.", Exit.UNEXPECTED) from error

    def document(self, content: Any) -> None:
        """One JSON document; other than ASCII stands for itself where the stream can carry it."""
        import json  # the other verbs, and the TUI's start, do without

        text = json.dumps(content, indent=2, ensure_ascii=not _encoding(self._out).startswith("utf"))
        self.data("\n".join(OBEYED.sub(lambda found: json.dumps(found[0])[1:-1], line) for line in text.split("\n")))

    def note(self, sentence: str) -> None:
        """A line for the user that is no data."""
        self.progress("")
        self._tell(OBEYED.sub("", clean_line(sentence, 2000)) + "\n")

    def progress(self, text: str) -> None:
        """The one line that is overwritten; an empty text takes it away."""
        if not self.has_progress or text == self._progress:
            return
        self._progress = text
        width = _width(self._err) - 1
        self._tell("\r\x1b[K" + cut(OBEYED.sub("", clean_line(text, 400)), width))

    def coloured(self, text: str, state: JobState) -> str:
        """A text in the colour of a state, where colours are wanted."""
        code = _COLOURS.get(state) if self.has_colour else None
        return f"\x1b[{code}m{text}\x1b[0m" if code else text

    @property
    def width(self) -> int | None:
        """The columns of the terminal that shows the data; None where it goes elsewhere and is not to be cut."""
        return _width(self._out) if self.is_terminal else None

    def _tell(self, text: str) -> None:
        if self._err is not None and not self._err.closed:
            try:
                self._err.write(text)
                self._err.flush()
            except OSError:  # nobody is left to be told
                return

    def _silence(self) -> None:
        """What is still in the stream's buffer must not fail once more when the program ends."""
        try:
            descriptor = self._out.fileno()
        except (OSError, ValueError):
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def _harmless(text: str) -> str:
    """The second wall of the verbs: but for our own colours nothing that a terminal obeys, whatever the store held."""
    return "".join(part if _OWN.fullmatch(part) else OBEYED.sub("", part) for part in _OWN.split(text))


def cut(text: str, cells: int) -> str:
    """The text in at most so many terminal cells, with an ellipsis where something is missing."""
    whole = _head(text, cells)
    return whole if whole == text else _head(text, cells - 1) + "…" if cells > 0 else ""


def columns(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Rows as lines of aligned columns, the last one as long as it is; `right` are the right-aligned ones."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    last = len(widths) - 1
    return [
        "  ".join(
            cell if number == last else cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _head(text: str, cells: int) -> str:
    from unicodedata import category, east_asian_width

    used = 0
    for position, char in enumerate(text):
        used += 0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1
        if used > cells:
            return text[:position]
    return text


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _encoding(stream: TextIO | None) -> str:
    return (getattr(stream, "encoding", None) or "").lower()


def _width(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
