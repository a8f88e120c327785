"""The key a prompt names: tonic and mode."""

from __future__ import annotations

import re

from whisul_tui.studio.engine.theory import LETTERS

_ACCIDENTAL = r"(#|b(?![a-z])|[ -]?sharp|[ -]?flat|is(?= )|es(?= ))?"
_MODES = {
    "major": "major",
    "maj": "major",
    "dur": "major",
    "mayor": "major",
    "majeur": "major",
    "maior": "major",
    "ionian": "major",
    "minor": "minor",
    "min": "minor",
    "m": "minor",
    "moll": "minor",
    "menor": "minor",
    "mineur": "minor",
    "aeolian": "minor",
    "dorian": "dorian",
    "phrygian": "phrygian",
    "lydian": "lydian",
    "mixolydian": "mixolydian",
    "harmonic minor": "harmonic minor",
}
_MODE = "|".join(sorted(_MODES, key=len, reverse=True))
_FULL = re.compile(rf"(?<![\w#])([a-gh]){_ACCIDENTAL}[ -]?({_MODE})(?![\w#])(?! (?:key|scale|mood|feel|chord))")
_TIGHT = re.compile(r"(?<![\w#])([a-g])(#|b)?m(?![\w#])")
_TONIC = re.compile(
    rf"\b(?:in|key of|key:|key =|key) (?:the key of )?([a-g]){_ACCIDENTAL}(?=[ ,.;!)])"
    r"(?! (?!at |with |for |and |or |$)\w)"
)
_MODE_ALONE = re.compile(
    r"\b(?:(harmonic minor|dorian|phrygian|lydian|mixolydian)"
    r"|(minor|major)(?: key| scale| mode| chords| tonality)|in (?:a )?(minor|major))\b"
)
_LATIN = re.compile(
    r"(?<!\w)(do|re|ré|mi|fa|sol|la|si) ?(#|b|sostenido|bemol|bémol|dièse|diesis|bemolle)?"
    r" (mayor|menor|majeur|mineur|maggiore|minore|maior)(?!\w)"
)
_WIDE = re.compile(r"([a-gA-G])(#|b)?(大调|小调|大調|小調|メジャー|マイナー|长调|短调|長調|短調)")
_SOLFEGE = {"do": 0, "re": 2, "ré": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
_UP = frozenset({"#", "sharp", "is", "sostenido", "dièse", "diesis"})
_DOWN = frozenset({"b", "flat", "es", "bemol", "bémol", "bemolle"})


def read_key(text: str) -> tuple[int | None, str | None]:
    """Tonic as a pitch class, and mode; None for either that the prompt leaves open."""
    for match in _FULL.finditer(text):
        if match[1] == "a" and match[2] is None and _is_article(text, match.start()):
            continue
        if match[3] == "m" and match[0][-2:] == " m":
            continue
        return _pitch(match[1], match[2]), _MODES[match[3]]
    if tight := _TIGHT.search(text):
        return _pitch(tight[1], tight[2]), "minor"
    if latin := _LATIN.search(text):
        return (_SOLFEGE[latin[1]] + _shift(latin[2])) % 12, "minor" if latin[3].startswith("m") and latin[3][
            1
        ] in "ei" else "major"
    if wide := _WIDE.search(text):
        return _pitch(wide[1].lower(), wide[2]), "minor" if wide[3] in "小调小調短调短調マイナー" else "major"
    mode_match = _MODE_ALONE.search(text)
    mode = next(group for group in mode_match.groups() if group) if mode_match else None
    for match in _TONIC.finditer(text):
        if (
            match[1] == "a"
            and match[2] is None
            and not text[match.end() :].strip(" .,!;)").startswith(("at", "with", "for"))
            and text[match.end() :].strip(" .,!;)")
        ):
            continue
        return _pitch(match[1], match[2]), mode
    return None, mode


def _is_article(text: str, at: int) -> bool:
    """Whether the letter a at this place is an article: `in a minor key`, `a major drop`."""
    return (
        re.match(
            r"a (?:minor|major) (?:key|scale|mood|feel|mode|drop|hit|chord|tonality|\w+ (?:song|track|tune))", text[at:]
        )
        is not None
    )


def _pitch(letter: str, accidental: str | None) -> int:
    return (11 if letter == "h" else LETTERS[letter] + _shift(accidental)) % 12


def _shift(accidental: str | None) -> int:
    sign = (accidental or "").strip(" -")
    return 1 if sign in _UP else -1 if sign in _DOWN else 0
