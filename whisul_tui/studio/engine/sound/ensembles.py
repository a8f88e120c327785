"""Many voices at once: string sections, choirs, brass, pads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whisul_tui.studio.engine.sound.additive import Partials, harmonics
from whisul_tui.studio.engine.sound.signal import HALF_RATE, Signal, detuned, envelope, hertz
from whisul_tui.studio.engine.sound.winds import Formant


@dataclass(frozen=True, slots=True)
class Ensemble:
    """`voices` detuned by up to `cents`, spectra falling by `tilt` (softer notes by `soften` more) up to `limit` Hz.

    Rendered at HALF_RATE: long notes of many voices cost most, and nothing of them is above 10 kHz.
    `opening` is how late the first harmonic and each further one come in, in seconds; `short` cuts every note.
    """

    voices: int
    cents: float
    tilt: float
    harmonics: int
    attack: float
    release: float
    formants: tuple[Formant, ...] = ()
    limit: float = 10_000.0
    spread: float = 0.9
    opening: tuple[float, float] | None = None
    decay: float = 0.02
    soften: float = 0.0
    octave: int = 0
    short: float = 0.0

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note of the whole ensemble, stereo, at HALF_RATE."""
        fundamental = hertz(pitch + 12 * self.octave)
        number = harmonics(fundamental, self.harmonics, self.limit)
        levels = number ** -(self.tilt + self.soften * (1 - velocity))
        if self.formants:
            levels = levels * (
                0.08
                + sum(
                    gain * np.exp(-(((fundamental * number - centre) / width) ** 2))
                    for centre, width, gain in self.formants
                )
            )
        levels = levels / np.sqrt((levels**2).sum() * self.voices)
        places = np.linspace(-1, 1, self.voices)
        tones = [
            fundamental
            * number
            * 2 ** ((self.cents * place + generator.uniform(-1.5, 1.5)) / 1200)
            * detuned(generator, number.size, self.cents * 0.18)
            for place in places
        ]
        # Neighbours in pitch sit far apart in the room, so that no side sounds sharp.
        sides = self.spread * np.where(np.arange(self.voices) % 2, -1.0, 1.0) * np.linspace(0.3, 1.0, self.voices)
        openings = None
        if self.opening is not None:
            openings = np.tile(self.opening[0] + self.opening[1] * (number - 1), self.voices)
        count = int(((self.short or seconds) + self.release) * HALF_RATE)
        frequencies = np.concatenate(tones)
        partials = Partials(
            frequencies,
            np.tile(levels, self.voices),
            np.full(frequencies.size, self.decay),
            generator.uniform(0, 6.28, frequencies.size),
            np.repeat(sides, number.size),
            openings,
        )
        return partials.render(count, HALF_RATE) * envelope(count, self.attack, self.release, HALF_RATE)
