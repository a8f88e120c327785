"""What a prompt asks of the studio itself: a seed, or a song it made before to start from."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SEED = re.compile(r"[ ,;]*(?<!\w)(?:with )?seed ?[:=#]? ?(\d{1,18})(?![\w.])", re.IGNORECASE)
_OF = re.compile(
    r"(?<!\w)(?:variations? (?:of|on)|another version of|remix of|same (?:song|track|tune) as)"
    r" (?:the )?(?:job |song )?(?=[0-9a-f-]*\d)([0-9a-f][0-9a-f-]{5,35})(?![\w-])",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"(?<!\w)(?:same (?:song|track|tune)(?=\s*(?:\Z|[,.;:!-]"
    r"|(?:again|at|but|faster|in|minus|now|please|plus|slower|with|without|as (?:an? )?(?:flac|wav))\b))"
    r"|(?:variations? (?:of|on)|remix of) (?:it|that|the last one))(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A prompt taken apart: what is left for the composer, the seed it says, and what it wants to be made from.

    `origin` is a job id or the beginning of one, "" for the newest song, None for none.
    """

    words: str
    seed: int | None = None
    origin: str | None = None


def read_asking(prompt: str) -> Asking:
    """Takes a prompt apart; `seed 42` is taken out of it, since it says how to find a song and nothing about it."""
    seeds = _SEED.findall(prompt)
    words = _SEED.sub("", prompt).strip(" ,;") if seeds else prompt
    if not words:  # a prompt that says nothing else is about a seed
        return Asking(prompt, int(seeds[-1]))
    named = _OF.search(words)
    origin = named[1].lower() if named else "" if _LAST.search(words) else None
    return Asking(words, int(seeds[-1]) if seeds else None, origin)
