"""Rooms and echoes: a reverb by partitioned convolution, a delay that goes from side to side, the mix's tone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whisul_tui.studio.engine.sound.signal import RATE, Signal, fft_length

# One frame of the FFT holds a block, a part of the room's answer as long, and the tone's filter: were they longer
# together, the end of a reverb would come round and sound before its beginning.
FRAME = 131_072
BLOCK = FRAME * 7 // 16  # one step of the renderer: 1.3 s
_TONE = FRAME // 8
LATENCY = _TONE // 2  # of the linear-phase tone filter

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
    """Spectra of mono blocks in, of stereo blocks out; its caller does the FFTs."""

    def __init__(self, response: Signal) -> None:
        parts = -(-response.shape[1] // BLOCK)
        padded = np.pad(response, ((0, 0), (0, parts * BLOCK - response.shape[1])))
        self._response = np.fft.rfft(padded.reshape(2, parts, BLOCK), FRAME).astype(np.complex64)
        self._past: list[Spectrum] = []

    def push(self, block: Spectrum) -> Spectrum:
        """The spectrum (2, FRAME / 2 + 1) of what the room answers to a block from its first sample on."""
        self._past.insert(0, block)
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
    """The mix's filter as a spectrum of one frame: no rumble, treble up to `ceiling` Hz, shelves in dB."""
    frequencies = np.maximum(np.fft.rfftfreq(FRAME, 1 / RATE), 0.5)
    gains = 1 / np.sqrt((1 + (30 / frequencies) ** 6) * (1 + (frequencies / ceiling) ** 6))
    gains *= 10 ** (bass / 20 / (1 + (frequencies / 160) ** 2))
    gains *= 10 ** (treble / 20 * (frequencies / 2500) ** 2 / (1 + (frequencies / 2500) ** 2))
    gains[0] = 0
    impulse = np.roll(np.fft.irfft(gains, FRAME), LATENCY)[:_TONE] * np.hanning(_TONE)
    impulse -= impulse.mean()  # cut short it would let a little of what stands still through
    return np.fft.rfft(impulse, FRAME).astype(np.complex64)


def spectrum(block: Signal, at_half: Signal | None) -> Spectrum:
    """The spectrum of one frame that begins with a block, and with one at half the rate."""
    found = np.fft.rfft(block, FRAME)
    if at_half is not None:
        found[..., : FRAME // 4 + 1] += 2 * np.fft.rfft(at_half, FRAME // 2)
    return found
