"""What a player knows while it plays one section, and the pitches it may use."""

from __future__ import annotations

from dataclasses import dataclass, field

from whisul_tui.studio.engine.composing.harmony import Harmony
from whisul_tui.studio.engine.composing.melody import Theme
from whisul_tui.studio.engine.genres import Genre
from whisul_tui.studio.engine.genres.model import Part
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Metre, Section, Spec
from whisul_tui.studio.engine.theory import SCALES, Chord, voicing


@dataclass(frozen=True, slots=True)
class Themes:
    """The song's melodic material."""

    hook: Theme
    verse: Theme
    bridge: Theme
    riff: Theme


@dataclass(slots=True)
class Memory:
    """What a part carries from section to section: its last voicing and last pitch."""

    voicing: tuple[int, ...] = ()
    pitch: int = 0
    notes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Playing:
    """One part in one section. `steady` is the part's own stream in every section, `loose` this section's."""

    spec: Spec
    genre: Genre
    part: Part
    instrument: str
    section: Section
    harmony: Harmony
    themes: Themes
    steady: Stream
    loose: Stream
    memory: Memory

    @property
    def metre(self) -> Metre:
        """The song's metre."""
        return self.spec.bar

    @property
    def start(self) -> float:
        """The section's first beat."""
        return self.section.first_bar * self.metre.beats

    @property
    def end(self) -> float:
        """The beat after the section."""
        return (self.section.first_bar + self.section.bars) * self.metre.beats

    def bar_starts(self) -> list[float]:
        """The first beat of every bar of the section."""
        return [(self.section.first_bar + bar) * self.metre.beats for bar in range(self.section.bars)]

    def figure(self, default: str) -> str:
        """This part's figure for this kind of section: the same every time the kind comes back."""
        return self.steady.fork("figure", self.section.kind).pick(self.part.figures or (default,))

    def voiced(self, chord: Chord) -> tuple[int, ...]:
        """The chord voiced near the last one; what is held lies higher in a bright song and lower in a dull one."""
        lift = round(7 * self.spec.brightness) if self.part.play == "pad" else 0
        low, high = self.part.low + lift, self.part.high + lift
        self.memory.voicing = voicing(chord, self.memory.voicing, low, high, self.part.voices)
        return self.memory.voicing

    def degree(self, base: int, degree: int) -> int:
        """A scale degree above the tonic nearest below `base`, as a pitch."""
        scale = SCALES[self.spec.mode]
        tonic = base - (base - self.spec.key) % 12
        return tonic + scale[degree % 7] + 12 * (degree // 7)

    def fitted(self, pitch: int, beat: float, strong: bool) -> int:
        """The pitch moved to the chord where it carries weight, and to the scale elsewhere."""
        chord = self.harmony.at(beat)
        if strong:
            near = [other for other in range(pitch - 4, pitch + 5) if other % 12 in chord.pitch_classes[:4]]
            return min(near, key=lambda other: (abs(other - pitch), other), default=pitch)
        scale = {(self.spec.key + interval) % 12 for interval in SCALES[self.spec.mode]}
        clash = {(tone + 1) % 12 for tone in chord.pitch_classes[:3]}
        if pitch % 12 not in scale and pitch % 12 not in chord.pitch_classes:
            pitch -= 1
        return pitch - 1 if pitch % 12 in clash and (pitch - 1) % 12 in scale and self.loose.chance(0.6) else pitch
