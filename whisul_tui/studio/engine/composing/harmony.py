"""Chords under the whole song, and looking them up by beat."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from whisul_tui.studio.engine.genres import Genre
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Section, Spec
from whisul_tui.studio.engine.theory import Chord, is_major, spell

# A mode's own colour, where the genre's table of the family would hide it: its verse and chorus loops.
_MODAL = {
    "phrygian": ("i bII i vii", "i bII VI bII", "i i bII bII", "i VI bII i"),
    "dorian": ("i IV i IV", "i7 IV7 i7 VII", "i ii7 i IV", "i IV VII i"),
    "lydian": ("I II I II", "Imaj7 II vi7 II", "I II iii II", "Imaj7 Imaj7 II II"),
    "mixolydian": ("I bVII IV I", "I v7 bVII I", "I IV bVII I", "I bVII I bVII"),
    "harmonic minor": ("i iv V i", "i VI iv V", "i V VI V", "i iv i V7"),
}


class Harmony:
    """The song's chords in order."""

    def __init__(self, chords: Sequence[Chord]) -> None:
        self.chords = tuple(chords)
        self._beats = [chord.beat for chord in self.chords]

    def at(self, beat: float) -> Chord:
        """The chord that sounds at this beat; the last one for ever after."""
        return self.chords[max(0, bisect_right(self._beats, beat + 1e-6) - 1)]

    def between(self, start: float, end: float) -> list[Chord]:
        """The chords that begin in [start, end)."""
        first = bisect_right(self._beats, start - 1e-6)
        return [chord for chord in self.chords[first:] if chord.beat < end - 1e-6]


def harmonise(spec: Spec, genre: Genre, sections: Sequence[Section], stream: Stream) -> tuple[Harmony, tuple[str, ...]]:
    """The chords of all sections and the progressions they are made of (verse, chorus, bridge)."""
    loops = _loops(spec, genre, stream)
    chords: list[Chord] = []
    for section in sections:
        loop = loops[{"intro": "verse", "outro": "verse", "build": "chorus"}.get(section.kind, section.kind)]
        chords += _section_chords(spec, genre, section, loop.split(), section is sections[-1])
    return Harmony(chords), tuple(loops.values())


def _loops(spec: Spec, genre: Genre, stream: Stream) -> dict[str, str]:
    table = genre.major if is_major(spec.mode) else genre.minor
    loops = {
        "verse": stream.pick(table.verse),
        "chorus": stream.pick(table.chorus),
        "bridge": stream.pick(table.bridge),
    }
    if spec.mode in _MODAL:
        loops["verse"] = stream.pick(_MODAL[spec.mode])
        if stream.chance(0.5):
            loops["chorus"] = stream.pick(_MODAL[spec.mode])
    return loops


def _section_chords(spec: Spec, genre: Genre, section: Section, loop: list[str], last: bool) -> list[Chord]:
    beats = spec.bar.beats
    chords: list[Chord] = []
    bar = 0
    turn = 0
    while bar < section.bars:
        bars = min(genre.bars_per_chord, section.bars - bar)
        symbols = loop[turn % len(loop)].split(",")
        if last and bar + bars >= section.bars:
            symbols = [_home(spec)]
        elif section.kind == "build" and bar + bars >= section.bars:
            symbols = ["V7sus4" if is_major(spec.mode) else "VII"]
        start = (section.first_bar + bar) * beats
        length = bars * beats / len(symbols)
        for place, symbol in enumerate(symbols):
            root, intervals = spell(symbol, spec.mode)
            chords.append(Chord(start + place * length, length, (spec.key + root) % 12, intervals, symbol))
        bar += bars
        turn += 1
    return chords


def _home(spec: Spec) -> str:
    return "I" if is_major(spec.mode) else "i"
