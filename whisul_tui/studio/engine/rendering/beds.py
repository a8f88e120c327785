"""What lies under and between the notes: vinyl crackle, wind, risers, impacts, swells."""

from __future__ import annotations

import numpy as np

from whisul_tui.studio.engine.score import Effect
from whisul_tui.studio.engine.sound.drums import cymbal, taiko
from whisul_tui.studio.engine.sound.signal import RATE, Signal, band, noise, shaped

Generator = np.random.Generator


def bed(kind: str, generator: Generator) -> Signal | None:
    """A stereo loop of noise, or None."""
    if kind == "crackle":
        return _crackle(generator)
    if kind == "wind":
        return _wind(generator)
    return None


def _crackle(generator: Generator) -> Signal:
    count = 20 * RATE
    sides = []
    for _ in range(2):
        clicks = np.where(
            generator.random(count, dtype=np.float32) < 1.2e-4, generator.standard_normal(count, dtype=np.float32), 0
        )
        hiss = shaped(noise(count, generator), band(200, 5000)) * np.float32(0.05)
        sides.append(shaped(clicks.astype(np.float32), band(900, 7000)) * np.float32(3.5) + hiss)
    return np.stack(sides) * np.float32(0.03)


def _wind(generator: Generator) -> Signal:
    count = 30 * RATE
    turn = np.arange(count, dtype=np.float32) / count * np.float32(2 * np.pi)
    sides = [
        shaped(noise(count, generator), band(120, 700)) * (0.55 + 0.45 * np.sin(2 * turn + side)) for side in range(2)
    ]
    return np.stack(sides).astype(np.float32) * np.float32(0.02)


def transition(effect: Effect, quarter: float, generator: Generator) -> tuple[int, Signal]:
    """First sample and mono signal of a transition."""
    start, seconds = effect.beat * quarter, effect.length * quarter
    if effect.kind == "riser":
        wave = _riser(int(seconds * RATE), generator)
    elif effect.kind == "impact":
        wave = _impact(generator)
    else:
        length = max(0.5, min(4.0, seconds))
        wave = cymbal(generator, 1.2, length)[::-1].copy() * np.float32(0.5)
        start += seconds - length
    return max(0, int(start * RATE)), wave * np.float32(effect.level * 0.5)


def _riser(count: int, generator: Generator) -> Signal:
    where = np.linspace(0, 1, count, dtype=np.float32)
    wave = np.zeros(count, np.float32)
    for step in range(4):
        part = shaped(noise(count, generator), band(300 * 3**step, 900 * 3**step))
        wave += part * np.clip(1 - np.abs(where * 3 - step), 0, 1)
    return wave * where**2 * np.float32(0.6)


def _impact(generator: Generator) -> Signal:
    wave = np.zeros(int(2.5 * RATE), np.float32)
    boom, crash = taiko(generator, 45, 2.0), cymbal(generator, 1.6, 2.4)
    wave[: boom.size] += boom
    wave[: crash.size] += crash * np.float32(0.5)
    return wave
