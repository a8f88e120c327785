"""The program: first what can be shown at once, then all else is loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from whisul_tui.first_frame.shown import give_back, show


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the TUI or a verb and returns the exit code; `argv` is without the program's name."""
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        if not words or words[0].startswith("-"):  # a verb has no screen
            show(words)
        from whisul_tui.command_line import main as run

        return run(words)
    except KeyboardInterrupt:
        return 130
    finally:
        give_back()


if __name__ == "__main__":
    sys.exit(main())
