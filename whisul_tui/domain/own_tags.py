"""Tags and notes that users give their jobs: read from what was typed, cleaned, bounded, and changed.

    tags = [ tag { "," tag } ]          -tag takes one off

A tag may have blanks, as Whisul's own have; two that differ in capitals alone are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whisul_tui.domain.clean import clean_line, clean_text

MOST_TAGS = 20
LONGEST_TAG = 40  # characters: all of a job's tags fit what the store gives back
LONGEST_NOTE = 4_000


def read_tags(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to add and what to take off, from tags between commas; `-tag` is one to take off."""
    add: list[str] = []
    remove: list[str] = []
    for part in text.replace("\n", ",").split(","):
        word = clean_line(part, LONGEST_TAG + 1)
        tag = clean_tag(word.removeprefix("-"))
        if tag:
            (remove if word.startswith("-") else add).append(tag)
    return _distinct(add), _distinct(remove)


def clean_tag(text: object) -> str:
    """One tag without what would end it or take it off; "" where nothing is left."""
    return clean_line(clean_line(text, LONGEST_TAG).replace(",", " ").lstrip("-# "))


def clean_tags(texts: Iterable[object]) -> tuple[str, ...]:
    """Tags from elsewhere, each once, no more than a job can have."""
    return _distinct(tag for text in texts if (tag := clean_tag(text)))[:MOST_TAGS]


def clean_note(text: object) -> str | None:
    """A note without blanks around it; None where nothing is left."""
    return clean_text(text, LONGEST_NOTE).strip() or None


def changed(has: Sequence[str], add: Iterable[str] = (), remove: Iterable[str] = ()) -> tuple[str, ...]:
    """The tags after a change, the new ones last; more than `MOST_TAGS` are not taken."""
    gone = {tag.casefold() for tag in remove}
    return _distinct(tag for tag in (*has, *add) if tag.casefold() not in gone)[:MOST_TAGS]


def _distinct(tags: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for tag in tags:
        found.setdefault(tag.casefold(), tag)
    return tuple(found.values())
