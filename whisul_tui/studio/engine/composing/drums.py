"""Drums: a groove a section, fills into the next, crashes on arrivals; and the transitions that are no notes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from whisul_tui.studio.engine.composing.figures import drum_strokes
from whisul_tui.studio.engine.genres import Genre
from whisul_tui.studio.engine.genres.model import Groove
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Effect, Hit, Section, Spec

_VELOCITY = {"X": 1.0, "x": 0.76, "o": 0.38, "?": 0.45}
_WEIGHTS = {"intro": "light", "verse": "main", "build": "main", "chorus": "full", "bridge": "light", "outro": "light"}

# The voices a fill runs down, by kit.
_FILLS = {
    "rock": "ssmmffgg",
    "80s": "mmffgg",
    "pop": "ssmmff",
    "orchestra": "tttttttl",
    "jazz": "ssmmff",
    "lofi": "ssps",
    "chip": "ssss",
    "trap": "hhhs",
    "folk": "sssp",
    "dnb": "ssms",
    "funk": "sssmmf",
    "reggae": "sspp",
    "latin": "pppps",
}
_BANDS = frozenset({"rock", "pop", "jazz", "folk", "funk", "reggae", "latin", "lofi", "chip"})


def drum(spec: Spec, genre: Genre, sections: Sequence[Section], stream: Stream) -> list[Hit]:
    """Every stroke on the kit, in time order."""
    chosen = {kind: _choose(genre, kind, spec.energy, stream.fork("groove", kind)) for kind in _WEIGHTS}
    hits: list[Hit] = []
    for place, section in enumerate(sections):
        if section.kind == "bridge" and genre.risers:
            continue
        goes_on = place + 1 < len(sections)
        for bar in range(section.bars):
            start = (section.first_bar + bar) * spec.bar.beats
            loose = stream.fork("bar", section.first_bar + bar)
            turning = (goes_on and bar == section.bars - 1) or (bar % 8 == 7 and bar < section.bars - 1)
            filled = turning and genre.fills and section.kind != "intro"
            hits += _bar(chosen[section.kind], spec, start, filled, loose)
            if filled:
                hits += _fill(genre.kit, spec, start, loose)
            if section.kind == "build" and bar >= section.bars - 2:
                hits += _roll(spec, start, bar - section.bars + 2)
        if place and section.kind in ("verse", "chorus"):
            hits.append(Hit(section.first_bar * spec.bar.beats, "a", 0.85 if section.kind == "chorus" else 0.5))
    return sorted(hits, key=lambda hit: (hit.beat, hit.voice))


def transitions(spec: Spec, genre: Genre, sections: Sequence[Section]) -> list[Effect]:
    """Risers and impacts into choruses where the genre has them, reversed swells elsewhere."""
    effects: list[Effect] = []
    for before, section in pairwise(sections):
        beat = section.first_bar * spec.bar.beats
        length = min(2, before.bars) * spec.bar.beats
        if genre.risers and section.kind == "chorus":
            effects.append(Effect("riser", beat - length, length, 0.5))
            effects.append(Effect("impact", beat, 4.0, 0.6))
        elif section.kind in ("chorus", "bridge") and "drums" not in spec.banned and genre.kit:
            effects.append(Effect("swell", beat - min(4.0, length), min(4.0, length), 0.35))
    return effects


def _choose(genre: Genre, kind: str, energy: float, stream: Stream) -> Groove:
    weight = _WEIGHTS[kind]
    if weight == "full" and energy < -0.55:
        weight = "main"
    if weight == "main" and energy > 0.75 and kind == "verse":
        weight = "full"
    if kind in ("bridge", "outro") and genre.kit in _BANDS and stream.chance(0.5):
        weight = "main"
    return stream.pick([groove for groove in genre.grooves if groove.weight == weight])


def _bar(groove: Groove, spec: Spec, start: float, filled: bool, stream: Stream) -> list[Hit]:
    hits: list[Hit] = []
    cut = spec.bar.steps - 8 if filled else spec.bar.steps
    for voice, figure in groove.lines.items():
        for stroke in drum_strokes(voice, figure, spec.bar):
            if stroke.step >= cut and not (voice == "k" and stroke.step == cut):
                continue
            hits += _struck(voice, stroke.sign, start + stroke.step * 0.25, stream)
    return hits


def _struck(voice: str, sign: str, beat: float, stream: Stream) -> list[Hit]:
    if sign == "?":
        return [Hit(beat, voice, 0.45)] if stream.chance(0.4) else []
    if sign == "r":
        return [Hit(beat, voice, 0.6), Hit(beat + 0.125, voice, 0.5)]
    if sign == "t":
        return [Hit(beat + part / 12, voice, 0.62 - 0.07 * part) for part in range(3)]
    return [Hit(beat, voice, _VELOCITY[sign])]


def _fill(kit: str, spec: Spec, start: float, stream: Stream) -> list[Hit]:
    voices = _FILLS.get(kit, "ssmf")
    first = spec.bar.steps - 8
    return [
        Hit(start + (first + step) * 0.25, voices[step * len(voices) // 8], 0.45 + step / 16)
        for step in range(8)
        if step in (0, 7) or stream.chance(0.7)
    ]


def _roll(spec: Spec, start: float, half: int) -> list[Hit]:
    """A snare roll over the last two bars of a build: eighths, then sixteenths, swelling."""
    every = 2 if half == 0 else 1
    steps = range(0, spec.bar.steps, every)
    return [Hit(start + step * 0.25, "s", 0.25 + 0.25 * half + 0.25 * step / spec.bar.steps) for step in steps]
