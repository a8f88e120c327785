"""Players of melodies: themes over the harmony, improvised lines, and sparse notes."""

from __future__ import annotations

from whisul_tui.studio.engine.composing.melody import PLANS, Step, Theme, develop, invent
from whisul_tui.studio.engine.composing.playing import Playing
from whisul_tui.studio.engine.score import Note
from whisul_tui.studio.engine.theory import SCALES

# How far an instrument's home register lies from the melody's usual one, in semitones.
_REGISTERS = {
    "horn": -7,
    "saxophone": -5,
    "cello": -14,
    "lead guitar": -5,
    "bell": 5,
    "vibraphone": 4,
    "music box": 12,
    "flute": 5,
    "violin": 3,
    "trumpet": 0,
    "clarinet": -2,
    "synth lead": 0,
    "kalimba": 3,
}


def melody(playing: Playing) -> list[Note]:
    """The hook in choruses, the verse's theme in verses, the bridge's elsewhere, developed over eight bars."""
    kind = playing.section.kind
    theme = {"chorus": playing.themes.hook, "bridge": playing.themes.bridge}.get(kind, playing.themes.verse)
    plan = playing.steady.fork("plan", kind).pick(PLANS)
    notes: list[Note] = []
    for turn in range((playing.section.bars + 1) // 2):
        how = plan[turn % 4]
        if kind == "verse" and turn % 4 == 3 and playing.steady.fork("rest", playing.section.turn).chance(0.3):
            continue
        changed = develop(theme, how, playing.steady.fork("develop", kind, turn % 4), playing.metre)
        notes += _sung(playing, changed, playing.start + 2 * turn * playing.metre.beats, last=turn % 4 == 3)
    return notes


def improvise(playing: Playing) -> list[Note]:
    """Lines made up as they go, now and then out of the hook."""
    notes: list[Note] = []
    for turn in range((playing.section.bars + 1) // 2):
        stream = playing.loose.fork("line", turn)
        if turn % 4 == 0:
            theme = develop(playing.themes.hook, stream.pick(("repeat", "ornament", "tail")), stream, playing.metre)
        elif stream.chance(0.3):
            theme = develop(playing.themes.hook, stream.pick(("sequence", "invert", "ornament")), stream, playing.metre)
        else:
            theme = invent(stream, stream.between(0.5, 0.95), playing.metre)
        notes += _sung(playing, theme, playing.start + 2 * turn * playing.metre.beats, last=turn % 4 == 3)
    return notes


def riff(playing: Playing) -> list[Note]:
    """A short figure over and over, its end changed every fourth time."""
    notes: list[Note] = []
    for turn in range((playing.section.bars + 1) // 2):
        theme = playing.themes.riff
        if turn % 4 == 3:
            theme = develop(theme, "tail", playing.steady.fork("tail"), playing.metre)
        notes += _sung(playing, theme, playing.start + 2 * turn * playing.metre.beats, last=False)
    return notes


def sparse(playing: Playing) -> list[Note]:
    """Single notes of the chord with room around them; in choruses the hook, so that something comes back."""
    if playing.section.kind == "chorus":
        return melody(playing)
    notes: list[Note] = []
    stream = playing.loose
    lift = round(6 * playing.spec.brightness)
    last = playing.memory.pitch or 72 + lift
    for chord in playing.harmony.between(playing.start, playing.end):
        beat = chord.beat + stream.pick((0.0, 0.0, 0.5, 1.0))
        while beat < chord.beat + chord.length - 0.9:
            if stream.chance(0.82):
                near = [pitch for pitch in range(64 + lift, 86 + lift) if pitch % 12 in chord.pitch_classes]
                last = min(
                    near, key=lambda pitch: abs(pitch - last) + stream.between(0, 5) + (3 if pitch == last else 0)
                )
                notes.append(Note(beat, stream.pick((2.0, 3.0, 4.0)), last, stream.between(0.42, 0.72)))
            beat += stream.pick((1.0, 1.5, 2.0, 2.0, 3.0))
    playing.memory.pitch = last
    return notes


def sparkle(playing: Playing) -> list[Note]:
    """High notes of the chord, here and there."""
    notes: list[Note] = []
    stream = playing.loose
    beat = playing.start + stream.pick((0.0, 1.0, 2.0))
    while beat < playing.end - 1:
        pitch = 76 + (stream.pick(playing.harmony.at(beat).pitch_classes) - 76) % 12
        notes.append(Note(beat, 2.0, pitch, stream.between(0.35, 0.65)))
        beat += stream.pick((0.5, 0.75, 1.0, 1.5, 2.0, 3.0))
    return notes


def acid(playing: Playing) -> list[Note]:
    """A sequencer line of sixteenths that never changes but with the chord."""
    scale = SCALES[playing.spec.mode]
    stream = playing.steady.fork("sequence")
    jumps = ((0, 5.0), (12, 2.0), (scale[1], 0.8), (scale[6] - 12, 1.5), (7, 1.4))
    line = [(stream.chance(0.72), stream.weighted(jumps), stream.chance(0.3)) for _ in range(playing.metre.steps)]
    notes: list[Note] = []
    for bar in playing.bar_starts():
        for step, (sounds, jump, accent) in enumerate(line):
            if sounds:
                root = 45 + (playing.harmony.at(bar + step * 0.25).root - 45) % 12
                pitch = playing.fitted(root + jump, bar + step * 0.25, strong=False)
                notes.append(Note(bar + step * 0.25, 0.22, pitch, 0.95 if accent else 0.6))
    return notes


def _sung(playing: Playing, theme: Theme, start: float, *, last: bool) -> list[Note]:
    """A theme as notes in the instrument's register, without leaps over a sixth, resting on the tonic where it ends."""
    base = _base(playing)
    before = playing.memory.pitch or base
    notes: list[Note] = []
    for place, note in enumerate(theme):
        beat = start + note.step * 0.25
        if beat >= playing.end - 0.1:
            break
        ending = place == len(theme) - 1
        strong = note.step % 8 == 0 or note.length >= 4 or ending
        pitch = playing.fitted(playing.degree(base, note.degree), beat, strong)
        pitch = _within(pitch, before, base)
        if ending and last:
            pitch = _resting(playing, pitch, beat)
        velocity = 0.68 + (0.12 if note.step % 4 == 0 else 0.0) + playing.loose.bell(0.045)
        notes.append(Note(beat, min(_length(note), playing.end - beat), pitch, velocity))
        before = pitch
    playing.memory.pitch = before
    return notes


def _base(playing: Playing) -> int:
    home = 72 if playing.section.kind == "chorus" else 67
    lift = round(3 * playing.spec.brightness) + playing.genre.melody_register
    return home + lift + _REGISTERS.get(playing.instrument, 0)


def _within(pitch: int, before: int, base: int) -> int:
    while pitch - before > 9:
        pitch -= 12
    while before - pitch > 9:
        pitch += 12
    while pitch > base + 15:
        pitch -= 12
    while pitch < base - 9:
        pitch += 12
    return pitch


def _resting(playing: Playing, pitch: int, beat: float) -> int:
    chord = playing.harmony.at(beat).pitch_classes
    homes = [other for other in range(pitch - 6, pitch + 7) if other % 12 == playing.spec.key and other % 12 in chord]
    return min(homes, key=lambda other: abs(other - pitch), default=pitch)


def _length(note: Step) -> float:
    return note.length * 0.25 * 0.95
