"""A cover as something that a terminal can show: half blocks, sixels, kitty's graphics, or words in its place.

Pillow is imported where a picture is decoded, beside the event loop: 16 million pixels at most, three formats.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from whisul_tui.listening.kitty_graphics import kitty_sequences
from whisul_tui.listening.sixels import sixel_sequence

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 16_000_000
_FORMATS = ("PNG", "JPEG", "WEBP")

Colour = tuple[int, int, int]
Cells = tuple[tuple[tuple[Colour, Colour], ...], ...]


class Way(StrEnum):
    """How pictures are shown; OFF: not at all."""

    KITTY = "kitty"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Box:
    """Room for a picture, in cells, and the pixels of one cell."""

    columns: int
    rows: int
    cell: tuple[int, int] = (10, 20)


@dataclass(frozen=True, slots=True)
class Picture:
    """One of: `label` (words in its place), `cells` (rows of upper and lower colours), `draw` (a control sequence).

    `draw` paints at the cursor and moves it; `erase` takes a picture away that text would not overwrite.
    """

    label: str = ""
    cells: Cells = ()
    draw: str = ""
    erase: str = ""


class PictureError(Exception):
    """A picture that cannot be shown; the message is a few words for its place."""


def picture_of(data: bytes, way: Way, box: Box) -> Picture:
    """The picture, as large as fits the box in its own shape. Takes some tenths of a second. Raises PictureError."""
    if way is Way.BLOCKS:
        image = _decoded(data, box.columns, box.rows * 2)
        return Picture(cells=_halves(image))
    image = _decoded(data, box.columns * box.cell[0], box.rows * box.cell[1])
    if way is Way.SIXEL:
        palette = image.quantize(64)
        return Picture(draw=sixel_sequence(palette.tobytes(), palette.getpalette() or [], *palette.size))
    draw, erase = kitty_sequences(image.tobytes(), *image.size)
    return Picture(draw=draw, erase=erase)


def _decoded(data: bytes, width: int, height: int) -> Image:
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise PictureError("cover: needs Pillow (pip install 'whisul-tui[covers]')") from None
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)  # and not a line over the screen
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            opened.draft("RGB", (width, height))  # a JPEG is decoded no larger than is needed
            image = opened.convert("RGB")
        scale = min(width / image.width, height / image.height)
        return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError("cover: too many pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PictureError("cover: no picture that can be read") from error


def _halves(image: Image) -> Cells:
    """Two pixels, one above the other, a cell."""
    width, height = image.size
    data = image.tobytes()

    def colour(x: int, y: int) -> Colour:
        at = (min(y, height - 1) * width + x) * 3
        return data[at], data[at + 1], data[at + 2]

    return tuple(tuple((colour(x, y), colour(x, y + 1)) for x in range(width)) for y in range(0, height, 2))
