"""Composing: Spec in, Score out; no sound here."""

from whisul_tui.studio.engine.composing.compose import compose_score

__all__ = ["compose_score"]
