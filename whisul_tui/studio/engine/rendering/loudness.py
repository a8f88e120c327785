"""Loudness as ITU-R BS.1770 has it, by Parseval's theorem on short hops: no filtering pass over the song."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from whisul_tui.studio.engine.sound.signal import RATE, Numbers, Signal

HOP = 4096  # 93 ms
SILENCE = -99.0


@lru_cache(maxsize=1)
def _weights() -> Signal:
    """The squared K-weighting of the bins of one hop: a high shelf and a high pass, as the standard's filters."""
    turn = np.exp(2j * np.pi * np.fft.rfftfreq(HOP, 1 / RATE) / RATE)
    ratio = np.tan(np.pi * 1681.974450955533 / RATE)
    quality, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    scale = 1 + ratio / quality + ratio**2
    shelf = _biquad(
        turn,
        (
            (high + middle * ratio / quality + ratio**2) / scale,
            2 * (ratio**2 - high) / scale,
            (high - middle * ratio / quality + ratio**2) / scale,
        ),
        (1, 2 * (ratio**2 - 1) / scale, (1 - ratio / quality + ratio**2) / scale),
    )
    ratio = np.tan(np.pi * 38.13547087602444 / RATE)
    quality = 0.5003270373238773
    scale = 1 + ratio / quality + ratio**2
    high_pass = _biquad(turn, (1, -2, 1), (1, 2 * (ratio**2 - 1) / scale, (1 - ratio / quality + ratio**2) / scale))
    return np.asarray(np.abs(shelf * high_pass) ** 2, dtype=np.float32)


def _biquad(turn: Numbers, above: tuple[float, float, float], below: tuple[float, float, float]) -> Numbers:
    return np.asarray(
        (above[0] + above[1] / turn + above[2] / turn**2) / (below[0] + below[1] / turn + below[2] / turn**2)
    )


def hop_energies(wave: Signal) -> Numbers:
    """The K-weighted energy of every whole hop of a stereo signal, both channels together."""
    hops = wave.shape[1] // HOP
    energies = np.zeros(hops)
    for channel in wave:
        rows = channel[: hops * HOP].reshape(hops, HOP)
        for first in range(0, hops, 32):
            spectrum = np.fft.rfft(rows[first : first + 32])
            power = spectrum.real**2 + spectrum.imag**2
            power[:, 1:-1] *= 2
            energies[first : first + 32] += power @ _weights() / HOP / HOP
    return energies


def integrated(energies: Numbers) -> float:
    """Integrated loudness in LUFS of hop energies, gated absolutely and relatively; SILENCE when nothing is heard."""
    if energies.size >= 4:
        windows = (energies[:-3] + energies[1:-2] + energies[2:-1] + energies[3:]) / 4
    else:
        windows = np.array([energies.mean()]) if energies.size else np.zeros(1)
    windows = windows[windows > 10 ** (-7 + 0.0691)]
    if not windows.size:
        return SILENCE
    windows = windows[windows > windows.mean() * 0.1]
    return float(-0.691 + 10 * np.log10(windows.mean()))
