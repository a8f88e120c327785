"""Palettes by genre, and how mood and seed move them."""

from __future__ import annotations

import colorsys

from whisul_tui.studio.engine.drawing.canvas import Colour
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Spec

# Five colours from dark to light; three palettes a genre, one of which the seed picks.
PALETTES: dict[str, tuple[str, ...]] = {
    "lofi": (
        "2b2440 5b4a73 c98b7a f2c894 f7e8d0",
        "22333b 4a5a68 a98467 dda15e f2e9d8",
        "2d2a32 51504f 8f7a9a e0a899 f6dfc8",
    ),
    "trap": (
        "07070c 1b1530 4b1d52 b0233a f0d9b5",
        "05080f 12263a 1f5f78 d9a441 f4ead5",
        "0b0710 2a1040 6a1b9a e040fb f3e5f5",
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
    "techno": (
        "050607 14202b 2f4858 86bbd8 f6f5f0",
        "080808 1f1f1f 4a4a4a c6ff3d f4f4f4",
        "060509 1d1128 53354a e84545 f5e9e2",
    ),
    "synthwave": (
        "12062b 3b0f63 b5179e ff5d8f ffd166",
        "080a2a 1b1f6b 5a2ea6 ff4fa3 ffe29a",
        "0d0221 2a1b5d 0f8b8d ff6f91 ffc75f",
    ),
    "pop": (
        "2d1e5f 8e44ec ff6fb5 ffb86b fff3e6",
        "123c69 2f7fd3 6fd6ff ffd1dc ffffff",
        "40106b d62f8a ff8552 ffd23f fff8e7",
    ),
    "dnb": (
        "03071e 0b3954 087e8b bfd7ea ff5a5f",
        "0a0a14 20204a 3d5af1 22d1ee e2f3f5",
        "0b0c10 1f2833 45a29e 66fcf1 f0f5f5",
    ),
    "cinematic": (
        "0d1420 233142 455d7a c9a66b f3e3c3",
        "140d12 3c2333 7a4b4b e0995e f6dfbf",
        "0a1619 1c3b44 4c7a80 d2b48c f5ead6",
    ),
    "classical": (
        "1d1a16 4a3b2a 9c7a4d d9c49a f7f0df",
        "12202b 2f4a5c 7b98a6 c9b79c f5efe4",
        "241420 5c3247 a8687a dcb7a4 f8ece2",
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
    "funk": (
        "2b1206 7a2e0e d9622b f2b134 fbeac8",
        "24104f 6a2c91 d13f7c f59f3b fdebc8",
        "0f2b2b 1f6b63 e07a3f f2c14e fbf1d9",
    ),
    "reggae": (
        "10240f 1f5a2a d32f2f f4c430 fdf3cf",
        "0b2330 12656b e4572e f6b52e fcefd0",
        "1a1a0a 3f6b1f c8401f f2c230 fbf0cc",
    ),
    "acoustic": (
        "22301f 4f6d3a a3b18a e9c46a fefae0",
        "2c1f16 6b4a2f b98b5e e8c39e f9efdf",
        "1c2b2a 3f6461 8fb0a3 e6c79c faf3e3",
    ),
    "chiptune": (
        "0f0f1b 2d2b6b 23ce6b f5d547 ff6b6b",
        "101820 1f4e5f 3fb8af ffd166 ef476f",
        "1a0f2e 4b2e83 e94f9b 5ce1e6 fff275",
    ),
}


def palette(spec: Spec, stream: Stream) -> tuple[Colour, ...]:
    """The song's five colours: the genre's, turned a little by the seed, warmed or darkened by the mood."""
    turn = stream.between(-0.035, 0.035)
    return tuple(_moved(code, turn, spec) for code in stream.pick(PALETTES[spec.genre]).split())


def _moved(code: str, turn: float, spec: Spec) -> Colour:
    red, green, blue = (int(code[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, fullness = colorsys.rgb_to_hls(red, green, blue)
    light = min(1.0, max(0.0, light * (1 + 0.14 * spec.brightness)))
    fullness = min(1.0, fullness * (1 + 0.2 * spec.energy + 0.1 * spec.brightness))
    moved = colorsys.hls_to_rgb((hue + turn) % 1.0, light, fullness)
    return round(moved[0] * 255), round(moved[1] * 255), round(moved[2] * 255)
