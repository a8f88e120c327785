"""Settings as they may be shown: the key masked, texts on one line."""

from __future__ import annotations

from typing import Any

from whisul_tui.domain.clean import clean_line
from whisul_tui.settings.load import Settings


def shown(settings: Settings, name: str) -> Any:
    """A setting's value, that of the key masked; None where it has none."""
    if name == "api_key":
        return settings.key.masked if settings.key else None
    return settings.values[name]


def in_words(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else clean_line(str(value), 200)


def whence(settings: Settings, name: str) -> str:
    """Where a value came from, without the path of the file."""
    origin = settings.origins[name]
    if "[profiles." in origin:
        return f"profile {settings.profile.name}"
    return "file" if origin.endswith(".toml") else origin
