"""What has become of a prompt, word by word, and what of a song's figures."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from enum import StrEnum

from whisul_tui.domain.job import Job
from whisul_tui.domain.song import Song

_PIECES = re.compile(r"\s+|[^\w\s]|\w+")
_MOST = 1_500  # pieces of each text that are compared; the rest is told as it is


class Change(StrEnum):
    """Whether words stand in both texts, in the first alone, or in the second alone."""

    SAME = "same"
    OUT = "out"
    IN = "in"


def word_diff(before: str, after: str) -> list[tuple[Change, str]]:
    """The way from one text to the other; all but IN makes the first one again, all but OUT the second."""
    first, second = _pieces(before), _pieces(after)
    told: list[tuple[Change, str]] = []
    for kind, i, k, j, m in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal":
            _add(told, Change.SAME, "".join(first[i:k]))
        else:
            _add(told, Change.OUT, "".join(first[i:k]))
            _add(told, Change.IN, "".join(second[j:m]))
    return told


def song_changes(before: Job, after: Job) -> list[str]:
    """What is otherwise in tempo, length and tags, where both are known; each as a few words."""
    one, other = before.song or Song(), after.song or Song()
    told: list[str] = []
    if one.bpm is not None and other.bpm is not None and one.bpm != other.bpm:
        told.append(f"bpm {one.bpm:g} to {other.bpm:g}")
    if one.seconds is not None and other.seconds is not None and round(one.seconds) != round(other.seconds):
        told.append(f"length {_clock(one.seconds)} to {_clock(other.seconds)}")
    if before.song and after.song and (tags := tag_changes(one, other)):
        told.append(f"tags {tags}")
    return told


def tag_changes(one: Song, other: Song) -> str:
    """Tags that came and went, as `+rain -piano`."""
    had, have = (dict.fromkeys(song.tags) for song in (one, other))
    came = [f"+{tag}" for tag in have if tag not in had]
    return " ".join([*came, *(f"-{tag}" for tag in had if tag not in have)])


def _pieces(text: str) -> list[str]:
    found = _PIECES.findall(text)
    return found if len(found) <= _MOST else [*found[:_MOST], "".join(found[_MOST:])]


def _add(told: list[tuple[Change, str]], change: Change, text: str) -> None:
    if text:
        told.append((change, text))


def _clock(seconds: float) -> str:
    return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"
