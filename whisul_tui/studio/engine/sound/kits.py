"""Drum kits: which strokes each has, and how loud and where every voice sits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from whisul_tui.studio.engine.sound.drums import (
    burst,
    clap,
    conga,
    cowbell,
    crushed,
    cymbal,
    dusty,
    hat,
    kick,
    rim,
    shaker,
    snare,
    taiko,
    tom,
)
from whisul_tui.studio.engine.sound.signal import Signal, saturated

Generator = np.random.Generator
Kit = Mapping[str, Callable[[Generator], Signal]]

# k kick, s snare, c clap, h hat, o open hat, r ride, p percussion, a crash, m f g toms from high to low, t l big drums.
LEVELS = {
    "k": 0,
    "s": -2,
    "c": -4,
    "h": -13,
    "o": -13,
    "r": -15,
    "p": -10,
    "a": -12,
    "m": -5,
    "f": -5,
    "g": -5,
    "t": -3,
    "l": -2,
}
PANS = {
    "h": 0.25,
    "o": 0.3,
    "r": -0.35,
    "p": -0.3,
    "m": -0.3,
    "f": 0.1,
    "g": 0.4,
    "a": -0.2,
    "c": 0.05,
    "t": 0.12,
    "l": -0.12,
}
SENDS = {"k": 0.0, "t": 0.45, "l": 0.45, "s": 0.22, "c": 0.25, "a": 0.3}
KICKS = {"trap": -2, "909": -5.5, "techno": -11, "pop": -3, "80s": -3, "rock": -3, "dnb": -3, "lofi": -1}


def _gain(stroke: Callable[[Generator], Signal], gain: float) -> Callable[[Generator], Signal]:
    return lambda generator: stroke(generator) * np.float32(gain)


_TOMS: Kit = {"m": lambda g: tom(g, 150), "f": lambda g: tom(g, 112), "g": lambda g: tom(g, 84)}

KITS: dict[str, Kit] = {
    "lofi": {
        "k": lambda g: dusty(kick(g, 52, 140, 0.03, 0.16, 0.5), 45, 5500),
        "s": lambda g: dusty(snare(g, (190, 300), 0.07, 0.10, (700, 6500)), 120, 6000),
        "h": lambda g: dusty(hat(g, 0.03, 5500), 3000, 9000),
        "o": lambda g: dusty(hat(g, 0.16, 5500, 0.4), 3000, 9000),
        "p": lambda g: dusty(rim(g)),
        "a": lambda g: dusty(cymbal(g), 300, 7500),
    },
    "trap": {
        "k": lambda g: kick(g, 46, 210, 0.028, 0.22, 0.6, 2),
        "s": lambda g: snare(g, (200, 360), 0.07, 0.13, (1100, 12_000)),
        "c": clap,
        "h": lambda g: hat(g, 0.022, 8000, 0.1),
        "o": lambda g: hat(g, 0.2, 7500, 0.45),
        "p": rim,
        "a": cymbal,
    },
    "909": {
        "k": lambda g: kick(g, 49, 240, 0.024, 0.26, 0.5, 2.2),
        "s": snare,
        "c": clap,
        "h": lambda g: hat(g, 0.025, 8000, 0.12),
        "o": lambda g: hat(g, 0.13, 7000, 0.35),
        "r": _gain(lambda g: cymbal(g, 4, 0.6, 2500), 0.7),
        "p": lambda g: conga(g, 260),
        "a": cymbal,
    },
    "80s": {
        "k": lambda g: kick(g, 52, 190, 0.028, 0.22, 0.7, 1.9),
        "s": lambda g: snare(g, (175, 300), 0.1, 0.14, (700, 9000), 0.6, 0.9, 0.17),
        "h": lambda g: hat(g, 0.03, 7500),
        "o": lambda g: hat(g, 0.2, 7000, 0.45),
        "p": lambda g: tom(g, 140),
        "c": clap,
        "a": cymbal,
        **_TOMS,
    },
    "techno": {
        "k": lambda g: saturated(kick(g, 49, 320, 0.022, 0.2, 1.4, 3.5, 0.35), 1.6),
        "s": lambda g: snare(g, (190, 340), 0.05, 0.08, (1500, 12_000)),
        "c": _gain(clap, 0.8),
        "h": lambda g: hat(g, 0.018, 9000, 0.09),
        "o": lambda g: saturated(hat(g, 0.1, 8000, 0.28), 2.0),
        "r": _gain(lambda g: cymbal(g, 3.2, 0.7, 3000), 0.9),
        "p": lambda g: saturated(tom(g, 92), 2.5) * np.float32(0.7),
        "a": cymbal,
    },
    "pop": {
        "k": lambda g: kick(g, 60, 130, 0.022, 0.13, 1.1, 1.6, 0.35),
        "s": lambda g: snare(g, (195, 340), 0.09, 0.14, (850, 10_000), 0.75, 0.8),
        "h": lambda g: hat(g, 0.045, 6500, 0.2),
        "o": lambda g: hat(g, 0.2, 6000, 0.5),
        "c": clap,
        "p": rim,
        "a": cymbal,
        **_TOMS,
    },
    "rock": {
        "k": _gain(lambda g: kick(g, 62, 120, 0.02, 0.10, 1.6, 1.6, 0.35), 0.8),
        "s": lambda g: snare(g, (195, 345), 0.1, 0.16, (800, 10_000), 0.7, 0.85),
        "h": lambda g: hat(g, 0.06, 5500, 0.25),
        "o": lambda g: hat(g, 0.3, 5000, 0.7),
        "r": _gain(lambda g: cymbal(g, 2.5, 1.1, 2000), 0.7),
        "p": cowbell,
        "a": cymbal,
        **_TOMS,
    },
    "jazz": {
        "k": _gain(lambda g: kick(g, 62, 110, 0.03, 0.12, 0.25, 1.1, 0.35), 0.6),
        "s": _gain(lambda g: snare(g, (210, 380), 0.06, 0.09, (1200, 9000), 0.4, 0.6), 0.7),
        "h": _gain(lambda g: hat(g, 0.05, 6000, 0.2), 0.9),
        "r": _gain(lambda g: cymbal(g, 3.2, 1.3, 1800), 0.9),
        "m": lambda g: tom(g, 170),
        "f": lambda g: tom(g, 125),
        "p": rim,
        "a": _gain(cymbal, 0.7),
    },
    "orchestra": {
        "k": lambda g: taiko(g, 42, 2),
        "t": taiko,
        "l": lambda g: taiko(g, 48, 2.0),
        "m": lambda g: taiko(g, 90, 1.0),
        "s": _gain(lambda g: snare(g, (180, 300), 0.08, 0.12), 0.6),
        "a": lambda g: cymbal(g, 0.8, 3.6),
    },
    "chip": {
        "k": lambda g: crushed(kick(g, 60, 400, 0.02, 0.1, 0.2, 1.2, 0.2), 2, 5),
        "s": lambda g: crushed(burst(g, 6000, 1500), 4, 4),
        "h": lambda g: crushed(burst(g, 1600, 350), 2, 4) * np.float32(0.6),
        "p": lambda g: crushed(tom(g, 220), 3, 5),
        "a": lambda g: crushed(burst(g, 16_000, 5000), 3, 4) * np.float32(0.6),
    },
    "folk": {
        "k": lambda g: kick(g, 70, 120, 0.025, 0.12, 0.3, 1.1, 0.3),
        "s": rim,
        "h": shaker,
        "p": _gain(clap, 0.5),
        "a": _gain(cymbal, 0.5),
    },
    "dnb": {
        "k": lambda g: kick(g, 58, 190, 0.022, 0.12, 0.8, 2, 0.3),
        "s": lambda g: snare(g, (215, 390), 0.08, 0.12, (900, 11_000), 0.75, 0.9),
        "h": lambda g: hat(g, 0.025, 7500, 0.12),
        "o": lambda g: hat(g, 0.15, 7000, 0.4),
        "r": _gain(lambda g: cymbal(g, 3.5, 0.8, 2500), 0.7),
        "p": rim,
        "m": lambda g: tom(g, 160),
        "a": cymbal,
    },
    "funk": {
        "k": lambda g: kick(g, 60, 130, 0.022, 0.13, 0.9, 1.6, 0.35),
        "s": lambda g: snare(g, (200, 350), 0.08, 0.11, (900, 10_000), 0.7, 0.8),
        "h": lambda g: hat(g, 0.035, 7000, 0.15),
        "o": lambda g: hat(g, 0.16, 6500, 0.4),
        "c": clap,
        "p": lambda g: conga(g, 250),
        "a": cymbal,
        **_TOMS,
    },
    "reggae": {
        "k": lambda g: kick(g, 55, 120, 0.025, 0.16, 0.5, 1.5, 0.4),
        "s": rim,
        "h": lambda g: hat(g, 0.035, 6500, 0.15),
        "o": lambda g: hat(g, 0.14, 6000, 0.4),
        "p": lambda g: conga(g, 220),
        "a": _gain(cymbal, 0.7),
        "m": lambda g: tom(g, 190),
    },
    "latin": {
        "k": _gain(lambda g: kick(g, 60, 110, 0.025, 0.12, 0.3, 1.2, 0.35), 0.7),
        "s": rim,
        "h": shaker,
        "o": _gain(lambda g: hat(g, 0.1, 6500, 0.3), 0.7),
        "p": lambda g: conga(g, 240),
        "t": lambda g: conga(g, 180),
        "a": _gain(cymbal, 0.5),
    },
    "soft": {
        "k": _gain(lambda g: kick(g, 50, 100, 0.03, 0.2, 0.15, 1.1, 0.5), 0.7),
        "s": _gain(rim, 0.8),
        "h": _gain(shaker, 0.7),
        "p": lambda g: conga(g, 200),
        "a": _gain(lambda g: cymbal(g, 0.9, 3.2), 0.6),
    },
}
