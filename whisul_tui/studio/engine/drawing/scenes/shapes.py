"""Abstract scenes: rings, rays, paper cut-outs."""

from __future__ import annotations

import math

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
    wave = (0.5 + 0.5 * np.sin(2 * np.pi * (stream.whole(7, 16) * far + warp) + spokes)) ** stream.between(0.7, 1.8)
    return picture(brush.ramp((wave * 0.85 + 0.2 * (1 - rows) - 0.12).astype(np.float32)))


def rays(brush: Brush) -> Image.Image:
    """Rays from below the middle, printed in coarse dots."""
    rows, _ = grid()
    clouds = enlarged(brush.fractal())
    image = picture(brush.ramp((0.45 * (1 - rows) + 0.25 * clouds - 0.1).astype(np.float32), 0, 2))
    draw = pen(image)
    x, y = SIZE * 0.5, SIZE * 0.56
    for _ in range(18):
        angle, width = brush.stream.between(0, 2 * math.pi), brush.stream.between(0.03, 0.13)
        tips = [(x + 1600 * math.cos(angle + side), y + 1600 * math.sin(angle + side)) for side in (0.0, width)]
        draw.polygon([(x, y), *tips], fill=(*brush.palette[brush.stream.whole(2, 3)], 200))
    step = 16
    for row in range(0, SIZE, step):
        for column in range(0, SIZE, step):
            radius = float(clouds[row, column]) * 8 * (row / SIZE + 0.25)
            draw.ellipse([column - radius, row - radius, column + radius, row + radius], fill=(*brush.palette[0], 210))
    return image


def cutouts(brush: Brush) -> Image.Image:
    """Paper shapes laid over each other, as on an old record sleeve."""
    stream = brush.stream
    image = Image.new("RGB", (SIZE, SIZE), brush.palette[stream.pick((0, 4))])
    draw = pen(image)
    for _ in range(14):
        x, y, size = stream.whole(-60, SIZE - 120), stream.whole(-60, SIZE - 260), stream.whole(110, 340)
        colour = (*brush.palette[stream.whole(0, 4)], 235)
        kind = stream.whole(0, 3)
        if kind == 0:
            draw.ellipse([x, y, x + size, y + size * stream.between(0.5, 1.2)], fill=colour)
        elif kind == 1:
            draw.polygon(
                [(x, y), (x + size, y + stream.whole(-80, 80)), (x + size * stream.between(0.2, 1), y + size)],
                fill=colour,
            )
        elif kind == 2:
            draw.pieslice([x, y, x + size, y + size], stream.whole(0, 180), stream.whole(190, 400), fill=colour)
        else:
            for line in range(5):
                draw.line(
                    [(x, y + line * 13), (x + size * 1.5, y + line * 13 + stream.whole(-30, 30))], fill=colour, width=4
                )
    return image
