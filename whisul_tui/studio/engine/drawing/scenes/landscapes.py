"""Scenes outdoors: layered hills under a sun, a rainy window over a city."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from whisul_tui.studio.engine.drawing.canvas import SIZE, Brush, enlarged, glow, gradient, grid, pen, picture


def dunes(brush: Brush) -> Image.Image:
    """Far ridges in haze under a pale sun."""
    rows, _ = grid()
    clouds = enlarged(brush.fractal())
    image = picture(brush.ramp(0.7 * (1 - rows) + 0.35 * clouds - 0.1))
    x, y, radius = (
        brush.stream.between(0.28, 0.72) * SIZE,
        brush.stream.between(0.2, 0.4) * SIZE,
        brush.stream.between(0.06, 0.13) * SIZE,
    )
    image = glow(image, x, y, radius * 2.4, brush.palette[4], 130)
    pen(image).ellipse([x - radius, y - radius, x + radius, y + radius], fill=(*brush.palette[4], 235))
    layers = brush.stream.whole(4, 6)
    for layer in range(layers):
        heights = brush.ridge(160, 2 + layer)
        across = np.linspace(0, SIZE, 160)
        down = SIZE * (0.48 + 0.46 * layer / layers) - (heights - 0.4) * SIZE * (0.26 - 0.03 * layer)
        shade = gradient(brush.palette[:4], np.array([[0.75 - 0.72 * layer / (layers - 1)]], np.float32))[0, 0]
        points = [(0.0, float(SIZE)), *zip(across.tolist(), down.tolist(), strict=True), (float(SIZE), float(SIZE))]
        pen(image).polygon(points, fill=(int(shade[0]), int(shade[1]), int(shade[2]), 225))
    return image


def window(brush: Brush) -> Image.Image:
    """A window at night: city lights out of focus, rain on the glass, a sill."""
    rows, _ = grid()
    image = picture(brush.ramp(0.55 * (1 - rows) + 0.3 * enlarged(brush.fractal()) - 0.12, 0, 3))
    lights = Image.new("RGB", (SIZE, SIZE), (0, 0, 0))
    draw = pen(lights)
    for _ in range(70):
        x, y, radius = (
            brush.stream.whole(0, SIZE),
            brush.stream.whole(int(SIZE * 0.35), int(SIZE * 0.82)),
            brush.stream.whole(10, 46),
        )
        draw.ellipse(
            [x - radius, y - radius, x + radius, y + radius],
            fill=(*brush.palette[brush.stream.whole(2, 4)], brush.stream.whole(50, 150)),
        )
    soft = np.asarray(lights.filter(ImageFilter.GaussianBlur(5)), np.float32)
    base = np.asarray(image, np.float32)
    image = picture(255 - (255 - base) * (255 - soft) / 255)
    draw = pen(image)
    for _ in range(150):
        x, y, length = brush.stream.whole(0, SIZE), brush.stream.whole(0, SIZE), brush.stream.whole(12, 70)
        draw.line(
            [(x, y), (x - length // 9, y + length)], fill=(*brush.palette[4], brush.stream.whole(20, 70)), width=2
        )
    frame = (*brush.palette[0], 255)
    for place in (0.0, 0.485, 0.97):
        draw.rectangle([place * SIZE, 0, (place + 0.03) * SIZE, SIZE], fill=frame)
    draw.rectangle([0, 0, SIZE, 0.03 * SIZE], fill=frame)
    draw.rectangle([0, 0.78 * SIZE, SIZE, SIZE], fill=frame)
    _mug(brush, image)
    return image


def _mug(brush: Brush, image: Image.Image) -> None:
    draw = pen(image)
    x, base = brush.stream.pick((0.18, 0.7)) * SIZE, 0.78 * SIZE
    colour = (*brush.palette[2], 255)
    draw.rounded_rectangle([x, base - 118, x + 112, base + 4], 18, fill=colour)
    draw.ellipse([x + 92, base - 92, x + 152, base - 28], outline=colour, width=14)
    for turn in range(3):
        start = x + 24 + 30 * turn
        points = [(start + 9 * np.sin(step / 3 + turn), base - 130 - 7 * step) for step in range(14)]
        draw.line(points, fill=(*brush.palette[4], 110), width=5)
