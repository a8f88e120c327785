"""`doctor --terminal`: samples on the terminal, and the questions that only the user can answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whisul_tui.cli.finding import Finding, fine, note
from whisul_tui.cli.output import Output
from whisul_tui.domain import JobState
from whisul_tui.formatting import glyph

_SIGNS = " ".join(glyph(state) for state in JobState)
_SIXTEEN = "".join(f"\x1b[{code}m ██ \x1b[0m" for code in (*range(31, 37), *range(91, 97)))
_RAMP = "".join(f"\x1b[48;2;{level};64;{255 - level}m \x1b[0m" for level in range(0, 256, 5))
_BOX = "┌────────┐\n│ 夜の雨 │\n└────────┘"
_BLOCKS = "▄▀█ ▀▄█ █▀▄\n█▄▀ ▄█▀ ▀█▄"


@dataclass(frozen=True, slots=True)
class Question:
    """A sample, what is asked about it, and the mend after a no."""

    name: str
    sample: str
    text: str
    mend: str


_QUESTIONS = (
    Question("signs", _SIGNS, "Are these eight different signs, none of them a box?", 'Set glyphs = "ascii".'),
    Question("width", _BOX, "Is the right side of the box one straight line?", "Choose a font with wide characters."),
    Question(
        "colours", _SIXTEEN, "Are these twelve patches of different colours?", "NO_COLOR=1: states have words too."
    ),
    Question("shades", _RAMP, "Is this a smooth ramp from blue to red?", 'Set theme = "ansi-dark": 16 colours.'),
    Question("blocks", _BLOCKS, "Do these half blocks touch, without gaps?", "QR codes may not scan; copy with y."),
)


def ask_user(out: Output) -> Iterator[Finding]:
    """Shows each sample and asks; an empty answer is a yes. Ends early when the input does."""
    for question in _QUESTIONS:
        out.data(question.sample)
        try:
            answer = input(f"{question.text} [Y/n] ").strip().lower()
        except EOFError:
            return
        if answer.startswith("n"):
            yield note("terminal", f"{question.name}: not as they should be", question.mend)
        else:
            yield fine("terminal", f"{question.name}: good")
