"""Fewer pauses between a key and its frame, by the garbage collector and by other threads."""

from __future__ import annotations

import gc
import sys

FRAMES_A_SECOND = "240"  # TEXTUAL_FPS: a frame is made only when something changed, and then waits for no slot of 60 Hz
_THRESHOLDS = (50_000, 20, 100)
_TURN = 0.0005  # seconds that another thread computes on when the screens want their turn; 5 ms by default


def fewer_pauses() -> None:
    """To be called once, when the first screen stands: collections begin, or are rarer, and other threads give way."""
    sys.setswitchinterval(_TURN)
    gc.freeze()
    gc.enable()
    gc.set_threshold(*_THRESHOLDS)
