"""A text that must not be shown: the API key."""

from __future__ import annotations

import re

_KEY = re.compile(r"[\x21-\x7e]{1,512}\Z")


class Secret:
    """Holds an API key so that neither printing, logging, comparing nor pickling can show it; `reveal` alone does."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Takes 1 to 512 visible ASCII characters, blanks around them removed; raises ValueError without the text."""
        stripped = text.strip()
        if not _KEY.match(stripped):
            raise ValueError("An API key is 1 to 512 visible ASCII characters, without blanks inside.")
        self._text = stripped

    def reveal(self) -> str:
        """The key itself, for the Authorization header and nothing else."""
        return self._text

    @property
    def masked(self) -> str:
        """What may be shown: the last four characters of a long key, nothing of a short one."""
        return f"••••{self._text[-4:]}" if len(self._text) >= 16 else "••••"

    def __repr__(self) -> str:
        return "Secret(••••)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("A Secret is not pickled.")
