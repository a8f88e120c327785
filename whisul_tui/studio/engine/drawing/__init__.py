"""Covers: a picture a song, with a scene of its own for every genre."""

from whisul_tui.studio.engine.drawing.cover import COVER_TYPE, draw_cover

__all__ = ["COVER_TYPE", "draw_cover"]
