"""The studio's engine: composes, renders and draws a song from a prompt, offline. `compose` is its one door."""

import os

# Notes are small matrix products: a second BLAS thread costs more than it gives, and the server runs a song a core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from whisul_tui.studio.engine.pipeline import compose, render_stems
from whisul_tui.studio.engine.reading import Origin
from whisul_tui.studio.engine.score import ENGINE_VERSION
from whisul_tui.studio.engine.song_files import SongFiles, StemFile

__all__ = ["ENGINE_VERSION", "Origin", "SongFiles", "StemFile", "compose", "render_stems"]
