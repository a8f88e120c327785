"""`doctor --terminal`: samples on the terminal, and the questions that only the user can answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from whisul_tui.cli.finding import Finding, fine, note
from whisul_tui.domain import JobState
from whisul_tui.formatting import glyph
from whisul_tui.listening.clipboard import copy, copy_rungs
from whisul_tui.listening.kitty_graphics import kitty_sequences
from whisul_tui.listening.sixels import sixel_sequence
from whisul_tui.terminal.notices import passes_tmux, through_tmux
from whisul_tui.terminal.remembered import recall, remember, terminal_name

_SIGNS = " ".join(glyph(state) for state in JobState)
_SIXTEEN = "".join(f"\x1b[{code}m ██ \x1b[0m" for code in (*range(31, 37), *range(91, 97)))
_RAMP = "".join(f"\x1b[48;2;{level};64;{255 - level}m \x1b[0m" for level in range(0, 256, 5))
_BOX = "┌────────┐\n│ 夜の雨 │\n└────────┘"
_BLOCKS = "▄▀█ ▀▄█ █▀▄\n█▄▀ ▄█▀ ▀█▄"
_SIDE = 60  # pixels of the pictures
_NOTICE = "whisul notice"


@dataclass(frozen=True, slots=True)
class Question:
    """A sample, what is asked about it, and the mend after a no; `act` does what no text can do."""

    name: str
    sample: str
    text: str
    mend: str
    act: Callable[[], object] = lambda: None


_QUESTIONS = (
    Question("signs", _SIGNS, "Are these eight different signs, none of them a box?", 'Set glyphs = "ascii".'),
    Question("width", _BOX, "Is the right side of the box one straight line?", "Choose a font with wide characters."),
    Question(
        "colours", _SIXTEEN, "Are these twelve patches of different colours?", "NO_COLOR=1: states have words too."
    ),
    Question("shades", _RAMP, "Is this a smooth ramp from blue to red?", 'Set theme = "ansi-dark": 16 colours.'),
    Question("blocks", _BLOCKS, "Do these half blocks touch, without gaps?", "QR codes may not scan; copy with y."),
    Question("bell", "\x07", "Did the terminal ring, flash, or mark its tab?", "A job's end is told by a note alone."),
    Question(
        "title", "\x1b[22;2t\x1b]2;whisul test\x07", "Is the window's title `whisul test` now?", "It shows no titles."
    ),
    Question(
        "link", "\x1b]8;;https://whisul.com\x1b\\whisul.com\x1b]8;;\x1b\\", "Is this word a link?", "v shows URLs."
    ),
    Question("OSC 9", f"\x1b]9;{_NOTICE}\x07", f"Did the desktop tell of `{_NOTICE}`?", "The bell and title do."),
    Question(
        "OSC 777", f"\x1b]777;notify;whisul;{_NOTICE}\x07", "And once more, another way?", "The bell and title do."
    ),
    Question("OSC 99", f"\x1b]99;;{_NOTICE}\x1b\\", "And a third way?", "The bell and title do."),
)


def ask_user(state_dir: Path, environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Shows each sample and asks; an empty answer is a yes, or what was answered in this terminal before.

    Ends early when the input does. The answers are remembered for this terminal: covers go by them.
    """
    before, answers, passes = recall(state_dir, environ), {}, passes_tmux(environ)
    for question in (*_QUESTIONS, *_pictures(), *_copies(environ)):
        usual = before.get(question.name, True)
        question.act()
        _show(through_tmux(question.sample) if passes and question.name.startswith("OSC") else question.sample)
        try:
            answer = input(f"{question.text} [{'Y/n' if usual else 'y/N'}] ").strip().lower()
        except EOFError:
            break
        answers[question.name] = good = answer.startswith("y") or (usual and not answer.startswith("n"))
        if good:
            yield fine("terminal", f"{question.name}: good")
        else:
            yield note("terminal", f"{question.name}: not as they should be", question.mend)
    _show("\x1b[23;2t", end="")
    if answers:
        yield _remembered(state_dir, environ, answers)


def _pictures() -> Iterator[Question]:
    """A red square over a green one, as sixels and by kitty's graphics."""
    half = _SIDE * _SIDE // 2
    sixels = sixel_sequence(bytes(half) + b"\x01" * half, [200, 40, 40, 40, 200, 40], _SIDE, _SIDE)
    shown, _ = kitty_sequences(bytes((200, 40, 40)) * half + bytes((40, 200, 40)) * half, _SIDE, _SIDE)
    asked = "Is there a small picture, red above and green below?"
    yield Question("sixel", f"{sixels}\n\n\n\n", asked, "Covers are drawn another way.")
    yield Question("kitty", f"{shown}\n\n\n\n", asked, "Covers are drawn another way.")


def _copies(environ: Mapping[str, str]) -> Iterator[Question]:
    """The clipboard's rungs, each with a word of its own; the user pastes to see whether it came."""
    for rung in copy_rungs(environ):
        word = f"whisul-{rung.value.replace(' ', '-')}"
        yield Question(
            f"clipboard by {rung.value}",
            f"Copied by {rung.value}.",
            f"Paste it somewhere else, where you sit: is it `{word}`?",
            "v shows the whole link, to be copied by hand.",
            partial(copy, word, write=_write, environ=environ, only=rung),
        )


def _remembered(state_dir: Path, environ: Mapping[str, str], answers: Mapping[str, bool]) -> Finding:
    try:
        remember(state_dir, environ, answers)
    except OSError as error:
        return note("answers", f"they cannot be kept: {error.strerror}", "")
    return fine("answers", f"kept for {terminal_name(environ)}")


def _show(sample: str, end: str = "\n") -> None:
    """Writes a sample as it is: the wall of the verbs' output would take what is to be seen out of it."""
    sys.stdout.write(sample + end)
    sys.stdout.flush()


def _write(data: bytes) -> None:
    _show(data.decode("ascii"), end="")
