"""What is asked for and what is composed: Spec, Score and their parts. Beats are quarter notes from the start."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from whisul_tui.studio.engine.theory import KEY_NAMES, Chord

ENGINE_VERSION = "1.1"


@dataclass(frozen=True, slots=True)
class Metre:
    """A time signature: `steps` sixteenths a bar, of which those in `accents` carry the weight.

    `pulse` is the length in quarters of what a bpm counts: a quarter, and a dotted one in 6/8.
    """

    name: str
    steps: int
    accents: tuple[int, ...]
    pulse: float = 1.0

    @property
    def beats(self) -> float:
        """Quarter notes a bar."""
        return self.steps / 4


METRES = {
    metre.name: metre
    for metre in (
        Metre("4/4", 16, (0, 8)),
        Metre("3/4", 12, (0,)),
        Metre("6/8", 12, (0, 6), 1.5),
        Metre("5/4", 20, (0, 12)),
        Metre("7/8", 14, (0, 8)),
        Metre("12/8", 24, (0, 12), 1.5),
    )
}


@dataclass(frozen=True, slots=True)
class Spec:
    """What the prompt asks for, every gap filled: what it says beats its mood, its genre, and last the seed.

    `identity` names the song's random streams: the prompt, or the one a variation is of. `energy` and `brightness`
    shift the genre's own from -1 to 1. `explicit` names the fields the prompt said in so many words. `variation` is
    0 for the song itself; `form_quarter`: seconds a quarter of the song whose form is kept, or 0. `file` is the
    kind of file asked for: flac, wav or nothing.
    """

    prompt: str
    seed: int
    identity: str
    genre: str
    bpm: float
    key: int
    mode: str
    metre: str
    seconds: float
    second_genre: str = ""
    moods: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    banned: frozenset[str] = frozenset()
    solo: bool = False
    energy: float = 0.0
    brightness: float = 0.0
    vocals_asked: bool = False
    explicit: frozenset[str] = frozenset()
    variation: int = 0
    form_quarter: float = 0.0
    file: str = ""

    @property
    def key_name(self) -> str:
        """The key as people write it: `F# minor`."""
        return f"{KEY_NAMES[self.key]} {self.mode}"

    @property
    def bar(self) -> Metre:
        """The metre itself."""
        return METRES[self.metre]

    @property
    def quarter(self) -> float:
        """Seconds a quarter note."""
        return 60.0 / self.bpm / self.bar.pulse


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of bars of one kind: intro, verse, build, chorus, bridge or outro; `turn` counts its kind from 1."""

    kind: str
    first_bar: int
    bars: int
    turn: int


@dataclass(frozen=True, slots=True)
class Note:
    """A pitch (MIDI number) at `beat` for `length` quarters, at a velocity from 0 to 1."""

    beat: float
    length: float
    pitch: int
    velocity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A stroke on a voice of the drum kit."""

    beat: float
    voice: str
    velocity: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A transition that is no note: `riser`, `impact`, `swell` or `drop`, over `length` quarters."""

    kind: str
    beat: float
    length: float
    level: float


@dataclass(frozen=True, slots=True)
class Track:
    """One instrument's notes and how they are mixed: level in dB, pan from -1 to 1, sends and ducking from 0 to 1."""

    name: str
    role: str
    instrument: str
    level: float
    pan: float
    reverb: float
    delay: float
    duck: float
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A composed song, before any sound."""

    spec: Spec
    title: str
    sections: tuple[Section, ...]
    chords: tuple[Chord, ...]
    tracks: tuple[Track, ...]
    hits: tuple[Hit, ...]
    effects: tuple[Effect, ...]
    hook: tuple[tuple[int, int, int], ...]
    progressions: tuple[str, ...] = field(default=())

    @property
    def bars(self) -> int:
        """How many bars there are; the last chord may ring on after them."""
        last = self.sections[-1]
        return last.first_bar + last.bars

    @property
    def beats(self) -> float:
        """The length of all bars in quarter notes."""
        return self.bars * self.spec.bar.beats


def score_hash(score: Score) -> str:
    """A SHA-256 of everything that is played, the same on every machine for one prompt, seed and engine version."""
    spec = score.spec
    content = [
        ENGINE_VERSION,
        [spec.genre, _round(spec.bpm), spec.key, spec.mode, spec.metre, _round(spec.seconds)],
        [[part.kind, part.first_bar, part.bars] for part in score.sections],
        [[_round(chord.beat), _round(chord.length), chord.root, *chord.intervals] for chord in score.chords],
        [[track.name, track.instrument, [_flat(note) for note in track.notes]] for track in score.tracks],
        [[_round(hit.beat), hit.voice, _round(hit.velocity)] for hit in score.hits],
        [[effect.kind, _round(effect.beat), _round(effect.length)] for effect in score.effects],
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def _flat(note: Note) -> list[float]:
    return [_round(note.beat), _round(note.length), note.pitch, _round(note.velocity)]


def _round(value: float) -> int:
    return round(value * 1000)
