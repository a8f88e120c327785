"""Stepping through earlier prompts with the arrows, the unsent text kept at the near end."""

from __future__ import annotations

from collections.abc import Callable


class Recall:
    """A place in a list of texts: 0 is what the user was writing, 1 the newest earlier one, and so on."""

    def __init__(self, earlier: Callable[[], list[str]]) -> None:
        self._earlier = earlier
        self._unsent: list[str] = []
        self._texts: list[str] = []
        self._place = 0

    def keep(self, text: str) -> None:
        """Keeps an unsent text within reach and begins anew."""
        self.reset()
        if text.strip():
            self._unsent.insert(0, text)

    def reset(self) -> None:
        """Begins anew at the near end."""
        self._texts, self._place = [], 0

    def step(self, by: int, current: str) -> str | None:
        """The text `by` steps further back (or nearer, below 0); None at either end."""
        if self._place == 0:
            seen = dict.fromkeys(text for text in (*self._unsent, *self._earlier()) if text != current)
            self._texts = [current, *seen]
        place = self._place + by
        if not 0 <= place < len(self._texts):
            return None
        if self._place == 0:
            self._texts[0] = current
        self._place = place
        return self._texts[place]
