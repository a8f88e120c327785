"""The colours that a terminal is told to use."""

from __future__ import annotations

import re

_SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
_ESCAPE = re.compile(rb"\x1b[\]P^_].*?(?:\x07|\x1b\\)", re.DOTALL)


def colours(raw: bytes) -> set[bytes]:
    """Every SGR that sets a foreground, background or underline colour."""
    found = set()
    for sequence in _SGR.findall(_ESCAPE.sub(b"", raw)):
        for part in re.split(rb"[;:]", sequence):
            number = int(part or b"0")
            if 30 <= number <= 38 or 40 <= number <= 48 or 90 <= number <= 107 or number == 58:
                found.add(sequence)
    return found
