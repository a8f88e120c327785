"""whisul-tui: write prompts, watch generations and listen to the songs, in a terminal."""

import sys

__version__ = "0.1.0"

# httpx loads its own command line where click and pygments happen to be installed: 2.7 MiB, and half of its time.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # Python's way to say that there is none
