"""File names for songs: made from a template and safe on every file system."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping

from whisul_tui.domain.clean import clean_line
from whisul_tui.domain.job import Job

DEFAULT_TEMPLATE = "{title} - {bpm} bpm [{short_id}]"
NAME_BYTES = 150  # of a whole file name in UTF-8
_STEM_BYTES = NAME_BYTES - len(" (99) (99).webp")  # a number for the song, one for its cover
_FALLBACK = "song"
_FIELDS = ("title", "bpm", "length", "tags", "date", "prompt", "short_id", "job_id", "number")

# A segment is a bracketed group, or what stands between two dashes: it goes as a whole when all its fields are missing.
_SEGMENTS = re.compile(r"(\s*\[[^\[\]]*\]|\s*\([^()]*\)|\s+[-–—|·]\s+)")
_SEPARATOR = re.compile(r"\s+[-–—|·]\s+\Z")
_FIELD = re.compile(r"\{(\w+)\}")
_EMPTY_WORD = re.compile(r"[^\s()\[\]]*\x00[^\s()\[\]]*(\s+bpm\b,?)?", re.IGNORECASE)
_IDLE_COMMA = re.compile(r"(?<=[(\[])[\s,;]+|[\s,;]+(?=[)\]])")
_REPLACED = str.maketrans({"/": "-", "\\": "-", "|": "-", ":": "-", '"': "'", "<": "", ">": "", "?": "", "*": ""})
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|\Z)", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


class NameTemplateError(ValueError):
    """A template that cannot be used; the message names what is wrong and what is allowed."""


def check_template(template: str) -> str:
    """The template itself. Raises NameTemplateError for an unknown field, a conversion or a broken brace."""
    allowed = ", ".join(f"{{{field}}}" for field in _FIELDS)
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:
        raise NameTemplateError(f"The name template {template!r} has a brace without its partner.") from None
    for _, field, form, conversion in parsed:
        if field is not None and (field not in _FIELDS or form or conversion):
            raise NameTemplateError(f"The name template {template!r} has an unknown field; allowed are {allowed}.")
    if "{{" in template or "}}" in template:
        raise NameTemplateError(f"The name template {template!r} has doubled braces; write a field as {{title}}.")
    return template


def safe_name(template: str, job: Job) -> str:
    """The file name of a job's song without its ending, at most 135 bytes; fields that are missing leave no gap.

    Too long a name loses the end of its longest field, so that an id at the end stays. Raises NameTemplateError.
    """
    values = _values(job)
    pieces = _SEGMENTS.split(check_template(template))
    while True:
        name = _filled(pieces, values)
        excess = len(name.encode()) - _STEM_BYTES
        longest = max(values, key=lambda field: len(values[field].encode()) if f"{{{field}}}" in template else -1)
        if excess <= 0 or len(values[longest]) <= 1 or f"{{{longest}}}" not in template:
            return safe_stem(name)
        values[longest] = _shortened(values[longest], max(1, len(values[longest].encode()) - excess)) or "-"


def safe_stem(text: str) -> str:
    """Any text as a file name without ending: one part of a path, never empty, hidden, reserved or an option."""
    name = _BLANKS.sub(" ", clean_line(text, 1000).translate(_REPLACED))
    name = _shortened(_stripped(name), _STEM_BYTES)
    if _RESERVED.match(name):
        name = _shortened("_" + name, _STEM_BYTES)
    return name or _FALLBACK


def _filled(pieces: list[str], values: Mapping[str, str]) -> str:
    kept = ""
    separator = ""
    for piece in pieces:
        if _SEPARATOR.match(piece):
            separator = piece
            continue
        fields = _FIELD.findall(piece)
        if fields and not any(values[field] for field in fields):
            separator = ""
            continue
        # A missing field is a NUL for a moment, so that the word around it goes with it; values hold none.
        text = _FIELD.sub(lambda match: values[match[1]] or "\0", piece)
        text = _IDLE_COMMA.sub("", _EMPTY_WORD.sub("", text)) if "\0" in text else text
        if text.strip():
            kept += (separator if kept.strip() else "") + text
            separator = ""
    return _BLANKS.sub(" ", kept).strip()


def _values(job: Job) -> dict[str, str]:
    song = job.song
    when = job.finished_at or job.accepted_at or job.created_at
    seconds = song.seconds if song else None
    values = {
        "title": job.name,
        "bpm": f"{song.bpm:g}" if song and song.bpm else "",
        "length": f"{int(seconds) // 60}m{int(seconds) % 60:02d}s" if seconds else "",
        "tags": ", ".join(song.tags) if song else "",
        "date": when.strftime("%Y-%m-%d"),
        "prompt": job.prompt.split("\n", 1)[0],
        "short_id": job.short_id,
        "job_id": job.job_id or "",
        "number": str(job.number),
    }
    return {field: _stripped(clean_line(value).translate(_REPLACED)) for field, value in values.items()}


def _stripped(name: str) -> str:
    # Dots, dashes and tildes in front hide a file, make it an option or a home; Windows drops dots and blanks behind.
    return name.strip().lstrip("-.~ ").rstrip(". ")


def _shortened(name: str, size: int) -> str:
    return _stripped(name.encode()[:size].decode("utf-8", "ignore"))
