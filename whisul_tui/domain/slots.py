"""Slots of a template: `{{mood}} lofi, {{bpm:80}} bpm` wants a mood, and takes 80 where nothing else is written.

A slot is filled by writing over it. One with a default may stay; one without keeps the prompt from leaving, so that a
template is never sent by mistake. `\\{{` are two braces of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from whisul_tui.domain.expansion import ExpansionError, escaped, expand, literal


class EmptySlotError(ExpansionError):
    """A slot without a default that nothing was written into."""


_SLOT = re.compile(r"(?<![\\{])\{\{\s*([^{}|:\n]{1,40}?)\s*(?::([^{}|\n]{0,200}))?\}\}(?!\})")


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a text, from character `start` to `end`; `default` is None where it must be filled."""

    start: int
    end: int
    name: str
    default: str | None = None


def slots_of(text: str) -> list[Slot]:
    """The slots in their order."""
    return [Slot(found.start(), found.end(), found[1], found[2]) for found in _SLOT.finditer(text)]


def filled(text: str) -> str:
    """The text with the defaults in their slots; raises EmptySlotError for one without."""
    parts: list[str] = []
    last = 0
    for slot in slots_of(text):
        if slot.default is None or not slot.default.strip():
            raise EmptySlotError(
                f"The slot {{{{{slot.name}}}}} is empty: what you write in its place fills it.", slot.start
            )
        parts += [text[last : slot.start], slot.default.strip()]
        last = slot.end
    return "".join([*parts, text[last:]])


def prompts_of_text(text: str) -> tuple[str, ...]:
    """The prompts that a text of the editor makes: its slots filled, its braces expanded. Raises PromptError."""
    return expand(filled(text)) if "{{" in text else expand(text)


def text_of_prompt(prompt: str) -> str:
    """The text of the editor that makes this very prompt."""
    text = literal(prompt)
    return escaped(prompt) if slots_of(text) else text
