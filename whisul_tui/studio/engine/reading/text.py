"""The prompt as text to search: lower case, one kind of blank and dash, and without what it says not to play."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")

READ_LIMIT = 4_000  # characters of a prompt that are read; a longer one says nothing new about a song

_BLANKS = re.compile(r"\s+")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_QUOTES = re.compile("[\u2018\u2019\u02bc]")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")


def normalise(prompt: str) -> str:
    """The prompt in compatibility form and lower case, blanks folded, one blank at either end."""
    text = unicodedata.normalize("NFKC", prompt[:READ_LIMIT]).lower()
    text = _QUOTES.sub("'", _DASHES.sub("-", text.replace("♯", "#").replace("♭", "b")))
    return f" {_BLANKS.sub(' ', text).strip()} "


class Vocabulary(Generic[V]):
    """Words and what they mean, found in a text longest first, never inside another word.

    Chinese, Japanese and Korean words are found anywhere, since those scripts put no blanks between words. A word that
    ends in `*` stands for everything that begins with it.
    """

    def __init__(self, words: Mapping[str, V]) -> None:
        self._meanings = {word.rstrip("*"): meaning for word, meaning in words.items()}
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(_expression(word) for word in longest_first))
        self._stems = sorted((word[:-1] for word in words if word.endswith("*")), key=len, reverse=True)

    def find(self, text: str) -> list[tuple[int, int, V]]:
        """Start, end and meaning of every word found, in the text's order."""
        return [(match.start(), match.end(), self._meaning(match[0])) for match in self._pattern.finditer(text)]

    def meanings(self, text: str) -> list[V]:
        """What the words found mean, each meaning once, in the text's order."""
        return unique(meaning for _, _, meaning in self.find(text))

    def _meaning(self, found: str) -> V:
        word = found.replace("-", " ") if found not in self._meanings else found
        if word in self._meanings:
            return self._meanings[word]
        return self._meanings[next(stem for stem in self._stems if found.startswith(stem))]


def table(text: str) -> dict[str, str]:
    """Words and their meaning from lines `meaning: word, word`; an indented line goes on with the line above."""
    meanings: dict[str, str] = {}
    meaning = ""
    for line in text.strip().splitlines():
        head, colon, words = line.partition(":") if not line.startswith(" ") else ("", "", line)
        meaning = head if colon else meaning
        meanings.update((word.strip(), meaning) for word in words.split(",") if word.strip())
    return meanings


def unique(values: Iterable[V]) -> list[V]:
    """The values in order, each once."""
    return list(dict.fromkeys(values))


def _expression(word: str) -> str:
    if _WIDE.search(word):
        return re.escape(word)
    stem = re.escape(word.rstrip("*")).replace(r"\ ", "[ -]")
    return rf"(?<!\w){stem}" + (r"\w*" if word.endswith("*") else r"(?!\w)")
