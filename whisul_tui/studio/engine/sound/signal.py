"""Signals and the few operations every sound is made with. Mono is (n,), stereo (2, n), both float32."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

RATE = 44_100
HALF_RATE = RATE // 2

Signal = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Response = Callable[[Numbers], Numbers]

_SMOOTH = (9 / 16, 5 / 8, 3 / 4, 27 / 32, 15 / 16, 1.0)


def hertz(pitch: float) -> float:
    """The frequency of a MIDI pitch."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12.0))


def fft_length(count: int) -> int:
    """The next length that the FFT is quick at."""
    power = 1
    while power < count:
        power *= 2
    return next(int(power * share) for share in _SMOOTH if power * share >= count)


def shaped(signal: Signal, response: Response, rate: int = RATE) -> Signal:
    """The signal through a linear-phase filter given as gain over frequency."""
    count = signal.shape[-1]
    length = fft_length(count + 512)
    gains = response(np.fft.rfftfreq(length, 1 / rate).astype(np.float64)).astype(np.float32)
    return np.ascontiguousarray(
        np.fft.irfft(np.fft.rfft(signal, length) * gains, length)[..., :count], dtype=np.float32
    )


def band(low: float, high: float, order: int = 2) -> Response:
    """The response of a band from low to high Hz, falling by 6 dB an octave and order."""

    def response(frequencies: Numbers) -> Numbers:
        safe = np.maximum(frequencies, 1.0)
        return np.asarray(1.0 / np.sqrt((1 + (low / safe) ** (2 * order)) * (1 + (safe / high) ** (2 * order))))

    return response


def noise(count: int, generator: np.random.Generator) -> Signal:
    """White noise between -1 and 1."""
    return generator.random(count, dtype=np.float32) * np.float32(2) - np.float32(1)


def envelope(count: int, attack: float, release: float, rate: int = RATE) -> Signal:
    """Ones with a raised-cosine attack and a raised-cosine release at the end, in seconds."""
    shape = np.ones(count, np.float32)
    rising, falling = min(count // 2, int(attack * rate)), min(count // 2, int(release * rate))
    if rising > 1:
        shape[:rising] = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, rising, dtype=np.float32))
    if falling > 1:
        shape[-falling:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, falling, dtype=np.float32))
    return shape


def seconds_axis(count: int) -> Numbers:
    """The time of every sample in seconds."""
    return np.arange(count) / RATE


def fading(count: int, samples: float) -> Signal:
    """An exponential decay with this time constant in samples."""
    return np.exp(-np.arange(count) / samples).astype(np.float32)


def saturated(signal: Signal, drive: float) -> Signal:
    """The signal through a soft clipper."""
    return np.asarray(np.tanh(signal * np.float32(drive)))


def detuned(generator: np.random.Generator, count: int, cents: float) -> Numbers:
    """Random frequency factors within so many cents either way."""
    return np.asarray(2.0 ** (generator.uniform(-cents, cents, count) / 1200))
