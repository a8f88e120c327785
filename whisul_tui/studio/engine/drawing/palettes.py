"""Palettes by genre, and how mood and seed move them."""

from __future__ import annotations

import colorsys

from whisul_tui.studio.engine.drawing.canvas import Colour
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Spec

# Five colours from dark to light; two or three palettes a genre, one of which the seed picks.
PALETTES: dict[str, tuple[str, ...]] = {
    "lofi": (
        "2b2440 5b4a73 c98b7a f2c894 f7e8d0",
        "22333b 4a5a68 a98467 dda15e f2e9d8",
        "2d2a32 51504f 8f7a9a e0a899 f6dfc8",
    ),
    "ambient": (
        "0b1d2e 1f4e5f 4f9a94 b8d8be f2efe2",
        "10162f 2c3e6b 6b7fb5 b9c6e8 f4f1f8",
        "0e2229 275558 7a9e9f d8c99b f7f2e4",
    ),
    "house": (
        "1a0b2e 7a1f6e f2545b f9a03f fff2c9",
        "0c1b3a 1b4fa0 14b8c4 f7c948 fff6e0",
        "240a34 891652 eabe6c ffeda8 fffbe8",
    ),
    "rock": (
        "0c0c0c 3a0d0d a4161a e5383b f5f3f4",
        "101010 2b2d42 8d99ae ef233c edf2f4",
        "140c06 46220e a44a12 f48c06 fff3d6",
    ),
    "jazz": (
        "0e1b2c 1d3f5e c8553d f2a541 f7ead7",
        "14110f 34312d 7e7f83 d9b26f f3f3f4",
        "1b1026 4a2545 904c77 e49ab0 ecb8a5",
    ),
}


def palette(spec: Spec, stream: Stream) -> tuple[Colour, ...]:
    """The song's five colours: the genre's, turned a little by the seed, warmed or darkened by the mood."""
    choices = PALETTES.get(spec.genre, PALETTES["lofi"])
    turn = stream.between(-0.035, 0.035)
    return tuple(_moved(code, turn, spec) for code in stream.pick(choices).split())


def _moved(code: str, turn: float, spec: Spec) -> Colour:
    red, green, blue = (int(code[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, fullness = colorsys.rgb_to_hls(red, green, blue)
    light = min(1.0, max(0.0, light * (1 + 0.14 * spec.brightness)))
    fullness = min(1.0, fullness * (1 + 0.2 * spec.energy + 0.1 * spec.brightness))
    moved = colorsys.hls_to_rgb((hue + turn) % 1.0, light, fullness)
    return round(moved[0] * 255), round(moved[1] * 255), round(moved[2] * 255)
