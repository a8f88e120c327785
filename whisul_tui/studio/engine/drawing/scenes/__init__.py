"""The scenes by genre."""

from collections.abc import Callable

from PIL import Image

from whisul_tui.studio.engine.drawing.canvas import Brush
from whisul_tui.studio.engine.drawing.scenes.landscapes import dunes, window
from whisul_tui.studio.engine.drawing.scenes.shapes import cutouts, rays, rings

Scene = Callable[[Brush], Image.Image]

SCENES: dict[str, Scene] = {"lofi": window, "ambient": dunes, "house": rings, "rock": rays, "jazz": cutouts}

__all__ = ["SCENES", "Scene"]
