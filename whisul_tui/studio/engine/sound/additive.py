"""Sums of damped sine waves as one matrix product: the heart of nearly every instrument.

With s = -d + 2πif a partial is e^{s(aB+b)} = e^{saB} · e^{sb}: two small tables of exponentials and one sgemm give a
whole note, without a filter or a loop over samples. A decay that grows with the harmonic is a closing filter, an
opening time that grows with it an opening one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whisul_tui.studio.engine.sound.signal import RATE, Numbers, Signal


@dataclass(frozen=True, slots=True)
class Partials:
    """Damped sines: frequencies in Hz, amplitudes, decays per second, phases; pans from -1 to 1 make it stereo.

    `openings` are attack times in seconds, one a partial.
    """

    frequencies: Numbers
    amplitudes: Numbers
    decays: Numbers
    phases: Numbers
    pans: Numbers | None = None
    openings: Numbers | None = None

    def render(self, count: int, rate: int = RATE) -> Signal:
        """The sum over `count` samples: (n,), or (2, n) with pans. What lies above the hearing limit is left out."""
        kept = self._audible(rate)
        if kept.frequencies.size == 0:
            return np.zeros((2, count) if self.pans is not None else count, np.float32)
        return kept._product(count, rate)

    def _audible(self, rate: int) -> Partials:
        shape = self.frequencies.shape
        keep = (self.frequencies < 0.46 * rate) & (np.abs(self.amplitudes) > 1e-6)
        amplitudes, decays = np.broadcast_to(self.amplitudes, shape)[keep], np.broadcast_to(self.decays, shape)[keep]
        frequencies, phases = self.frequencies[keep], self.phases[keep]
        pans = None if self.pans is None else np.broadcast_to(self.pans, shape)[keep]
        if self.openings is None:
            return Partials(frequencies, amplitudes, decays, phases, pans)
        opening = 1 / np.maximum(np.broadcast_to(self.openings, shape)[keep], 1e-4)
        return Partials(
            np.concatenate([frequencies, frequencies]),
            np.concatenate([amplitudes, -amplitudes]),
            np.concatenate([decays, decays + opening]),
            np.concatenate([phases, phases]),
            None if pans is None else np.concatenate([pans, pans]),
        )

    def _product(self, count: int, rate: int) -> Signal:
        block = 512 if count > 120_000 else 256
        rows = -(-count // block)
        exponents = (-self.decays + 2j * np.pi * self.frequencies) / rate
        within = np.exp(exponents[:, None] * np.arange(block))
        between = np.exp(exponents[None, :] * (np.arange(rows) * block)[:, None])
        between *= self.amplitudes * np.exp(1j * (self.phases - np.pi / 2))
        right = np.concatenate([within.real, -within.imag]).astype(np.float32)
        if self.pans is None:
            left = np.concatenate([between.real, between.imag], axis=1).astype(np.float32)
            return np.asarray((left @ right).reshape(-1)[:count])
        sides = [between * np.sqrt(1 - self.pans), between * np.sqrt(1 + self.pans)]
        left = np.concatenate([np.concatenate([side.real, side.imag], axis=1) for side in sides]).astype(np.float32)
        return np.asarray((left @ right).reshape(2, -1)[:, :count])


def harmonics(fundamental: float, most: int, limit: float = 15_000.0) -> Numbers:
    """The harmonic numbers up to a frequency, at least one."""
    return np.arange(1, max(2, min(most, int(limit / fundamental)) + 1), dtype=np.float64)
