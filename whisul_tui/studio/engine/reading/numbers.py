"""What a prompt says in figures: tempo, length, metre."""

from __future__ import annotations

import re

SLOWEST, FASTEST = 40.0, 240.0
SHORTEST, LONGEST = 10.0, 600.0

_NUMBER_WORDS = {
    "half a": 0.5,
    "half an": 0.5,
    "a": 1.0,
    "an": 1.0,
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "seven": 7.0,
    "eight": 8.0,
    "nine": 9.0,
    "ten": 10.0,
    "fifteen": 15.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "forty-five": 45.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "ninety": 90.0,
    "a hundred": 100.0,
    "one and a half": 1.5,
    "two and a half": 2.5,
    "a couple of": 2.0,
    "dos": 2.0,
    "tres": 3.0,
    "zwei": 2.0,
    "drei": 3.0,
    "deux": 2.0,
    "trois": 3.0,
    "dois": 2.0,
    "três": 3.0,
}
_WORD = "|".join(sorted((re.escape(word) for word in _NUMBER_WORDS), key=len, reverse=True))
_NUMBER = rf"(\d+(?:[.,]\d+)?|{_WORD})"

_BPM = re.compile(r"(?<![\w.])(\d{2,3}(?:[.,]\d+)?) ?-?(?:bpm|b\.p\.m\.?|beats? (?:per|a|/) ?min(?:ute)?)")
_TEMPO = re.compile(r"\b(?:bpm|tempo)(?: (?:of|is|at|around|about))? ?[:=]? ?(\d{2,3}(?:\.\d+)?)(?!\d)")
_AT = re.compile(r"(?:@ ?|\bat )(\d{2,3})(?= |,|\.|;)(?! ?(?:%|s\b|sec|min|hz|degrees|am\b|pm\b))")
_RANGE = re.compile(r"(?<!\d)(\d{2,3}) ?(?:-|to|and) ?(\d{2,3}) ?-?bpm|\btempo (\d{2,3}) ?(?:-|to) ?(\d{2,3})(?!\d)")
_BARE = re.compile(r"(?:^ |, ?)(\d{2,3})(?= ?,| $)")
_MINUTES_AND_SECONDS = re.compile(r"(?<![\w.])(\d{1,2}) ?m(?:in)? ?(\d{1,2}) ?s(?:ec)?(?!\w)")

_CLOCK = re.compile(r"(?<![\d:/])(\d{1,2}):([0-5]\d)(?![\d:])(?! ?(?:am|pm|a\.m|p\.m)\b)")
_MINUTES = re.compile(
    rf"(?<![\w.]){_NUMBER}(?: and a half)? ?-?(?:minutes?|mins?|minutos?|minuten|minuti)\b(?! ?(?:past|to|ago))"
)
_MINUTES_SHORT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?m(?= ?\d+ ?s| |,|\.|$)(?! (?:major|minor))")
_SECONDS = re.compile(rf"(?<![\w.]){_NUMBER} ?-?(?:seconds?|secs?|segundos?|secondes?|sekunden|secondi)\b")
_SECONDS_SHORT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?s\b")
_WIDE_MINUTES = re.compile(r"(\d+(?:\.\d+)?) ?(?:分钟|分鐘|分間|分)")
_WIDE_SECONDS = re.compile(r"(\d+(?:\.\d+)?) ?秒")
_DECADE = re.compile(r"(?:[2-9]0|19\d0|20\d0)s\Z")

_METRE = re.compile(r"(?<![\d/])(3/4|6/8|12/8|5/4|7/8|4/4|2/4|3/8|9/8)(?![\d/])")
_METRE_WORDS = {"waltz": "3/4", "walzer": "3/4", "valse": "3/4", "vals": "3/4", "jig": "6/8", "tarantella": "6/8"}
_METRE_ALIASES = {"2/4": "4/4", "3/8": "3/4", "9/8": "12/8"}


def read_bpm(text: str) -> float | None:
    """Beats a minute as the prompt says them, held between 40 and 240; the middle of a range; None when unsaid."""
    if match := _RANGE.search(text):
        ends = [float(end) for end in match.groups() if end]
        return _bounded(sum(ends) / 2, SLOWEST, FASTEST)
    match = _BPM.search(text) or _TEMPO.search(text) or _AT.search(text) or _bare(text)
    return _bounded(_number(match[1]), SLOWEST, FASTEST) if match else None


def read_seconds(text: str) -> float | None:
    """The length asked for in seconds, held between 10 and 600; None when unsaid. A decade is no length."""
    if match := _CLOCK.search(text):
        return _bounded(int(match[1]) * 60 + int(match[2]), SHORTEST, LONGEST)
    if match := _MINUTES_AND_SECONDS.search(text):
        return _bounded(int(match[1]) * 60 + int(match[2]), SHORTEST, LONGEST)
    total = 0.0
    if match := _MINUTES.search(text) or _MINUTES_SHORT.search(text) or _WIDE_MINUTES.search(text):
        total += 60 * _number(match[1]) + (30 if "and a half" in match[0] and match[1] not in _NUMBER_WORDS else 0)
        if "and a half" in match[0] and _number(match[1]) in (1.0, 2.0) and not match[1].endswith("half"):
            total = 60 * (_number(match[1]) + 0.5)
    if match := _SECONDS.search(text) or _seconds_short(text) or _WIDE_SECONDS.search(text):
        total += _number(match[1])
    return _bounded(total, SHORTEST, LONGEST) if total else None


def read_metre(text: str) -> str | None:
    """The time signature asked for, or None."""
    if match := _METRE.search(text):
        return _METRE_ALIASES.get(match[1], match[1])
    return next((metre for word, metre in _METRE_WORDS.items() if re.search(rf"\b{word}\b", text)), None)


def _bare(text: str) -> re.Match[str] | None:
    """A number that stands alone between commas and could be nothing but a tempo."""
    return next((match for match in _BARE.finditer(text) if 50 <= float(match[1]) <= 220), None)


def _seconds_short(text: str) -> re.Match[str] | None:
    """`15s` and `30s of`; a bare `80s` is a decade."""
    for match in _SECONDS_SHORT.finditer(text):
        if not _DECADE.match(match[0].strip()) or re.match(r" (?:of|long|loop|clip|jingle)\b", text[match.end() :]):
            return match
    return None


def _number(text: str) -> float:
    return _NUMBER_WORDS[text] if text in _NUMBER_WORDS else float(text.replace(",", "."))


def _bounded(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
