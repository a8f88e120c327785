"""How a filter may go on, in quiet letters behind what is typed; right takes it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.suggester import Suggester

from whisul_tui.domain.job_filter import completions


class FilterSuggester(Suggester):
    """Suggests names of fields and states, known tags and saved filters for the last term."""

    def __init__(self, tags: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._tags, self._names = tuple(tags), tuple(names)

    async def get_suggestion(self, value: str) -> str | None:
        """The first way to go on, or None."""
        return next(iter(completions(value, self._tags, self._names)), None)
