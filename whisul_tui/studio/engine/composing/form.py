"""The song's form: which sections, of how many bars, fitted to the length asked for."""

from __future__ import annotations

import math

from whisul_tui.studio.engine.genres import Genre
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Section, Spec

KINDS = {"i": "intro", "v": "verse", "p": "build", "c": "chorus", "b": "bridge", "o": "outro"}
INITIALS = {kind: initial for initial, kind in KINDS.items()}
LEAST_RING = 1.2  # seconds the last chord rings at the least

_Parts = list[tuple[str, int]]


def fit_form(spec: Spec, genre: Genre, stream: Stream) -> tuple[tuple[Section, ...], float]:
    """The sections and the whole length in seconds; exact where the prompt asked for one."""
    parts = _read(stream.pick(genre.forms))
    quarter = spec.form_quarter or spec.quarter
    bar = spec.bar.beats * quarter
    seconds = spec.seconds or _usual_seconds(parts, genre, bar)
    bars = max(2, math.floor((seconds - LEAST_RING) / bar + 1e-6))
    return _number(_fit(parts, bars)), round(seconds * spec.quarter / quarter, 2)


def _read(form: str) -> _Parts:
    return [(token[0], int(token[1:])) for token in form.split()]


def _usual_seconds(parts: _Parts, genre: Genre, bar: float) -> float:
    wanted = genre.seconds / bar
    bars = sum(length for _, length in parts)
    if not 0.75 * wanted <= bars <= 1.2 * wanted:
        bars = max(8, round(wanted / 4) * 4)
    return round(bars * bar + LEAST_RING + min(2.0, bar * 0.6), 2)


def _fit(parts: _Parts, bars: int) -> _Parts:
    if bars < 12:
        return _tiny(bars)
    while (total := sum(length for _, length in parts)) > bars * 1.3 and (shorter := _shortened(parts, bars)) != parts:
        parts = shorter
    middle = [part for part in parts if part[0] not in "io"] or parts
    while (total := sum(length for _, length in parts)) < bars * 0.72:
        at = len(parts) - (1 if parts[-1][0] == "o" else 0)
        parts = (
            parts[:at]
            + (middle if total + sum(length for _, length in middle) <= bars * 1.3 else middle[-1:])
            + parts[at:]
        )
    return _adjusted(parts, bars)


def _tiny(bars: int) -> _Parts:
    half = max(1, bars // 2)
    if bars <= 3:
        return [("c", bars)]
    return [("v", half), ("c", bars - half)] if bars < 8 else [("v", half), ("c", bars - half - 1), ("o", 1)]


def _shortened(parts: _Parts, bars: int) -> _Parts:
    """One step shorter, by whichever comes nearer: the longest sections to half, or a round less; last, an end less."""
    longest = max(length for _, length in parts)
    halved = [(kind, max(4, length // 2) if length == longest else length) for kind, length in parts]
    options = [option for option in (halved, _without_last_round(parts)) if option and option != parts]
    if options:
        return min(options, key=lambda option: abs(sum(length for _, length in option) - bars))
    if len(parts) > 3:
        drop = next((place for place, (kind, _) in enumerate(parts) if kind in "ibp"), 1)
        return parts[:drop] + parts[drop + 1 :]
    return parts


def _without_last_round(parts: _Parts) -> _Parts:
    """The form without its last way back to the chorus, so that two choruses never meet; empty where there is one."""
    kinds = "".join(kind for kind, _ in parts)
    last = kinds.rfind("c")
    before = kinds.rfind("c", 0, last)
    return [] if before < 0 or last - before < 2 else parts[: before + 1] + parts[last + 1 :]


def _adjusted(parts: _Parts, bars: int) -> _Parts:
    """The sections stretched or cut by whole fours and twos; odd bars go to the outro, or else the intro."""
    lengths = [length for _, length in parts]
    for unit in (4, 2):
        order = sorted(range(len(lengths)), key=lambda place: (parts[place][0] in "io", -lengths[place], place))
        for place in order * 4:
            missing = bars - sum(lengths)
            if missing >= unit and lengths[place] <= 12:
                lengths[place] += unit
            elif missing <= -unit and lengths[place] - unit >= unit:
                lengths[place] -= unit
    ends = [place for place in (len(lengths) - 1, 0) if parts[place][0] in "io"] or [len(lengths) - 1]
    for place in [*ends, *sorted(range(len(lengths)), key=lambda place: -lengths[place])]:
        missing = bars - sum(lengths)
        if missing > 0:
            lengths[place] += missing
        elif missing < 0:
            lengths[place] -= min(-missing, lengths[place] - 1)
    return [(kind, length) for (kind, _), length in zip(parts, lengths, strict=True)]


def _number(parts: _Parts) -> tuple[Section, ...]:
    sections: list[Section] = []
    turns: dict[str, int] = {}
    bar = 0
    merged: _Parts = []
    for kind, length in parts:  # two verses in a row are one longer verse: nothing new begins between them
        if merged and merged[-1][0] == kind:
            merged[-1] = (kind, merged[-1][1] + length)
        else:
            merged.append((kind, length))
    for kind, length in merged:
        turns[kind] = turns.get(kind, 0) + 1
        sections.append(Section(KINDS[kind], bar, length, turns[kind]))
        bar += length
    return tuple(sections)
