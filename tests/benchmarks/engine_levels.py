"""Measures every instrument and prints the table of `whisul_tui/studio/engine/sound/levels.py`.

Run it after an instrument was added or changed: `python -m tests.benchmarks.engine_levels > .../sound/levels.py`.
"""

from __future__ import annotations

import numpy as np

from whisul_tui.studio.engine.rendering.loudness import HOP, hop_energies
from whisul_tui.studio.engine.sound.instruments import INSTRUMENTS, rate_of
from whisul_tui.studio.engine.sound.signal import RATE

LOW = {
    "upright bass",
    "soft bass",
    "picked bass",
    "slap bass",
    "distorted guitar",
    "distorted guitar 2",
    "low strings",
    "drone",
    "808",
    "saw bass",
    "synth bass",
    "reese bass",
    "acid",
    "triangle bass",
}


def level(name: str) -> float:
    """The factor that brings the instrument to the loudness of the others: half by weighted, half by plain energy."""
    pitch = 38 if name in LOW else 67
    wave = INSTRUMENTS[name].sound(pitch, 3.0, 0.75, np.random.default_rng(7))
    if rate_of(name) != RATE:
        wave = np.fft.irfft(np.fft.rfft(wave), 2 * wave.shape[-1]).astype(np.float32) * np.float32(2)
    stereo = np.broadcast_to(wave, (2, wave.shape[-1]))
    spans = [stereo[:, first : first + 8 * HOP] for first in range(0, stereo.shape[1] - 4 * HOP, 4 * HOP)]
    loudest = max(spans or [stereo], key=lambda span: float((span**2).sum()))  # pads open late, plucks die early
    plain = float(np.sqrt((loudest.astype(np.float64) ** 2).mean()))
    weighted = float(np.sqrt(hop_energies(loudest).mean() / 2))
    return 0.16 / (plain**0.6 * weighted**0.4 + 1e-9)


if __name__ == "__main__":
    print('"""How far each instrument is turned up to match the others; by tests/benchmarks/engine_levels.py."""\n')
    print("from __future__ import annotations\n\nINSTRUMENT_LEVELS = {")
    for name in INSTRUMENTS:
        print(f'    "{name}": {level(name):.4f},')
    print("}")
