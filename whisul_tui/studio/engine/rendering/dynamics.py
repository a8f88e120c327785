"""Gains that move with the song: sections that stand back for the chorus, and the kick that pushes others down."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from whisul_tui.studio.engine.rendering.space import BLOCK
from whisul_tui.studio.engine.score import Score
from whisul_tui.studio.engine.sound.signal import RATE, Signal

# Share of the genre's step by which a section begins and ends below the chorus.
_DEPTHS = {
    "intro": (1.3, 1.1),
    "verse": (1.0, 1.0),
    "build": (1.0, 0.3),
    "chorus": (0.0, 0.0),
    "bridge": (1.3, 1.1),
    "outro": (0.8, 1.3),
}
_GLIDE = 0.04  # seconds from one section's level to the next


def section_gain(score: Score, start: int, count: int, step: float) -> Signal:
    """The gain of `count` samples from `start`, following the sections."""
    times: list[float] = []
    levels: list[float] = []
    bar = score.spec.bar.beats * score.spec.quarter
    for section in score.sections:
        begins, ends = _DEPTHS[section.kind]
        times += [section.first_bar * bar + _GLIDE / 2, (section.first_bar + section.bars) * bar - _GLIDE / 2]
        levels += [-step * begins, -step * ends]
    moments = (start + np.arange(0, count + 64, 64)) / RATE
    coarse = 10 ** (np.interp(moments, times, levels) / 20)
    return np.interp(np.arange(count), np.arange(0, count + 64, 64), coarse).astype(np.float32)


class Ducking:
    """How far the kick pushes others down, from 0 to 1 a sample; the kicks come in order."""

    def __init__(self, kicks: Sequence[int], quarter: float) -> None:
        length = int(min(0.9 * quarter, 0.4) * RATE)
        moment = np.arange(length, dtype=np.float32) / np.float32(RATE)
        self._shape = np.exp(-moment / np.float32(0.22 * quarter)) * np.linspace(1, 0, length, dtype=np.float32)
        rise = int(0.004 * RATE)
        self._shape[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
        self._kicks = kicks

    def block(self, start: int) -> Signal:
        """The push over one block."""
        push = np.zeros(BLOCK, np.float32)
        near = slice(bisect_left(self._kicks, start - self._shape.size), bisect_left(self._kicks, start + BLOCK))
        for kick in self._kicks[near]:
            first, last = max(kick, start), min(kick + self._shape.size, start + BLOCK)
            if last > first:
                np.maximum(
                    push[first - start : last - start],
                    self._shape[first - kick : last - kick],
                    out=push[first - start : last - start],
                )
        return push
