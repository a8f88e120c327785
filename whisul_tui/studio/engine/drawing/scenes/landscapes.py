"""Scenes outdoors: hills in haze, mountains, woods, a coast."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from whisul_tui.studio.engine.drawing.canvas import SIZE, Brush, Plane, enlarged, glow, grid, pen, picture


def dunes(brush: Brush) -> Image.Image:
    """Far ridges in haze under a pale sun."""
    rows, _ = grid()
    image = picture(brush.ramp(0.7 * (1 - rows) + 0.35 * enlarged(brush.fractal()) - 0.1))
    image = _sun(brush, image, (0.28, 0.72), (0.2, 0.4), (0.06, 0.13))
    layers = brush.stream.whole(4, 6)
    for layer in range(layers):
        heights = brush.ridge(160, 2 + layer)
        _hill(
            image,
            SIZE * (0.48 + 0.46 * layer / layers) - (heights - 0.4) * SIZE * (0.26 - 0.03 * layer),
            (*brush.tone(0.55 - 0.52 * layer / (layers - 1)), 225),
        )
    return image


def peaks(brush: Brush) -> Image.Image:
    """Sharp mountains before a huge moon, and someone small on the nearest ridge."""
    rows, columns = grid()
    image = picture(
        brush.ramp((0.75 * (1 - rows) ** 1.3 + 0.25 * enlarged(brush.fractal()) - 0.05).astype(np.float32), 0, 3)
    )
    x, y, radius = (
        brush.stream.between(0.32, 0.68) * SIZE,
        brush.stream.between(0.3, 0.4) * SIZE,
        brush.stream.between(0.2, 0.27) * SIZE,
    )
    image = glow(image, x, y, radius * 1.6, brush.palette[3], 170)
    disc = np.hypot(columns * SIZE - x, rows * SIZE - y) < radius
    craters = np.asarray(image, np.float32)
    craters[disc] = (
        np.array(brush.palette[4], np.float32) * (0.72 + 0.28 * enlarged(brush.fractal(256, 5, 6)))[..., None]
    )[disc]
    image = picture(craters)
    down = np.zeros(0)
    for layer in range(4):
        jagged = np.abs(brush.ridge(200, 5) - 0.5) * 2
        down = SIZE * (0.56 + 0.11 * layer) - (1 - jagged) * SIZE * (0.22 - 0.03 * layer)
        _hill(image, down, (*brush.tone(0.42 - 0.14 * layer), 255))
        image = picture(
            np.asarray(image, np.float32) + 10 * np.clip(1 - np.abs(rows - 0.62 - 0.08 * layer) / 0.1, 0, 1)[..., None]
        )
    top = int(np.argmin(down[60:140])) + 60
    _wanderer(brush, image, top * SIZE / (down.size - 1), float(down[top]))
    return image


def forest(brush: Brush) -> Image.Image:
    """Rows of pines in morning mist."""
    rows, _ = grid()
    image = picture(
        brush.ramp((0.5 + 0.5 * (1 - rows) + 0.15 * enlarged(brush.fractal()) - 0.1).astype(np.float32), 1, 4)
    )
    image = _sun(brush, image, (0.25, 0.75), (0.2, 0.38), (0.09, 0.14))
    layers = 4
    for layer in range(layers):
        depth = layer / (layers - 1)
        ground = SIZE * (0.5 + 0.34 * depth)
        colour = (*brush.tone(0.45 - 0.45 * depth), 255)
        heights = brush.ridge(90, 3)
        _hill(image, ground - (heights - 0.5) * SIZE * 0.1, colour)
        draw = pen(image)
        for _ in range(26 - 5 * layer):
            _pine(
                draw,
                brush.stream.between(-20, SIZE + 20),
                ground + 30,
                SIZE * (0.1 + 0.2 * depth) * brush.stream.between(0.6, 1.2),
                colour,
            )
        mist = np.clip(1 - np.abs(rows - ground / SIZE - 0.03) / 0.09, 0, 1)[..., None] * (0.35 * (1 - depth))
        image = picture(np.asarray(image, np.float32) * (1 - mist) + np.array(brush.palette[4], np.float32) * mist)
    return image


def coast(brush: Brush) -> Image.Image:
    """A striped evening sun over the sea between palms."""
    rows, columns = grid()
    horizon = 0.62
    image = picture(brush.ramp((1.05 - 0.9 * rows).astype(np.float32)[:, ::-1], 1, 4))
    draw = pen(image)
    x, radius = brush.stream.between(0.4, 0.6) * SIZE, 0.24 * SIZE
    for ring in range(4):
        size = radius * (1.75 - 0.25 * ring)
        draw.ellipse(
            [x - size, horizon * SIZE - size, x + size, horizon * SIZE + size],
            fill=(*brush.palette[(2, 3, 3, 4)[ring]], 90 + 40 * ring),
        )
    sea = brush.ramp(
        (
            0.3 + 0.35 * np.sin(rows * 240 + 6 * enlarged(brush.fractal())) * (rows - horizon) + 0.5 * (rows - horizon)
        ).astype(np.float32),
        0,
        3,
    )
    below = rows > horizon
    colours = np.asarray(image, np.float32).copy()
    shine = np.exp(-(((columns * SIZE - x) / (radius * 0.7)) ** 2)) * (0.5 + 0.5 * np.sin(rows * 300))
    colours[below] = (sea + shine[..., None] * np.array(brush.palette[3], np.float32) * 0.6)[below]
    image = picture(colours)
    for side in (0.07, 0.93):
        _palm(brush, image, side * SIZE, SIZE * brush.stream.between(0.2, 0.34))
    return image


def _sun(
    brush: Brush, image: Image.Image, across: tuple[float, float], down: tuple[float, float], size: tuple[float, float]
) -> Image.Image:
    x, y, radius = (brush.stream.between(*bounds) * SIZE for bounds in (across, down, size))
    image = glow(image, x, y, radius * 2.4, brush.palette[4], 130)
    pen(image).ellipse([x - radius, y - radius, x + radius, y + radius], fill=(*brush.palette[4], 235))
    return image


def _hill(image: Image.Image, down: Plane, colour: tuple[int, ...]) -> None:
    across = np.linspace(0, SIZE, down.size)
    points = [(0.0, float(SIZE)), *zip(across.tolist(), down.tolist(), strict=True), (float(SIZE), float(SIZE))]
    pen(image).polygon(points, fill=colour)


def _wanderer(brush: Brush, image: Image.Image, x: float, y: float) -> None:
    draw = pen(image)
    ink = (*brush.palette[0], 255)
    draw.ellipse([x - 6, y - 44, x + 6, y - 32], fill=ink)
    draw.polygon([(x - 5, y - 32), (x + 5, y - 32), (x + 12, y + 4), (x - 12, y + 4)], fill=ink)
    draw.line([(x + 14, y - 34), (x + 12, y + 6)], fill=ink, width=3)


def _pine(draw: ImageDraw.ImageDraw, x: float, base: float, height: float, colour: tuple[int, ...]) -> None:
    for step in range(4):
        top, width = base - height + height * 0.2 * step, height * (0.1 + 0.055 * step)
        draw.polygon([(x, top), (x - width, top + height * 0.36), (x + width, top + height * 0.36)], fill=colour)
    draw.rectangle([x - height * 0.02, base - height * 0.1, x + height * 0.02, base + 20], fill=colour)


def _palm(brush: Brush, image: Image.Image, x: float, top: float) -> None:
    draw = pen(image)
    ink = (*brush.palette[0], 255)
    lean = (SIZE / 2 - x) * 0.16
    trunk = [(x + lean * (step / 20) ** 2, SIZE - (SIZE - top) * step / 20) for step in range(21)]
    draw.line(trunk, fill=ink, width=18)
    head = trunk[-1]
    for frond in range(9):
        angle = math.pi * (0.05 + 0.9 * frond / 8) + brush.stream.between(-0.1, 0.1)
        length = SIZE * brush.stream.between(0.14, 0.2)
        spine = [
            (
                head[0] + math.cos(angle) * length * step / 8,
                head[1] - math.sin(angle) * length * step / 8 + length * 0.75 * (step / 8) ** 2,
            )
            for step in range(9)
        ]
        draw.line(spine, fill=ink, width=7)
        for place in spine[1:]:
            draw.line([place, (place[0] - 16, place[1] + 46)], fill=ink, width=5)
            draw.line([place, (place[0] + 16, place[1] + 46)], fill=ink, width=5)
