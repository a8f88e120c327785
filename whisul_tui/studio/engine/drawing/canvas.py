"""What scenes are painted on and with: colours, gradients, fractal noise, glows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from whisul_tui.studio.engine.randomness import Stream

SIZE = 1024
_SHADES = 2048  # of a gradient: more than a picture of 8 bits can show

Plane = npt.NDArray[np.floating[Any]]  # (SIZE, SIZE) or (SIZE, SIZE, 3), colours from 0 to 255
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Brush:
    """A scene's materials: five colours from dark to light, choices, a generator for textures, the song's hook."""

    palette: tuple[Colour, ...]
    stream: Stream
    generator: np.random.Generator
    hook: tuple[tuple[int, int, int], ...] = ((0, 4, 0),)

    def tone(self, where: float) -> Colour:
        """One colour along the palette, from 0 to 1."""
        red, green, blue = gradient(self.palette, np.array([[where]], np.float32))[0, 0]
        return int(red), int(green), int(blue)

    def ramp(self, where: Plane, first: int = 0, last: int = -1) -> Plane:
        """Colours along the palette; `where` from 0 to 1."""
        stop = len(self.palette) if last == -1 else last + 1
        return gradient(self.palette[first:stop], where)

    def fractal(self, size: int = 512, octaves: int = 5, first: int = 3, fall: float = 0.5) -> Plane:
        """Cloudy noise from 0 to 1, (size, size)."""
        total = np.zeros((size, size), np.float32)
        share = 1.0
        for octave in range(octaves):
            cells = first * 2**octave + 2
            if cells > size:
                break
            coarse = Image.fromarray(self.generator.random((cells, cells), dtype=np.float32))
            total += np.float32(share) * np.asarray(coarse.resize((size, size), Image.Resampling.BICUBIC))
            share *= fall
        total -= total.min()
        return np.asarray(total / max(float(total.max()), 1e-6))

    def ridge(self, points: int = 128, roughness: int = 3) -> Plane:
        """A line of hills: `points` heights from 0 to 1."""
        return np.asarray(self.fractal(128, 5, roughness, 0.55)[64][np.linspace(0, 127, points).astype(int)])


def grid() -> tuple[Plane, Plane]:
    """Rows and columns of the canvas from 0 to 1, to be read alone."""
    axis = np.arange(SIZE, dtype=np.float32) / np.float32(SIZE)
    return np.broadcast_to(axis[:, None], (SIZE, SIZE)), np.broadcast_to(axis, (SIZE, SIZE))


def gradient(colours: Sequence[Colour], where: Plane) -> Plane:
    """Colours between neighbours; `where` from 0 to 1."""
    table = np.array(colours, np.float32)
    places = np.linspace(0, len(colours) - 1, _SHADES)
    shades = np.stack([np.interp(places, np.arange(len(colours)), channel) for channel in table.T], axis=1)
    index = (np.clip(where, 0, 1) * np.float32(_SHADES - 1)).astype(np.int16)
    return np.asarray(shades.astype(np.float32).take(index, axis=0))


def enlarged(small: Plane) -> Plane:
    """A small plane over the whole canvas."""
    return np.asarray(Image.fromarray(small.astype(np.float32)).resize((SIZE, SIZE), Image.Resampling.BICUBIC))


def picture(colours: Plane) -> Image.Image:
    """Colours as an image."""
    return Image.fromarray(colours.clip(0, 255).astype(np.uint8))


def pen(image: Image.Image) -> ImageDraw.ImageDraw:
    """A pen that blends what it draws."""
    return ImageDraw.Draw(image, "RGBA")


def glow(image: Image.Image, x: float, y: float, radius: float, colour: Colour, strength: int = 150) -> Image.Image:
    """A soft light around a point."""
    small = Image.new("L", (SIZE // 4, SIZE // 4), 0)
    ImageDraw.Draw(small).ellipse(
        [(x - radius) / 4, (y - radius) / 4, (x + radius) / 4, (y + radius) / 4], fill=strength
    )
    mask = small.filter(ImageFilter.GaussianBlur(radius / 10)).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    return Image.composite(Image.new("RGB", (SIZE, SIZE), colour), image, mask)
