"""The bytes that may leave for a terminal: visible text, and the sequences of the program's own making."""

from __future__ import annotations

import re
import unicodedata

_OWN = re.compile(
    rb"\x1b\[[0-9;:]*[mHfABCDGdKJXPLM@STr]"  # colours, cursor, erasing, scrolling
    rb"|\x1b\[\?(?:7|25|47|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2027|2031|2048)(?:;\d+)*[hl]"
    rb"|\x1b\[\?(?:2026|2048|2027|2031)\$p"  # does the terminal know this mode?
    rb"|\x1b\[16t\x1b\[c"  # how large is a cell, and what can the terminal draw? both at once, at the start
    rb"|\x1b\[[<>=?][0-9;]*u"  # kitty's keyboard protocol
    rb"|\x1b\[2[23];2t"  # keep the window's title, give it back
    rb"|\x1b\]22;[a-z-]+\x07"  # the pointer's shape
    rb"|\x1b\[\d* q"
    rb"|\x1b\]8;(?:id=[0-9-]*;https?://[!-\[\]-~]*|;)\x1b\\"  # links of the program's own
    rb"|\x1b\]52;c;(?!UFdO)[A-Za-z0-9+/=]*\x07"  # what the user copied; the hostile texts all copy UFdO
    rb"|\x1b\]2;(?:whisul(?:: \d+ running)?)?\x07"
    rb"|\x1b[78M]|\x1b\(B|[\r\n\x08\x07]"  # the bell tells of a finished job
)
_TEXT = re.compile(rb"[\x20-\x7e\x80-\xff]+")


def violations(data: bytes, most: int = 20) -> list[str]:
    """What does not belong there, each with what stands around it; empty when all is well."""
    found: list[str] = []
    at = 0
    while at < len(data) and len(found) < most:
        if match := _OWN.match(data, at):
            at = match.end()
        elif match := _TEXT.match(data, at):
            text = match[0].decode("utf-8", "replace")
            wrong = sorted({char for char in text if _is_wrong(char)})
            if wrong:
                found.append(f"{wrong!a} in {text[:60]!a}")
            at = match.end()
        else:
            found.append(f"{data[max(0, at - 20) : at]!r} >>> {data[at : at + 40]!r}")
            at += 1
    return found


def _is_wrong(char: str) -> bool:
    return (
        char == "\ufffd"
        or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        or char in "\u3164\u115f\ufffe\uffff"
    )
