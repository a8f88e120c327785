"""The song that a completed job leaves behind."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

MAX_SECONDS = 24 * 3600.0
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?:\.\d+)?\Z", re.ASCII)


class Song(NamedTuple):
    """Title, tempo, length and links of a song; every field may be absent.

    `bpm` in beats a minute, `seconds` is the length, `tags` are cleaned words in the API's order, both URLs are
    http(s) on whatever host the API named and are fetched without the API key.
    """

    title: str | None = None
    bpm: float | None = None
    seconds: float | None = None
    song_url: str | None = None
    image_url: str | None = None
    tags: tuple[str, ...] = ()


def parse_seconds(value: object) -> float | None:
    """A length in seconds from every form the documents show: 183, 183.0, "183", "2:47", "1:02:47"; else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _bounded(value)
    if not isinstance(value, str) or len(value) > 32:
        return None
    text = value.strip()
    if match := _CLOCK.match(text):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        if seconds >= 60 or (match[1] is not None and minutes >= 60):
            return None
        return _bounded(hours * 3600 + minutes * 60 + seconds)
    try:
        return _bounded(float(text)) if re.match(r"[0-9]+(\.[0-9]+)?\Z", text) else None
    except ValueError:
        return None


def parse_bpm(value: object) -> float | None:
    """Beats a minute as a finite number from 1 to 999, or None."""
    if isinstance(value, str) and re.match(r"\s*[0-9]{1,3}(\.[0-9]+)?\s*\Z", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 1 <= value <= 999 else None


def _bounded(value: float) -> float | None:
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds <= MAX_SECONDS else None
