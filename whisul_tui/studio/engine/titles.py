"""Titles that read like titles and follow the prompt."""

from __future__ import annotations

import re

from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.reading.vocabulary import MOODS, is_known_word
from whisul_tui.studio.engine.score import Spec
from whisul_tui.studio.engine.title_words import ADJECTIVES, COMMON, NOUNS

# Shapes with a mood of the prompt, with another word of it, and with neither.
_MOODY = ("{own} {noun}", "{own} {noun}", "The {own} {noun}")
_OWN = ("{own} {noun}", "{adjective} {own}", "The {adjective} {own}", "{noun} and {own}", "{own} and {noun}")
_PLAIN = (
    "{adjective} {noun}",
    "{adjective} {noun}",
    "The {adjective} {noun}",
    "{noun} and {other}",
    "{noun} of {other}",
)
_WORD = re.compile(r"[^\W\d_][^\W\d_']{3,}")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LONGEST = 24


def make_title(spec: Spec) -> str:
    """A title of two to four words: one word of the prompt that carries meaning, where there is one."""
    stream = Stream("title", spec.identity, spec.seed)
    noun, other = stream.shuffled(NOUNS[spec.genre])[:2]
    words = {"noun": noun, "other": other, "adjective": stream.pick(ADJECTIVES[spec.genre])}
    own = _own_words(spec.identity)
    if own and stream.chance(0.8):
        words["own"] = stream.pick(own)
        shapes = _MOODY if MOODS.find(words["own"].lower()) else _OWN
        title = stream.pick(shapes).format(**words)
    else:
        title = stream.pick(_PLAIN).format(**words)
    return title if not spec.variation else f"{title} (Variation)"


def _own_words(prompt: str) -> list[str]:
    """Words of the prompt that are neither common nor about how it should sound."""
    found = [word for word in _WORD.findall(prompt[:600]) if not _WIDE.search(word) and len(word) <= _LONGEST]
    meaningful = [word for word in found if word.lower() not in COMMON and not is_known_word(word.lower())]
    return [word[0].upper() + word[1:] for word in dict.fromkeys(meaningful)][:8]
