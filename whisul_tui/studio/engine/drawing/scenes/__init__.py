"""The scenes by genre: each its own."""

from collections.abc import Callable

from PIL import Image

from whisul_tui.studio.engine.drawing.canvas import Brush
from whisul_tui.studio.engine.drawing.scenes.city import skyline, tunnel, window
from whisul_tui.studio.engine.drawing.scenes.landscapes import coast, dunes, forest, peaks
from whisul_tui.studio.engine.drawing.scenes.paper import curves, cutouts, rays, staves
from whisul_tui.studio.engine.drawing.scenes.retro import pixels, sunset
from whisul_tui.studio.engine.drawing.scenes.waves import bubbles, rings, streaks

Scene = Callable[[Brush], Image.Image]

SCENES: dict[str, Scene] = {
    "lofi": window,
    "trap": skyline,
    "ambient": dunes,
    "house": rings,
    "techno": tunnel,
    "synthwave": sunset,
    "pop": bubbles,
    "dnb": streaks,
    "cinematic": peaks,
    "classical": staves,
    "rock": rays,
    "jazz": cutouts,
    "funk": curves,
    "reggae": coast,
    "acoustic": forest,
    "chiptune": pixels,
}

__all__ = ["SCENES", "Scene"]
