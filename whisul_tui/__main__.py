"""The program: first what can be shown at once, then all else is loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from whisul_tui.first_frame.shown import give_back, show
from whisul_tui.terminal.handed_over import note_trouble, where


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the TUI or a verb and returns the exit code; `argv` is without the program's name."""
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        if not words or words[0].startswith("-"):  # a verb has no screen
            _show(words)
        from whisul_tui.command_line import main as run

        return run(words)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - nothing of the program is there that could write a report
        give_back()
        if sys.stderr is not None:
            sys.stderr.write(f"whisul-tui: it cannot start ({where(error)})\n")
        return 1
    finally:
        give_back()


def _show(words: Sequence[str]) -> None:
    try:
        show(words)
    except Exception as error:  # noqa: BLE001 - whatever it is, the program starts as without a first frame
        note_trouble(error)
        give_back()


if __name__ == "__main__":
    sys.exit(main())
