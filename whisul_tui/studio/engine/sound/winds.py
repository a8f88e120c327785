"""Single voices that sing: winds, bowed solo strings, leads; a wavetable with vibrato, scoop and breath."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whisul_tui.studio.engine.sound.signal import RATE, Numbers, Signal, band, envelope, hertz, noise, saturated, shaped

_TABLE = 2048  # samples of one wave

Formant = tuple[float, float, float]  # centre Hz, width Hz, gain


@dataclass(frozen=True, slots=True)
class Solo:
    """A bright or dull wave (`tilt` a harmonic, `dullness` falling with velocity) with the habits of a player.

    `vibrato` in semitones at `speed` Hz after `wait` seconds, `scoop` semitones from below, `drift` in cents.
    `players` above 1 spreads as many over the stereo field. `drive` goes through a clipper and a speaker.
    """

    harmonics: int
    tilt: float
    dullness: float = 0.0
    soften: float = 0.0
    speed: float = 5.3
    vibrato: float = 0.2
    wait: float = 0.25
    scoop: float = 0.0
    breath: float = 0.0
    breath_band: tuple[float, float] = (1500, 7000)
    attack: float = 0.03
    release: float = 0.09
    formants: tuple[Formant, ...] = ()
    odd: float = 1.0
    players: int = 1
    drift: float = 3.0
    drive: float = 0.0

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note."""
        takes = [self._take(pitch + 0.09 * place, seconds, velocity, generator) for place in range(self.players)]
        if self.players == 1:
            return takes[0]
        return np.stack(
            [
                takes[0] * np.float32(0.72) + takes[1] * np.float32(0.28),
                takes[0] * np.float32(0.28) + takes[1] * np.float32(0.72),
            ]
        )

    def _take(self, pitch: float, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        fundamental = hertz(pitch)
        count = int((seconds + self.release) * RATE)
        table = self._table(fundamental, velocity)
        moment = np.arange(count, dtype=np.float32) / np.float32(RATE)
        bend = (
            np.clip((moment - self.wait) / 0.3, 0, 1)
            * self.vibrato
            * np.sin(2 * np.pi * self.speed * moment + generator.uniform(0, 6))
        )
        bend -= self.scoop * np.exp(-moment / 0.035)
        wander = generator.uniform(-1, 1, 6) * self.drift / 100
        bend += np.interp(moment, np.linspace(0, max(float(moment[-1]), 0.01), 6), wander)
        where = np.cumsum(fundamental * 2 ** (bend / 12) / RATE * _TABLE, dtype=np.float64) % _TABLE
        index = where.astype(np.int32)
        share = (where - index).astype(np.float32)
        wave = table[index] * (1 - share) + table[index + 1] * share
        if self.breath:
            wave += shaped(noise(count, generator), band(*self.breath_band)) * np.float32(self.breath)
        if self.drive:
            wave = shaped(saturated(wave, self.drive), _speaker)
        return wave * envelope(count, self.attack, self.release)

    def _table(self, fundamental: float, velocity: float) -> Signal:
        number = np.arange(1, max(2, min(self.harmonics, int(16_000 / fundamental)) + 1), dtype=np.float64)
        levels = number**-self.tilt * np.exp(-number * self.dullness * (1 + self.soften * (1 - velocity)))
        levels = np.where(number % 2 == 0, levels * self.odd, levels)
        if self.formants:
            levels = levels * (
                0.12
                + sum(
                    gain * np.exp(-(((fundamental * number - centre) / width) ** 2))
                    for centre, width, gain in self.formants
                )
            )
        if self.drive:
            levels = levels * np.abs(np.sin(np.pi * number * 0.14))
        spectrum = np.zeros(_TABLE // 2 + 1, np.complex128)
        spectrum[1 : number.size + 1] = -0.5j * _TABLE * levels
        wave = np.fft.irfft(spectrum, _TABLE)
        wave = np.append(wave, wave[0])
        return np.asarray(wave / np.abs(wave).max(), dtype=np.float32)


def _speaker(frequencies: Numbers) -> Numbers:
    return band(110, 4800, 3)(frequencies) * (1 + 0.7 * np.exp(-(((frequencies - 2200) / 900) ** 2)))
