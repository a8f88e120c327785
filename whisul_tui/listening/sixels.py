"""Sixels: a picture of few colours as a control sequence, in bands of six lines, a colour at a time. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RUN = re.compile(rb"(.)\1{3,254}", re.DOTALL)
_TO_CHARACTERS = bytes((value + 63) & 0xFF for value in range(256))


def sixel_sequence(pixels: bytes, palette: Sequence[int], width: int, height: int) -> str:
    """`pixels` are places in `palette` (red, green, blue from 0 to 255), line by line."""
    used = sorted(set(pixels))
    parts = [f'\x1bP0;1;0q"1;1;{width};{height}']
    for colour in used:
        red, green, blue = (round(value * 100 / 255) for value in palette[3 * colour : 3 * colour + 3])
        parts.append(f"#{colour};2;{red};{green};{blue}")
    for top in range(0, height, 6):
        lines = [pixels[y * width : (y + 1) * width] for y in range(top, min(top + 6, height))]
        parts.append("$".join(_band(lines, colour, width) for colour in sorted(set(b"".join(lines)))))
        parts.append("-")
    parts[-1] = "\x1b\\"
    return "".join(parts)


def _band(lines: Sequence[bytes], colour: int, width: int) -> str:
    """One colour of a band: each line's pixels of that colour as a bit, all columns at once as one large number."""
    bits = 0
    for number, line in enumerate(lines):
        table = bytearray(256)
        table[colour] = 1 << number
        bits |= int.from_bytes(line.translate(table), "big")
    columns = bits.to_bytes(width, "big").rstrip(b"\0").translate(_TO_CHARACTERS)
    return f"#{colour}" + _RUN.sub(_repeated, columns).decode("ascii")


def _repeated(run: re.Match[bytes]) -> bytes:
    return b"!%d%s" % (len(run[0]), run[1])
