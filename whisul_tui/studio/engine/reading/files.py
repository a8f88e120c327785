"""The kind of file a prompt wants: `as FLAC`, `lossless`, `wav please`."""

from __future__ import annotations

import re

_FILE = re.compile(
    r"[ ,;]*(?<!\w)(?:(?:as|in)(?: an?)? )?(flac|wav|lossless)(?: (?:file|format|audio))?(?!\w)(?: please)?",
    re.IGNORECASE,
)


def read_file(prompt: str) -> tuple[str, str]:
    """`flac`, `wav` or nothing, and the prompt without the words: they say nothing about the song."""
    match = _FILE.search(prompt)
    if match is None:
        return "", prompt
    return "wav" if match[1].lower() == "wav" else "flac", _FILE.sub("", prompt)
