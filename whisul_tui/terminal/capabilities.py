"""What the terminal can show, told from the environment without asking it."""

from __future__ import annotations

import codecs
import sys


def uses_unicode(setting: str = "auto") -> bool:
    """Whether signs beyond ASCII may be drawn: as the setting says, else where standard error speaks UTF-8."""
    if setting != "auto":
        return setting == "unicode"
    stream = sys.__stderr__
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False
