"""Rooms and echoes: a reverb by partitioned convolution, a delay that goes from side to side, the mix's tone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whisul_tui.studio.engine.sound.signal import RATE, Signal, fft_length

BLOCK = 65_536  # one step of the renderer: 1.5 s
LATENCY = BLOCK // 4  # of the linear-phase tone filter

Spectrum = npt.NDArray[np.complexfloating]

_BANDS = ((0, 300, 1.0, 0.6), (300, 1500, 1.0, 1.0), (1500, 5000, 0.7, 0.8), (5000, 20_000, 0.38, 0.5))
_TAPS = 6
_FEEDBACK = 0.42


def room(seconds: float, generator: np.random.Generator) -> Signal:
    """A stereo impulse response: early reflections, then noise whose treble dies first; `seconds` to -60 dB."""
    count = int(min(seconds * 1.15, 7) * RATE)
    moment = np.arange(count, dtype=np.float32) / np.float32(RATE)
    length = fft_length(count)
    frequencies = np.fft.rfftfreq(length, 1 / RATE)
    before = int(0.018 * RATE)
    sides = []
    for _ in range(2):
        spectrum = np.fft.rfft(generator.standard_normal(count, dtype=np.float32), length)
        tail = np.zeros(count, np.float32)
        for low, high, share, level in _BANDS:
            part = np.fft.irfft(spectrum * ((frequencies >= low) & (frequencies < high)), length)[:count]
            tail += part * np.exp(moment * np.float32(-6.9 / (seconds * share))) * np.float32(level)
        tail *= 1 - np.exp(-moment / np.float32(0.02))
        tail /= np.sqrt((tail**2).sum())
        side = np.concatenate([np.zeros(before, np.float32), tail])
        for _ in range(9):
            side[int(generator.uniform(0.004, 0.055) * RATE)] += generator.choice([-1, 1]) * generator.uniform(
                0.05, 0.16
            )
        sides.append(side)
    return np.stack(sides).astype(np.float32) * np.float32(0.9)


class Reverb:
    """Mono blocks in, spectra of stereo blocks out; its caller does the one inverse FFT."""

    def __init__(self, response: Signal) -> None:
        parts = -(-response.shape[1] // BLOCK)
        padded = np.pad(response, ((0, 0), (0, parts * BLOCK - response.shape[1])))
        self._response = np.fft.rfft(padded.reshape(2, parts, BLOCK), 2 * BLOCK).astype(np.complex64)
        self._past: list[Spectrum] = []

    def push(self, block: Signal) -> Spectrum:
        """The spectrum (2, BLOCK + 1) of what the room answers in this block and the next."""
        self._past.insert(0, np.fft.rfft(block, 2 * BLOCK))
        del self._past[self._response.shape[1] :]
        answer = self._response[:, 0] * self._past[0]
        for age, past in enumerate(self._past[1:], 1):
            answer += self._response[:, age] * past
        return answer


class PingPong:
    """Echoes every `samples`, alternating between the sides."""

    def __init__(self, samples: int) -> None:
        self._every = max(2000, samples)
        self._past = np.zeros(_TAPS * self._every + 8, np.float32)

    def push(self, block: Signal, dry: Signal, send: Signal) -> None:
        """Adds the echoes of what came in so far to the dry stereo block and to the reverb's send."""
        if not (block.any() or self._past.any()):
            return
        line = np.concatenate([self._past, block])
        size = self._past.size
        for tap in range(1, _TAPS + 1):
            echo = line[size - tap * self._every : size - tap * self._every + BLOCK] * np.float32(
                _FEEDBACK ** (tap - 1)
            )
            dry[tap % 2] += echo
            dry[1 - tap % 2] += echo * np.float32(0.25)
            send += echo * np.float32(0.2)
        self._past = line[-size:].copy()


def tone(ceiling: float, bass: float, treble: float) -> Spectrum:
    """The mix's filter as a spectrum for blocks of twice BLOCK: no rumble, treble up to `ceiling` Hz, shelves in dB."""
    frequencies = np.maximum(np.fft.rfftfreq(2 * BLOCK, 1 / RATE), 0.5)
    gains = 1 / np.sqrt((1 + (30 / frequencies) ** 6) * (1 + (frequencies / ceiling) ** 6))
    gains *= 10 ** (bass / 20 / (1 + (frequencies / 160) ** 2))
    gains *= 10 ** (treble / 20 * (frequencies / 2500) ** 2 / (1 + (frequencies / 2500) ** 2))
    gains[0] = 0
    impulse = np.roll(np.fft.irfft(gains, 2 * BLOCK), LATENCY)[: BLOCK // 2] * np.hanning(BLOCK // 2)
    return np.fft.rfft(impulse, 2 * BLOCK).astype(np.complex64)
