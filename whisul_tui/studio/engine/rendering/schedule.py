"""When every note and stroke sounds, in samples: swing, human timing, and which notes can share one rendering."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from whisul_tui.studio.engine.genres import GENRES, Genre
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Score, Track
from whisul_tui.studio.engine.sound.signal import RATE

LEAD_IN = 0.01  # seconds before beat 0, so that an early player is not cut
_TOUCHES = 4
_STEADY = frozenset(
    {"strings", "warm pad", "air pad", "dark pad", "glass pad", "choir", "supersaw", "drone", "low strings", "organ"}
)
_SHORT = frozenset({"spiccato", "marimba", "kalimba", "banjo"})

# Drummers who sit behind or ahead of the beat, in seconds by kit and voice.
_FEEL = {
    ("lofi", "s"): 0.016,
    ("lofi", "h"): 0.004,
    ("jazz", "r"): -0.004,
    ("funk", "s"): 0.006,
    ("reggae", "s"): 0.008,
}


class Sound(NamedTuple):
    """What one rendering of a note depends on: `length` in samples, `touch` from 0 to 3, `take` tells repeats apart."""

    instrument: str
    pitch: int
    length: int
    touch: int
    take: int


@dataclass(frozen=True, slots=True)
class Event:
    """A note or stroke: first sample, what sounds (a Sound, or a drum voice's letter) and how loud."""

    start: int
    sound: Sound | str
    gain: float


def swung(beat: float, share: float, unit: float) -> float:
    """The beat with every second `unit` moved to `share` of its pair."""
    if share == 0.5:
        return beat
    pair = unit
    whole = int(beat / pair + 1e-9)
    inside = beat / pair - whole
    moved = inside * 2 * share if inside < 0.5 else share + (inside - 0.5) * 2 * (1 - share)
    return (whole + moved) * pair


def schedule_track(score: Score, track: Track, number: int) -> list[Event]:
    """The track's notes in time order."""
    genre, quarter = GENRES[score.spec.genre], score.spec.quarter
    stream = Stream("player", score.spec.identity, score.spec.seed, number)
    takes = 1 if track.instrument in _STEADY else 2
    events: list[Event] = []
    for note in track.notes:
        start = _moment(note.beat, genre, quarter) + stream.bell(genre.timing / 1000 * 0.6)
        velocity = max(0.1, min(1.0, note.velocity + stream.bell(genre.touch * 0.5)))
        length = round(note.length * 8) / 8 * quarter if note.length > 0.2 else note.length * quarter
        samples = int(0.2 * RATE) if track.instrument in _SHORT else int(max(0.06, length) * RATE)
        # Held sounds hardly change with the touch: the written one lets more of them share a rendering.
        touch = min(_TOUCHES - 1, int((velocity if takes > 1 else note.velocity) * _TOUCHES))
        sound = Sound(track.instrument, note.pitch, samples, touch, stream.whole(0, takes - 1))
        events.append(Event(max(0, int((start + LEAD_IN) * RATE)), sound, 0.35 + 0.65 * velocity))
    return sorted(events, key=_start)


def schedule_hits(score: Score) -> list[Event]:
    """The drum strokes in time order."""
    genre, quarter = GENRES[score.spec.genre], score.spec.quarter
    stream = Stream("drummer", score.spec.identity, score.spec.seed)
    events: list[Event] = []
    for hit in score.hits:
        start = (
            _moment(hit.beat, genre, quarter)
            + _FEEL.get((genre.kit, hit.voice), 0.0)
            + stream.bell(genre.timing / 1000 * 0.4)
        )
        velocity = hit.velocity * (1 + stream.bell(genre.touch * 0.4))
        events.append(Event(max(0, int((start + LEAD_IN) * RATE)), hit.voice, velocity))
    return sorted(events, key=_start)


def uses(events: Iterable[Event]) -> dict[Sound | str, deque[int]]:
    """The moments at which each sound is needed, in order."""
    moments: dict[Sound | str, deque[int]] = {}
    for event in sorted(events, key=_start):
        moments.setdefault(event.sound, deque()).append(event.start)
    return moments


def _moment(beat: float, genre: Genre, quarter: float) -> float:
    return swung(beat, genre.swing, genre.swing_unit) * quarter


def _start(event: Event) -> int:
    return event.start
