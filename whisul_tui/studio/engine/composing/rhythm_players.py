"""Players of chords, basses and arpeggios: step figures over the harmony."""

from __future__ import annotations

from whisul_tui.studio.engine.composing.figures import Stroke, strokes
from whisul_tui.studio.engine.composing.playing import Playing
from whisul_tui.studio.engine.score import Note

_WEIGHT = {"X": 0.86, "x": 0.7, "o": 0.5}
_BASS_LOW = 31


def chords(playing: Playing) -> list[Note]:
    """Chords in the figure's rhythm, strummed where the part says so."""
    notes: list[Note] = []
    for stroke, beat in _strokes(playing, "x-------x-------"):
        pitches = playing.voiced(playing.harmony.at(beat))
        upward = playing.part.strum and stroke.step % 4 == 2
        for place, pitch in enumerate(reversed(pitches) if upward else pitches):
            velocity = _WEIGHT.get(stroke.sign, 0.7) * (0.85 if upward else 1.0) + playing.loose.bell(0.035)
            notes.append(Note(beat + place * playing.part.strum, stroke.length * 0.25 * 0.96, pitch, velocity))
    return notes


def comp(playing: Playing) -> list[Note]:
    """A jazz pianist: another short rhythm every bar."""
    cells = (
        "x-....x-........",
        "..x-......x---..",
        "......x-......x-",
        "x-----..........",
        "..........x-....",
        "......x-------..",
        "..x-..x-........",
    )
    notes: list[Note] = []
    for bar in playing.bar_starts():
        for stroke in strokes(playing.loose.pick(cells), playing.metre):
            beat = bar + stroke.step * 0.25
            velocity = 0.6 + playing.loose.bell(0.07)
            notes += [
                Note(beat, stroke.length * 0.25, pitch, velocity)
                for pitch in playing.voiced(playing.harmony.at(beat + 0.5))
            ]
    return notes


def pad(playing: Playing) -> list[Note]:
    """Every chord held for its whole length."""
    return [
        Note(chord.beat, chord.length * 0.98, pitch, 0.62)
        for chord in playing.harmony.between(playing.start, playing.end)
        for pitch in playing.voiced(chord)
    ]


def swell(playing: Playing) -> list[Note]:
    """Every chord struck and let go before the next."""
    return [
        Note(chord.beat, chord.length * 0.7, pitch, 0.8)
        for chord in playing.harmony.between(playing.start, playing.end)
        for pitch in playing.voiced(chord)
    ]


def power(playing: Playing) -> list[Note]:
    """Roots for instruments that add their own fifth; short strokes between accents are muted."""
    notes: list[Note] = []
    for stroke, beat in _strokes(playing, "X-------X-------"):
        root = playing.harmony.at(beat).root
        muted = stroke.sign != "X" and stroke.length <= 2
        velocity = (0.55 if muted else 0.9) + playing.loose.bell(0.03)
        notes.append(Note(beat, stroke.length * 0.25 * 0.97, 40 + (root - 40) % 12, velocity))
    return notes


def arp(playing: Playing) -> list[Note]:
    """Broken chords: digits pick the voicing's notes from below, `b` the bass."""
    notes: list[Note] = []
    for stroke, beat in _strokes(playing, "0-1-2-3-2-1-2-1-"):
        chord = playing.harmony.at(beat)
        pitches = playing.voiced(chord)
        ladder = [*pitches, *(pitch + 12 for pitch in pitches)]
        low = 40 + (chord.root - 40) % 12
        pitch = low if stroke.sign == "b" else ladder[int(stroke.sign)] if stroke.sign.isdigit() else pitches[0]
        velocity = 0.55 + (0.12 if stroke.step % 4 == 0 else 0.0) + playing.loose.bell(0.05)
        notes.append(Note(beat, max(1.6 if stroke.sign == "b" else 0.0, stroke.length * 0.25 * 0.96), pitch, velocity))
    return notes


def bass(playing: Playing) -> list[Note]:
    """The figure's letters as notes of the chord, low."""
    notes: list[Note] = []
    for stroke, beat in _strokes(playing, "R-------5-------"):
        chord = playing.harmony.at(beat)
        root = _BASS_LOW + (chord.root - _BASS_LOW) % 12
        following = _BASS_LOW + (playing.harmony.at(beat + playing.metre.beats / 2).root - _BASS_LOW) % 12
        seventh = next((interval for interval in chord.intervals if interval in (10, 11)), 12)
        pitch = {
            "5": root + chord.fifth,
            "3": root + chord.third,
            "o": root + 12,
            "7": root + seventh,
            "a": following - 1,
        }.get(stroke.sign.lower(), root)
        velocity = (0.88 if stroke.sign.isupper() else 0.5 if stroke.sign == "g" else 0.74) + playing.loose.bell(0.03)
        notes.append(Note(beat, stroke.length * 0.25 * 0.97, pitch, velocity))
    return notes


def pedal(playing: Playing) -> list[Note]:
    """The root and its octave under every chord, held."""
    notes: list[Note] = []
    for chord in playing.harmony.between(playing.start, playing.end):
        root = _BASS_LOW - 2 + (chord.root - _BASS_LOW + 2) % 12
        notes += [
            Note(chord.beat, chord.length * 0.99, root, 0.75),
            Note(chord.beat, chord.length * 0.99, root + 12, 0.5),
        ]
    return notes


def walk(playing: Playing) -> list[Note]:
    """A walking bass: the root, notes of the chord, and a step into the next root."""
    notes: list[Note] = []
    last = playing.memory.pitch or 40
    count = max(2, int(playing.metre.beats))
    for bar in playing.bar_starts():
        chord, following = playing.harmony.at(bar), playing.harmony.at(bar + playing.metre.beats)
        root = min((pitch for pitch in range(30, 52) if pitch % 12 == chord.root), key=lambda pitch: abs(pitch - last))
        target = min(
            (pitch for pitch in range(30, 52) if pitch % 12 == following.root), key=lambda pitch: abs(pitch - root)
        )
        line = [root, *_steps_between(playing, root, target, count - 2), target + playing.loose.pick((-1, 1, -2, 2))]
        for place, pitch in enumerate(line[:count]):
            velocity = 0.76 + (0.08 if place % 2 else 0.0) + playing.loose.bell(0.04)
            notes.append(Note(bar + place * playing.metre.beats / count, 0.92, max(28, min(55, pitch)), velocity))
        if playing.loose.chance(0.18):
            notes.append(Note(bar + playing.metre.beats - 0.5, 0.4, line[-1], 0.45))
        last = target
    playing.memory.pitch = last
    return notes


def _steps_between(playing: Playing, root: int, target: int, count: int) -> list[int]:
    line: list[int] = []
    for place in range(count):
        chord = playing.harmony.at(playing.start)
        goal = root + (target - root) * (place + 1) / (count + 1) + playing.loose.between(-2.5, 2.5)
        before = line[-1] if line else root
        choices = [
            pitch for pitch in range(30, 53) if (pitch - root) % 12 in chord.intervals[1:4] or (pitch - root) % 12 == 2
        ]
        line.append(min(choices, key=lambda pitch: abs(pitch - goal) + (6 if pitch == before else 0)))
    return line


def _strokes(playing: Playing, default: str) -> list[tuple[Stroke, float]]:
    found = strokes(playing.figure(default), playing.metre)
    return [(stroke, bar + stroke.step * 0.25) for bar in playing.bar_starts() for stroke in found]
