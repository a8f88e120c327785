"""Scenes of old screens: a grid under a striped sun, pixels."""

from __future__ import annotations

import numpy as np
from PIL import Image

from whisul_tui.studio.engine.drawing.canvas import SIZE, Brush, Plane, gradient, grid, pen, picture


def sunset(brush: Brush) -> Image.Image:
    """A striped sun sinking behind mountains, a glowing grid running towards it."""
    rows, columns = grid()
    colours = brush.palette
    x, y, radius, horizon = brush.stream.between(0.42, 0.58), 0.44, brush.stream.between(0.21, 0.26), 0.64
    image = gradient(colours[:3], rows * 1.45)
    far = np.hypot(columns - x, rows - y)
    halo = (np.exp(-np.maximum(far - radius, 0) * 7) * 0.55)[..., None]
    image = image * (1 - halo) + np.array(colours[3], np.float32) * halo
    bands = (rows > y) & (((rows - y) * 26 % 1) < np.clip((rows - y) * 3, 0, 0.62))
    disc = (far < radius) & ~bands
    image[disc] = gradient([colours[4], colours[3], colours[2]], (rows - y + radius) / (2 * radius))[disc]
    canvas = picture(image)
    draw = pen(canvas)
    for _ in range(100):
        across, down, size = (
            brush.stream.whole(0, SIZE),
            brush.stream.whole(0, int(SIZE * 0.4)),
            brush.stream.whole(1, 3),
        )
        draw.ellipse([across, down, across + size, down + size], fill=(255, 255, 255, brush.stream.whole(60, 220)))
    for layer in range(2):
        heights = brush.ridge(60, 4) * (0.35 + 0.65 * np.abs(np.linspace(-1, 1, 60)))
        foot = horizon * SIZE + 2 - heights * (190 - 70 * layer)
        points = [
            (0.0, horizon * SIZE),
            *zip(np.linspace(0, SIZE, 60).tolist(), foot.tolist(), strict=True),
            (float(SIZE), horizon * SIZE),
        ]
        draw.polygon(points, fill=(*brush.tone(0.22 - 0.16 * layer), 255))
    return picture(_floor(brush, np.asarray(canvas, np.float32), horizon))


def _floor(brush: Brush, image: Plane, horizon: float) -> Plane:
    rows, columns = grid()
    below = rows > horizon
    depth = 1 / np.maximum(rows - horizon + 0.012, 0.012)
    across, along = (columns - 0.5) * depth * 0.9, depth * 0.55 + brush.stream.unit()
    # Lines keep their width on the picture only when the distance to them is divided by how fast the plane runs there.
    lines_across = np.minimum(across % 0.5, 0.5 - across % 0.5) / (depth * 0.9)
    lines_along = np.minimum(along % 0.5, 0.5 - along % 0.5) / (depth**2 * 0.55)
    light = (
        np.exp(-np.minimum(lines_across, lines_along) * 420)[..., None]
        * np.clip((rows - horizon) * 8 + 0.2, 0, 1)[..., None]
    )
    floor = np.array(brush.palette[0], np.float32) * (1 - light) + np.array(brush.palette[3], np.float32) * light
    return np.where(below[..., None], floor, image)


_GROUND = 46  # the row of big pixels people walk on: the title stands below it


def pixels(brush: Brush) -> Image.Image:
    """A landscape in big pixels with ground, clouds, coins and a mirrored creature."""
    cells = 64
    small = Image.new("RGB", (cells, cells), brush.palette[1])
    sky = brush.ramp((np.floor(np.linspace(0, 4, cells)) / 4)[:, None].repeat(cells, 1).astype(np.float32), 0, 2)
    small = Image.fromarray(sky.clip(0, 255).astype(np.uint8))
    draw = pen(small)
    for _ in range(30):
        draw.point([brush.stream.whole(0, cells - 1), brush.stream.whole(0, 34)], fill=(255, 255, 255, 200))
    for layer in range(2):
        heights = (brush.ridge(cells, 3 + layer) * (20 - 8 * layer)).astype(int)
        for column in range(cells):
            draw.line(
                [(column, _GROUND - 1 - int(heights[column]) + 6 * layer), (column, cells)],
                fill=(*brush.tone(0.3 + 0.18 * layer), 255),
            )
    draw.rectangle([0, _GROUND, cells, cells], fill=(*brush.palette[2], 255))
    for column in range(0, cells, 4):
        draw.rectangle(
            [column, _GROUND + 2 + column % 8 // 4 * 3, column + 2, _GROUND + 3 + column % 8 // 4 * 3],
            fill=(*brush.tone(0.35), 255),
        )
    _creature(brush, small)
    for coin in range(5):
        across = 8 + coin * 12 + brush.stream.whole(-1, 1)
        draw.rectangle([across, 12, across + 2, 15], fill=(*brush.palette[3], 255))
    return small.resize((SIZE, SIZE), Image.Resampling.NEAREST)


def _creature(brush: Brush, small: Image.Image) -> None:
    draw = pen(small)
    size = 2
    left, top = 32 - 5 * size, _GROUND - 10 * size
    for row in range(10):
        for column in range(5):
            wide = row in (1, 2, 3, 4, 5, 6)
            if (wide and column > 1) or brush.stream.chance(0.5):
                colour = brush.palette[4] if (row, column) != (3, 3) else brush.palette[0]
                for across in (column, 9 - column):
                    x, y = left + across * size, top + row * size
                    draw.rectangle([x, y, x + size - 1, y + size - 1], fill=(*colour, 255))
