"""whisul-tui: write prompts, watch generations and listen to the songs, in a terminal."""

__version__ = "0.1.0"
