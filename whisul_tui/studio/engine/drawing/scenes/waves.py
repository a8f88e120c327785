"""Abstract scenes: rings off a mirror ball, coloured bubbles, stripes at speed."""

from __future__ import annotations

import numpy as np
from PIL import Image

from whisul_tui.studio.engine.drawing.canvas import SIZE, Brush, enlarged, grid, pen, picture


def rings(brush: Brush) -> Image.Image:
    """Warped rings of light around a point, as off a mirror ball."""
    rows, columns = grid()
    stream = brush.stream
    x, y = stream.between(0.3, 0.7), stream.between(0.25, 0.6)
    far = np.hypot(columns - x, rows - y)
    warp = enlarged(brush.fractal()) * np.float32(stream.between(0.5, 1.6))
    spokes = stream.whole(2, 6) * np.arctan2(rows - y, columns - x) * stream.pick((0, 1, 1, 2))
    wave = (0.5 + 0.5 * np.sin(2 * np.pi * (stream.whole(7, 14) * far + warp) + spokes)) ** stream.between(0.7, 1.8)
    return picture(brush.ramp((wave * 0.85 + 0.2 * (1 - rows) - 0.12).astype(np.float32)))


def bubbles(brush: Brush) -> Image.Image:
    """Soft colour fields melting into each other, glossy balls floating in front."""
    rows, columns = grid()
    stream = brush.stream
    total = np.full((SIZE, SIZE), 1e-3, np.float32)
    image = np.zeros((SIZE, SIZE, 3), np.float32)
    for number in range(6):
        x, y = stream.between(0, 1), stream.between(0, 1)
        weight = 1 / (0.03 + (columns - x) ** 2 + (rows - y) ** 2) ** 2
        image += weight[..., None] * np.array(brush.palette[number % 4], np.float32)
        total += weight
    canvas = picture(image / total[..., None])
    for _ in range(9):
        _ball(
            brush, canvas, stream.between(0.08, 0.92) * SIZE, stream.between(0.08, 0.7) * SIZE, stream.between(24, 105)
        )
    return canvas


def _ball(brush: Brush, canvas: Image.Image, x: float, y: float, radius: float) -> None:
    draw = pen(canvas)
    base = np.array(brush.palette[brush.stream.whole(1, 3)], float)
    for step in range(24):
        share = step / 23
        size, shift = radius * (1 - 0.9 * share), radius * 0.35 * share
        colour = base * (0.72 + 0.28 * share) + (255 - base) * 0.75 * share**3
        draw.ellipse(
            [x - shift - size, y - shift - size, x - shift + size, y - shift + size],
            fill=(*(int(value) for value in colour), 255),
        )


def streaks(brush: Brush) -> Image.Image:
    """Stripes bent by speed, with a bright rift."""
    rows, columns = grid()
    stream = brush.stream
    slope = stream.between(0.25, 0.6) * stream.pick((-1, 1))
    warp = enlarged(brush.fractal(512, 4, 2)) - 0.5
    along = rows + slope * columns + warp * np.float32(stream.between(0.5, 0.9))
    rift = np.exp(-(((along - stream.between(0.4, 0.7)) / 0.09) ** 2))
    lines = 0.5 + 0.5 * np.sin(2 * np.pi * along * stream.whole(18, 30) * (1 + 0.4 * rift))
    thin = lines ** (1.2 + 3 * columns)
    image = brush.ramp((0.1 + 0.42 * thin + 0.35 * rift * thin).astype(np.float32), 0, 3)
    hot = (rift**3 * (0.35 + 0.65 * thin))[..., None]
    return picture(image * (1 - 0.85 * hot) + np.array(brush.palette[4], np.float32) * 0.85 * hot)
