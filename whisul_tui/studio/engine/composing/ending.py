"""How a song ends: the tonic once more after the last bar, ringing to the very end."""

from __future__ import annotations

from dataclasses import replace

from whisul_tui.studio.engine.score import Hit, Note, Score, Track
from whisul_tui.studio.engine.theory import Chord, voicing

_SUSTAINED = frozenset({"chords", "pad", "bass"})


def end(score: Score) -> Score:
    """The score with its last chord struck where the bars end, by those who were still playing."""
    ring = score.spec.seconds / score.spec.quarter - score.beats
    final = score.chords[-1]
    last_bars = score.beats - 2 * score.spec.bar.beats
    there = [track for track in score.tracks if track.notes[-1].beat >= last_bars]
    # Where nobody holds a chord, whoever plays ends the song: it must not just stop.
    ending = [track for track in there if track.role in _SUSTAINED and track.role != "bass"] and [
        track for track in there if track.role in _SUSTAINED
    ]
    strikers = {id(track) for track in ending or there or score.tracks[:2]}
    tracks = tuple(
        replace(track, notes=track.notes + _final_notes(track, final, score.beats, ring))
        if id(track) in strikers
        else track
        for track in score.tracks
    )
    hits = score.hits
    if hits and hits[-1].beat >= last_bars:
        kick = "k" if any(hit.voice == "k" for hit in hits) else hits[-1].voice
        hits = (*hits, Hit(score.beats, kick, 0.9), Hit(score.beats, "a", 0.7))
    return replace(score, tracks=tracks, hits=hits)


def _final_notes(track: Track, final: Chord, beat: float, ring: float) -> tuple[Note, ...]:
    length = ring * 0.92
    if track.role == "bass":
        return (Note(beat, length, 31 + (final.root - 31) % 12, 0.7),)
    if track.instrument.startswith("distorted"):
        return (Note(beat, length, 40 + (final.root - 40) % 12, 0.9),)
    if track.role == "lead":
        last = track.notes[-1].pitch
        return (Note(beat, length, last + (final.root - last + 6) % 12 - 6, 0.65),)
    return tuple(Note(beat, length, pitch, 0.6) for pitch in voicing(final, (), 50, 74, 4))
