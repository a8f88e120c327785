"""Which of several texts a few typed letters mean: Textual's own fuzzy matcher, as its palette has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from textual.fuzzy import Matcher

from whisul_tui.storage.drafts import PastPrompt

Item = TypeVar("Item")
_LOOKED_AT = 300  # letters of a text
_WHOLE = 1_000.0  # a word that stands there counts more than its letters alone


def ranked(prompts: Sequence[PastPrompt], search: str) -> list[PastPrompt]:
    """The same prompts, the most fitting first among the starred and among the others; as they are without a search."""
    by_fit = best_first(prompts, lambda past: past.prompt, search)
    return sorted(by_fit, key=lambda past: not past.starred)


def best_first(items: Sequence[Item], text: Callable[[Item], str], search: str) -> list[Item]:
    """The items that have the letters of each word in their order, the most fitting first, equals as they were."""
    words = search.split()
    if not words:
        return list(items)
    matchers = [(word.lower(), Matcher(word)) for word in words]
    scored = [(fit, item) for item in items if (fit := _fit(text(item), matchers)) > 0]
    scored.sort(key=lambda found: -found[0])
    return [item for _, item in scored]


def _fit(text: str, matchers: Sequence[tuple[str, Matcher]]) -> float:
    folded, total = text.lower(), 0.0
    for word, matcher in matchers:
        at = folded.find(word)
        if at >= 0:
            begins = at == 0 or not folded[at - 1].isalnum()
            ends = not folded[at + len(word) : at + len(word) + 1].isalnum()
            total += _WHOLE + begins * _WHOLE / 2 + (begins and ends) * _WHOLE / 4
        elif (fit := matcher.match(text[:_LOOKED_AT])) > 0:
            total += fit
        else:
            return 0.0
    return total
