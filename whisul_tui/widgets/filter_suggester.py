"""How a filter may go on, in quiet letters behind what is typed; right takes it."""

from __future__ import annotations

from textual.suggester import Suggester

from whisul_tui.domain.job_filter import completions


class FilterSuggester(Suggester):
    """Suggests names of fields and states for the last term."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The first way to go on, or None."""
        return next(iter(completions(value)), None)
