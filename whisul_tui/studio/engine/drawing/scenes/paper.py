"""Scenes as printed: rays in coarse dots, cut-outs, broad stripes, engraved staves."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from whisul_tui.studio.engine.drawing.canvas import SIZE, Brush, enlarged, grid, pen, picture


def rays(brush: Brush) -> Image.Image:
    """Rays from below the middle, printed in coarse dots, a bolt across them."""
    rows, _ = grid()
    clouds = enlarged(brush.fractal())
    image = picture(brush.ramp((0.45 * (1 - rows) + 0.25 * clouds - 0.1).astype(np.float32), 0, 2))
    draw = pen(image)
    x, y = SIZE * 0.5, SIZE * 0.56
    for _ in range(18):
        angle, width = brush.stream.between(0, 2 * math.pi), brush.stream.between(0.03, 0.13)
        tips = [(x + 1600 * math.cos(angle + side), y + 1600 * math.sin(angle + side)) for side in (0.0, width)]
        draw.polygon([(x, y), *tips], fill=(*brush.palette[brush.stream.whole(2, 3)], 200))
    lean = brush.stream.pick((-1, 1))
    bolt = [(0.1, -0.42), (-0.14, 0.06), (0.0, 0.04), (-0.1, 0.42), (0.17, -0.08), (0.02, -0.05)]
    draw.polygon(
        [(x + lean * across * SIZE, SIZE * 0.44 + down * SIZE) for across, down in bolt], fill=(*brush.palette[4], 255)
    )
    step = 16
    for row in range(0, SIZE, step):
        for column in range(0, SIZE, step):
            radius = float(clouds[row, column]) * 7 * (row / SIZE + 0.2)
            draw.ellipse([column - radius, row - radius, column + radius, row + radius], fill=(*brush.palette[0], 200))
    return image


def cutouts(brush: Brush) -> Image.Image:
    """Paper shapes laid over each other, as on an old record sleeve."""
    stream = brush.stream
    ground = stream.pick((0, 4))
    image = Image.new("RGB", (SIZE, SIZE), brush.palette[ground])
    draw = pen(image)
    colours = [number for number in range(5) if number != ground]
    for shape in range(13):
        x, y, size = stream.whole(-60, SIZE - 160), stream.whole(-60, SIZE - 320), stream.whole(120, 340)
        colour = (*brush.palette[colours[shape % 4]], 240)
        kind = shape % 4 if shape < 8 else stream.whole(0, 3)
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
                    [(x, y + line * 15), (x + size * 1.5, y + line * 15 + stream.whole(-30, 30))], fill=colour, width=5
                )
    return image


def curves(brush: Brush) -> Image.Image:
    """Broad stripes that sweep across the sleeve, as in the seventies."""
    rows, columns = grid()
    stream = brush.stream
    image = np.broadcast_to(np.array(brush.palette[4], np.float32), (SIZE, SIZE, 3)).copy()
    x, y = stream.pick((0.0, 1.0)), stream.between(0.85, 1.05)
    far = np.hypot(columns - x, rows - y)
    bend = far + 0.07 * np.sin(6 * np.arctan2(rows - y, columns - x) + stream.between(0, 6))
    width, first = 0.075, stream.between(0.34, 0.44)
    for stripe, colour in enumerate((1, 2, 3, 2, 1, 0)):
        inside = (bend > first + stripe * width) & (bend <= first + (stripe + 1) * width)
        image[inside] = brush.palette[colour]
    image[far < first - 0.06] = brush.palette[2]
    image[far < first - 0.13] = brush.palette[3]
    wear = enlarged(brush.fractal(512, 6, 8))
    image *= (0.9 + 0.14 * wear)[..., None]
    return picture(image)


def staves(brush: Brush) -> Image.Image:
    """The song's own hook on staves that flow like cloth."""
    rows, _ = grid()
    dark = brush.stream.chance(0.5)
    image = picture(brush.ramp((0.08 + 0.16 * rows if dark else 0.95 - 0.18 * rows).astype(np.float32)))
    draw = pen(image)
    ink = (*brush.palette[3 if dark else 0], 255)
    phase = brush.stream.between(0, 6)
    for system in range(4):
        top = SIZE * (0.13 + 0.165 * system)

        def height(across: float, top: float = top, system: int = system) -> float:
            return top + 26 * math.sin(across / 190 + phase + 0.7 * system) + 12 * math.sin(across / 71 + system)

        for line in range(5):
            points = [(across, height(across) + 15 * line) for across in range(-20, SIZE + 20, 8)]
            draw.line(points, fill=(*ink[:3], 150), width=2)
        for place, (step, length, degree) in enumerate(brush.hook):
            across = 90 + (SIZE - 180) * step / max(1, brush.hook[-1][0] + brush.hook[-1][1])
            shift = (0, 2, -1, 1)[system]
            y = height(across) + 60 - 7.5 * (degree + shift)
            solid = length < 4
            draw.ellipse([across - 13, y - 9, across + 13, y + 9], fill=ink if solid else None, outline=ink, width=4)
            up = degree + shift < 4
            stem = across + 11 if up else across - 11
            draw.line([(stem, y), (stem, y - 54 if up else y + 54)], fill=ink, width=4)
            if length == 1 or (length == 2 and place % 2):
                draw.line([(stem, y - 54 if up else y + 54), (stem + 16, y - 34 if up else y + 34)], fill=ink, width=5)
    return image
