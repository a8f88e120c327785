"""The vocabularies of all languages, compiled once."""

from __future__ import annotations

from whisul_tui.studio.engine.reading import languages
from whisul_tui.studio.engine.reading.genres import GENRE_WORDS
from whisul_tui.studio.engine.reading.instruments import INSTRUMENT_WORDS
from whisul_tui.studio.engine.reading.moods import MOOD_WORDS
from whisul_tui.studio.engine.reading.text import Vocabulary

GENRES = Vocabulary(languages.GENRES | GENRE_WORDS)
MOODS = Vocabulary(languages.MOODS | MOOD_WORDS)
INSTRUMENTS = Vocabulary(languages.INSTRUMENTS | INSTRUMENT_WORDS)
SLOW = Vocabulary(dict.fromkeys(("slow", "slowly", "slower", "ballad", "downtempo", "adagio", *languages.SLOW), "slow"))
FAST = Vocabulary(
    dict.fromkeys(
        (
            "fast",
            "faster",
            "uptempo",
            "up tempo",
            "speedy",
            "quick",
            "rapid",
            "presto",
            "allegro",
            "frantic",
            *languages.FAST,
        ),
        "fast",
    )
)


def is_known_word(word: str) -> bool:
    """Whether a lower-case word says how a song should sound, in any language the studio reads."""
    return any(vocabulary.find(word) for vocabulary in (GENRES, INSTRUMENTS, SLOW, FAST))
