"""Kitty's terminal graphics: a picture sent in pieces and shown at the cursor, no answer asked for. Pure."""

from __future__ import annotations

import base64
import zlib
from itertools import count

_PIECE = 4096  # characters of base64 in one sequence, as the protocol has it
_numbers = count(0x57484900)  # one picture each; a terminal keeps them by number


def kitty_sequences(pixels: bytes, width: int, height: int) -> tuple[str, str]:
    """What shows a picture of red, green, blue bytes, and what takes it away and frees it."""
    number = next(_numbers)
    content = base64.b64encode(zlib.compress(pixels, 6)).decode("ascii")
    pieces = [content[at : at + _PIECE] for at in range(0, len(content), _PIECE)]
    first = f"a=T,f=24,o=z,s={width},v={height},i={number},p=1,C=1,q=2,"
    drawn = [
        f"\x1b_G{first if place == 0 else 'q=2,'}m={int(place < len(pieces) - 1)};{piece}\x1b\\"
        for place, piece in enumerate(pieces)
    ]
    return "".join(drawn), f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"
