"""Rendering: a Score becomes a stereo signal, and the signal a finished master."""
