"""Cleaning of foreign text: the one border that everything from the API, files and other processes crosses.

After `clean_line` and `clean_text` no character is left that a terminal could obey or that is invisible on it.
"""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"
MAX_MARKS = 2  # combining marks kept on one base character: more only paint over the neighbours

# Invisible though not of category Cf: Hangul fillers, combining grapheme joiner, Khmer inherent vowels, Braille blank.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5\u2800")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LINE_BREAKS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_PLAIN = re.compile(r"[ -~]*\Z")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# C0, DEL and C1; soft hyphen and bidi marks; zero-width, line and paragraph separators, bidi overrides and isolates;
# variation selectors, byte order mark, annotation anchors, lone surrogates, tags; and marks piled over the second.
OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
    f"|(?<=[{_MARKS}][{_MARKS}])[{_MARKS}]+"
)
_URL_BYTES = re.compile(r"[^\x21-\x7e]")


def clean_line(text: object, limit: int = 200) -> str:
    """One visible line of at most `limit` characters; breaks, tabs and runs of blanks become one space.

    Anything that is not a string gives an empty line: the caller shows that as absent.
    """
    if not isinstance(text, str):
        return ""
    text = text[: limit * 8]  # enough to fill the line after folding, and a bound on the work
    if not _PLAIN.match(text):
        text = _visible(_LINE_BREAKS.sub(" ", text.replace("\t", " ")))
    return _cut(_SPACES.sub(" ", text).strip(), limit)


def clean_text(text: object, limit: int = 10_000) -> str:
    """Visible text of at most `limit` characters that keeps its line breaks; tabs become one space."""
    if not isinstance(text, str):
        return ""
    lines = _LINE_BREAKS.sub("\n", text[: limit * 4].replace("\t", " ")).split("\n")
    return _cut("\n".join(line if _PLAIN.match(line) else _visible(line) for line in lines).strip("\n"), limit)


def clean_url(text: object, limit: int = 2048) -> str | None:
    """An http or https URL with a host and nothing but visible ASCII, or None."""
    if not isinstance(text, str) or len(text) > limit or _URL_BYTES.search(text):
        return None
    match = re.match(r"https?://([^/?#]+)", text, re.IGNORECASE)
    if match is None or "@" in match[1] or "\\" in text or not re.match(r"[0-9A-Za-z]|\[[0-9A-Fa-f:]+\]", match[1]):
        return None
    return text


def _visible(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if (
            category in _DROPPED
            or char in _BLANKS
            or "\ufe00" <= char <= "\ufe0f"
            or "\U000e0100" <= char <= "\U000e01ef"
        ):
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS
