"""Struck and plucked strings: pianos, guitars, harps, basses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whisul_tui.studio.engine.sound.additive import Partials, harmonics
from whisul_tui.studio.engine.sound.signal import RATE, Signal, band, envelope, fading, hertz, noise, saturated, shaped


@dataclass(frozen=True, slots=True)
class Piano:
    """Two strings a note, one dying fast and one slowly; `softness` is felt on the hammer."""

    softness: float = 0.0
    touch: float = 1.0
    drive: float = 0.0

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note."""
        velocity = min(1.0, velocity * self.touch)
        fundamental = hertz(pitch)
        number = harmonics(fundamental, 46)
        stretch = 0.00018 * 2 ** ((pitch - 48) / 10)
        tones = fundamental * number * np.sqrt(1 + stretch * number**2)
        dullness = (0.10 + 0.16 * (1 - velocity) + self.softness) * (fundamental / 220) ** 0.35
        strike = number**-0.75 * np.exp(-number * dullness) * (np.abs(np.sin(np.pi * number * 0.12)) + 0.12)
        ring = 7.0 * 2 ** (-(pitch - 48) / 15)
        decay = 3.2 / ring * (1 + 0.13 * (number - 1) + 0.004 * number**2)
        beat = 2 ** (np.array([-0.45, 0.5]) / 1200)
        size = number.size
        count = int((seconds + 0.25) * RATE)
        side = np.repeat([-0.35, 0.35], size) + generator.uniform(-0.25, 0.25, 2 * size)
        partials = Partials(
            np.concatenate([tones * beat[0], tones * beat[1]]),
            np.concatenate([strike * 0.62, strike * 0.38]),
            np.concatenate([decay * 1.7, decay * 0.55]),
            generator.uniform(0, 6.28, 2 * size),
            side,
        )
        wave = partials.render(count)
        knock = min(count, 2200)
        hammer = shaped(noise(knock, generator), band(90, 900 if self.softness else 2200)) * fading(knock, 420)
        wave[:, :knock] += hammer * np.float32((0.10 + 0.16 * velocity) * (0.5 if not self.softness else 0.9))
        if self.drive:
            wave = saturated(wave, self.drive) * np.float32(0.8)
        return wave * envelope(count, 0.0015 + self.softness * 0.008, 0.22)


@dataclass(frozen=True, slots=True)
class Plucked:
    """A plucked string. `position` is where it is plucked, `dullness` how fast its spectrum falls.

    `ring` is the decay time in seconds at pitch `centre`, halving every `halving` semitones; `slope` and `curve` make
    high harmonics die sooner. `least` is the shortest note, `tail` what sounds on after release, `drive` saturates.
    """

    position: float
    dullness: float
    ring: float
    halving: float
    slope: float
    curve: float
    centre: int = 50
    least: float = 0.0
    tail: float = 0.3
    detune: float = 0.7
    pick: float = 0.12
    drive: float = 0.0
    octave: float = 0.0

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note."""
        fundamental = hertz(pitch)
        number = harmonics(fundamental, 42)
        strike = (
            np.abs(np.sin(np.pi * number * self.position))
            * number**-1.05
            * np.exp(-number * self.dullness * (1.35 - velocity))
        )
        ring = self.ring * 2 ** (-(pitch - self.centre) / self.halving)
        decay = 3 / ring * (1 + self.slope * number + self.curve * number**2)
        tones = fundamental * number * np.sqrt(1 + 6e-5 * number**2)
        second = fundamental * number * 2 ** (self.detune / 1200) * (2.0 if self.octave else 1.0)
        count = int((max(seconds, self.least) + self.tail) * RATE)
        share = max(0.3, self.octave)
        partials = Partials(
            np.concatenate([tones, second]),
            np.concatenate([strike * (1 - share), strike * share]),
            np.concatenate([decay, decay * 0.6]),
            generator.uniform(0, 6.28, 2 * number.size),
            generator.uniform(-0.35, 0.35, 2 * number.size),
        )
        wave = partials.render(count)
        click = min(count, 900)
        wave[:, :click] += (
            shaped(noise(click, generator), band(400, 4000)) * fading(click, 150) * np.float32(self.pick * velocity)
        )
        if self.drive:
            wave = saturated(wave, self.drive)
        return wave * envelope(count, 0.0012, self.tail * 0.85)


@dataclass(frozen=True, slots=True)
class DistortedGuitar:
    """Root, fifth and octave through an overdriven amplifier and a speaker that ends at `cabinet` Hz.

    Soft notes are palm-muted. `detune` sets two takes apart.
    """

    cabinet: float
    detune: float

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One power chord on the pitch."""
        muted = velocity < 0.7
        count = int((seconds + 0.12) * RATE)
        double = 2 * RATE  # the clipper folds less at twice the rate
        number = np.arange(1, 26, dtype=np.float64)
        tones, amplitudes, decays = [], [], []
        for interval, share in ((0, 1.0), (7, 0.85), (12, 0.7)):
            fundamental = hertz(pitch + interval + self.detune * 0.04)
            tones.append(
                fundamental * number * np.sqrt(1 + 5e-5 * number**2) * 2 ** (generator.uniform(-1.5, 1.5, 25) / 1200)
            )
            amplitudes.append(share * np.abs(np.sin(np.pi * number * 0.15)) / number**0.9)
            decays.append(6 + 1.6 * number if muted else 0.35 + 0.05 * number)
        partials = Partials(
            np.concatenate(tones), np.concatenate(amplitudes), np.concatenate(decays), generator.uniform(0, 6.28, 75)
        )
        wave = partials.render(2 * count, double) + np.float32(0.02) * noise(2 * count, generator)
        wave = np.tanh(saturated(wave, 9) * np.float32(1.5) + np.float32(0.12))
        return self._speaker(wave, count) * envelope(count, 0.002, 0.09)

    def _speaker(self, wave: Signal, count: int) -> Signal:
        """Cabinet response and decimation by two in one pass of the FFT."""
        length = 2
        while length < 2 * count + 1024:
            length *= 2
        spectrum = np.fft.rfft(wave, length)
        at = np.maximum(np.arange(spectrum.size) * 2 * RATE / length, 1.0)
        tone = 1 + 0.9 * np.exp(-(((at - 2400) / 900) ** 2)) - 0.45 * np.exp(-(((at - 500) / 250) ** 2))
        response = tone / np.sqrt((1 + (85 / at) ** 6) * (1 + (at / self.cabinet) ** 8))
        half = (spectrum * response)[: length // 4 + 1]
        return np.asarray(np.fft.irfft(half, length // 2)[:count] * 0.5, dtype=np.float32)
