"""How a tag may go on, in quiet letters behind what is typed; right takes it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.suggester import Suggester


class TagSuggester(Suggester):
    """Suggests known tags, the most used first, for the last one of a line of tags between commas."""

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._known = tuple(known)

    async def get_suggestion(self, value: str) -> str | None:
        """The line with its last tag completed, or None."""
        start, comma, last = value.rpartition(",")
        begun = last.lstrip()
        minus = "-" if begun.startswith("-") else ""
        letters = begun.removeprefix("-").casefold()
        there = {tag.strip().casefold() for tag in start.split(",")}
        found = (tag for tag in self._known if letters and tag.casefold().startswith(letters) and tag != begun)
        best = next((tag for tag in found if tag.casefold() not in there), None)
        if best is None:
            return None
        return f"{start}{comma}{last[: len(last) - len(begun)]}{minus}{best}"
