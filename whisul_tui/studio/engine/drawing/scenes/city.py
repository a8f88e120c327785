"""Scenes of the city: a rainy window, a skyline at night, a tunnel."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageFilter

from whisul_tui.studio.engine.drawing.canvas import SIZE, Brush, enlarged, glow, grid, pen, picture


def window(brush: Brush) -> Image.Image:
    """A window at night: city lights out of focus, rain on the glass, a mug on the sill."""
    rows, _ = grid()
    image = picture(brush.ramp(0.55 * (1 - rows) + 0.3 * enlarged(brush.fractal()) - 0.12, 0, 3))
    lights = Image.new("RGB", (SIZE, SIZE), (0, 0, 0))
    draw = pen(lights)
    for _ in range(70):
        x, y = brush.stream.whole(0, SIZE), brush.stream.whole(int(SIZE * 0.35), int(SIZE * 0.82))
        radius = brush.stream.whole(10, 46)
        colour = (*brush.palette[brush.stream.whole(2, 4)], brush.stream.whole(50, 150))
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)
    soft = np.asarray(lights.filter(ImageFilter.GaussianBlur(5)), np.float32)
    image = picture(255 - (255 - np.asarray(image, np.float32)) * (255 - soft) / 255)
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
        points = [(start + 9 * math.sin(step / 3 + turn), base - 130 - 7 * step) for step in range(14)]
        draw.line(points, fill=(*brush.palette[4], 110), width=5)


def skyline(brush: Brush) -> Image.Image:
    """Towers with lit windows under a low moon, beams going up between them."""
    rows, _ = grid()
    image = picture(brush.ramp((0.75 * rows + 0.2 * enlarged(brush.fractal()) - 0.1).astype(np.float32), 0, 3))
    x, y, radius = brush.stream.between(0.25, 0.75) * SIZE, 0.33 * SIZE, brush.stream.between(0.13, 0.18) * SIZE
    image = glow(image, x, y, radius * 2, brush.palette[3], 150)
    draw = pen(image)
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=(*brush.palette[4], 255))
    for _ in range(5):
        foot, lean, width = brush.stream.whole(0, SIZE), brush.stream.whole(-320, 320), brush.stream.whole(20, 70)
        draw.polygon([(foot, SIZE), (foot + lean - width, 0), (foot + lean + width, 0)], fill=(*brush.palette[3], 34))
    for layer in range(3):
        left = -40
        shade = brush.tone(0.3 - 0.15 * layer)
        while left < SIZE:
            width = brush.stream.whole(70, 150)
            top = int(SIZE * (brush.stream.between(0.36, 0.66) + 0.09 * layer))
            draw.rectangle([left, top, left + width, SIZE], fill=(*shade, 255))
            _windows(brush, draw_on=image, box=(left, top, width), share=0.16 + 0.1 * layer)
            left += width + brush.stream.whole(-8, 18)
    return image


def _windows(brush: Brush, *, draw_on: Image.Image, box: tuple[int, int, int], share: float) -> None:
    left, top, width = box
    draw = pen(draw_on)
    lit = brush.stream.pick((3, 3, 4))
    for column in range(left + 10, left + width - 14, 20):
        for row in range(top + 14, SIZE, 28):
            if brush.stream.chance(share):
                draw.rectangle(
                    [column, row, column + 9, row + 13], fill=(*brush.palette[lit], brush.stream.whole(120, 255))
                )


def tunnel(brush: Brush) -> Image.Image:
    """Frames into the distance, turning, lit from the far end."""
    stream = brush.stream
    image = Image.new("RGB", (SIZE, SIZE), brush.palette[0])
    x, y = SIZE * stream.between(0.44, 0.56), SIZE * stream.between(0.4, 0.5)
    sides, twist = stream.pick((4, 4, 6, 3, 8)), stream.between(-0.12, 0.12)
    frames = 26
    lit = stream.whole(3, 5)
    draw = pen(image)
    for frame in range(frames):
        size = SIZE * 1.25 * 0.83**frame
        turn = math.pi / sides + twist * frame
        corners = [
            (
                x + size * math.cos(turn + 2 * math.pi * side / sides),
                y + size * math.sin(turn + 2 * math.pi * side / sides),
            )
            for side in range(sides)
        ]
        depth = frame / frames
        colour = brush.tone(0.08 + 0.5 * depth) if frame % lit else brush.palette[3]
        draw.polygon(corners, fill=(*brush.tone(0.28 * depth if frame % 2 else 0.12 + 0.4 * depth), 255))
        draw.line([*corners, corners[0]], fill=(*colour, 255), width=max(1, int(26 * 0.83**frame)))
    image = glow(image, x, y, SIZE * 0.3, brush.palette[4], 190)
    dust = enlarged(brush.fractal(512, 6, 6))
    return picture(np.asarray(image, np.float32) * (0.78 + 0.35 * dust)[..., None])
