"""The cover of a song: scene, grain, title."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFont

from whisul_tui.studio.engine.drawing.canvas import SIZE, Brush, grid, pen, picture
from whisul_tui.studio.engine.drawing.palettes import palette
from whisul_tui.studio.engine.drawing.scenes import SCENES
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Score
from whisul_tui.studio.engine.theory import KEY_NAMES

COVER_TYPE = "image/jpeg"
LARGEST = 400_000  # bytes

_MARGIN = 70
_GRAINY = frozenset({"lofi", "jazz", "rock", "cinematic", "acoustic", "reggae", "funk", "classical"})


def draw_cover(score: Score, check: Callable[[], None] = lambda: None) -> bytes:
    """A 1024x1024 JPEG under 400 KB; the same for the same song on one machine. `check` may raise between the steps."""
    spec = score.spec
    stream = Stream("cover", spec.identity, spec.seed, spec.variation)
    generator = np.random.Generator(np.random.PCG64(stream.fork("texture").bits()))
    brush = Brush(palette(spec, stream.fork("palette")), stream.fork("scene"), generator, score.hook)
    scene = SCENES[spec.genre](brush)
    check()
    image = _finished(scene, generator, 8 if spec.genre in _GRAINY else 3)
    check()
    _letter(image, score)
    return _jpeg(image)


def _finished(image: Image.Image, generator: np.random.Generator, grain: float) -> Image.Image:
    """Darker towards the corners and, the more so the lighter it is there, the lettering; with a little grain."""
    rows, columns = grid()
    light = float(np.asarray(image.convert("L"), np.float32)[SIZE * 3 // 4 :].mean()) / 255
    depth = 0.5 + 0.3 * min(1.0, max(0.0, 2 * light - 0.6))
    shade = 1 - 0.62 * ((columns - 0.5) ** 2 + (rows - 0.5) ** 2)
    shade *= 1 - depth * np.clip((rows - 0.68) / 0.24, 0, 1)
    speckle = generator.standard_normal((SIZE, SIZE), dtype=np.float32) * np.float32(grain)
    return picture(np.asarray(image, np.float32) * shade[..., None] + speckle[..., None])


def _letter(image: Image.Image, score: Score) -> None:
    spec = score.spec
    draw = pen(image)
    size = 84
    while size > 30 and draw.textlength(score.title, font=ImageFont.load_default(size)) > SIZE - 2 * _MARGIN:
        size -= 3
    base = SIZE - 128 - size
    font = ImageFont.load_default(size)
    draw.text((_MARGIN + 2, base + 3), score.title, font=font, fill=(0, 0, 0, 150))
    draw.text((_MARGIN, base), score.title, font=font, fill=(255, 255, 255, 245))
    line = f"{spec.genre.upper()}   {spec.bpm:g} BPM   {KEY_NAMES[spec.key]} {spec.mode.upper()}"
    if spec.vocals_asked:
        line += "   INSTRUMENTAL"  # the studio cannot sing: said where it is seen
    draw.text((_MARGIN + 2, SIZE - 98), line, font=ImageFont.load_default(26), fill=(255, 255, 255, 205))


def _jpeg(image: Image.Image) -> bytes:
    for quality in (88, 80, 70, 55):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        if out.tell() < LARGEST:
            break
    return out.getvalue()
