"""Fewer pauses between a key and its frame: what the first screen is made of is left alone by the garbage collector."""

from __future__ import annotations

import gc

FRAMES_A_SECOND = "240"  # TEXTUAL_FPS: a frame is made only when something changed, and then waits for no slot of 60 Hz
_THRESHOLDS = (50_000, 20, 100)


def fewer_collections() -> None:
    """To be called once, when the first screen stands: collections begin, or are rarer from then on."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(*_THRESHOLDS)
