"""Synthesisers and bars: plucks, stabs, basses, acid lines, chip voices, bells and mallets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whisul_tui.studio.engine.sound.additive import Partials, harmonics
from whisul_tui.studio.engine.sound.signal import RATE, Signal, envelope, fft_length, hertz, saturated, seconds_axis


@dataclass(frozen=True, slots=True)
class Bars:
    """Struck bars, tines and tone wheels: fixed ratios to the fundamental, each with level and decay.

    `hard` raises the upper partials with velocity. Decays halve every `halving` semitones down from `centre`.
    """

    ratios: tuple[float, ...]
    levels: tuple[float, ...]
    decays: tuple[float, ...]
    hard: float = 0.5
    centre: int = 60
    halving: float = 30.0
    beat: float = 0.0
    least: float = 0.0
    tail: float = 0.45
    attack: float = 0.001
    drive: float = 0.0
    spread: float = 0.4

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note."""
        ratios, levels, decays = np.array(self.ratios), np.array(self.levels), np.array(self.decays)
        levels = np.where(np.arange(levels.size) > 0, levels * (1 - self.hard + self.hard * velocity), levels)
        decays = decays * 2 ** ((pitch - self.centre) / self.halving)
        both = 2 if self.beat else 1
        factors = 2 ** (np.array([-self.beat, self.beat][:both]) / 1200)
        frequencies = hertz(pitch) * np.concatenate([ratios * factor for factor in factors])
        pans = (
            np.repeat([-self.spread, self.spread], ratios.size)
            if both == 2
            else generator.uniform(-self.spread, self.spread, ratios.size)
        )
        count = int((max(seconds, self.least) + self.tail) * RATE)
        partials = Partials(
            frequencies,
            np.tile(levels / both, both),
            np.tile(decays, both),
            generator.uniform(0, 0.4, frequencies.size),
            pans,
        )
        wave = partials.render(count)
        if self.drive:
            wave = saturated(wave, self.drive)
        return wave * envelope(count, self.attack, self.tail * 0.9)


@dataclass(frozen=True, slots=True)
class SynthPluck:
    """Detuned saws whose upper harmonics die first: `decay` a second for the first, `closing` more for each further."""

    voices: int
    cents: float
    harmonics: int
    decay: float
    closing: float
    tilt: float = 0.95
    tail: float = 0.3
    limit: float = 12_000.0

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note, stereo."""
        fundamental = hertz(pitch)
        number = harmonics(fundamental, self.harmonics, self.limit)
        every = np.tile(number, self.voices)
        factors = 2 ** (np.linspace(-self.cents, self.cents, self.voices) / 1200)
        count = int(min(seconds + self.tail, 2.2) * RATE)
        partials = Partials(
            np.concatenate([fundamental * number * factor for factor in factors]),
            every**-self.tilt / self.voices,
            self.decay + self.closing * every * (1.3 - velocity * 0.5),
            generator.uniform(0, 6.28, every.size),
            np.repeat(np.linspace(-0.8, 0.8, self.voices), number.size),
        )
        return partials.render(count) * envelope(count, 0.002, self.tail * 0.9)


@dataclass(frozen=True, slots=True)
class SynthBass:
    """Saws for low notes, mono: `closing` shuts the filter, `drive` saturates."""

    harmonics: int = 40
    tilt: float = 1.0
    decay: float = 1.0
    closing: float = 0.6
    voices: int = 2
    cents: float = 5.0
    drive: float = 1.4
    limit: float = 6_000.0
    release: float = 0.05

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note."""
        fundamental = hertz(pitch)
        number = harmonics(fundamental, self.harmonics, self.limit)
        every = np.tile(number, self.voices)
        factors = 2 ** (np.linspace(-self.cents, self.cents, self.voices) / 1200)
        count = int((seconds + self.release) * RATE)
        partials = Partials(
            np.concatenate([fundamental * number * factor for factor in factors]),
            every**-self.tilt / self.voices,
            self.decay + self.closing * (every - 1) * (1.4 - 0.6 * velocity),
            generator.uniform(0, 0.6, every.size),
        )
        return saturated(partials.render(count), self.drive) * envelope(count, 0.003, self.release)


@dataclass(frozen=True, slots=True)
class SubBass:
    """An 808: a sine that drops onto its pitch and is driven."""

    drop: float = 1.6
    drive: float = 2.8

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note."""
        count = int((seconds + 0.12) * RATE)
        moment = seconds_axis(count)
        phase = 2 * np.pi * np.cumsum(hertz(pitch) * (1 + self.drop * np.exp(-moment / 0.022))) / RATE
        wave = np.tanh(np.sin(phase) * np.exp(-moment * 0.9) * self.drive) * 0.72 + 0.1 * np.sin(2 * phase) * np.exp(
            -moment * 2
        )
        return wave.astype(np.float32) * envelope(count, 0.002, 0.1)


@dataclass(frozen=True, slots=True)
class Acid:
    """A saw through a resonant filter that closes: a crossfade of fixed resonances."""

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note."""
        fundamental = hertz(pitch)
        number = harmonics(fundamental, 70, 9_000)
        count = int((seconds + 0.04) * RATE)
        saw = Partials(
            fundamental * number, 1 / number, np.full(number.size, 0.2), generator.uniform(0, 0.2, number.size)
        ).render(count)
        length = fft_length(count + 512)
        spectrum = np.fft.rfft(saw, length)
        at = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 1.0)
        moment = seconds_axis(count)
        where = np.clip(3 * (1 - np.exp(-moment / (0.05 + 0.09 * velocity))) * 1.05, 0, 2.999)
        wave = np.zeros(count, np.float32)
        for place, cutoff in enumerate((3200 * velocity, 1700 * velocity, 850, 420)):
            ratio = at / cutoff
            resonance = np.minimum(1 / np.sqrt((1 - ratio**2) ** 2 + (ratio / 4.5) ** 2 + 1e-4), 4.5)
            filtered = np.fft.irfft(spectrum * resonance, length)[:count]
            wave += (filtered * np.clip(1 - np.abs(where - place), 0, 1)).astype(np.float32)
        return saturated(wave, 1.1) * envelope(count, 0.002, 0.035)


@dataclass(frozen=True, slots=True)
class Chip:
    """A pulse wave of this width, or with 0 a triangle, as sound chips had them."""

    width: float = 0.5

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note."""
        fundamental = hertz(pitch)
        count = int((seconds + 0.01) * RATE)
        number = harmonics(fundamental, 80, 16_000)
        if self.width:
            levels = 2 / (np.pi * number) * np.sin(np.pi * number * self.width)
            partials = Partials(
                fundamental * number, levels, np.full(number.size, 0.4), np.full(number.size, np.pi / 2)
            )
        else:
            odd = number[::2][:15]
            levels = 0.8 / odd**2 * (-1.0) ** ((odd - 1) // 2)
            partials = Partials(fundamental * odd, levels, np.full(odd.size, 0.01), np.zeros(odd.size))
        return partials.render(count) * envelope(count, 0.001, 0.008)
