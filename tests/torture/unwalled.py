"""The program with its first wall switched off: `python -m tests.torture.unwalled ARGUMENTS`.

The second wall is loaded before, so that its own look at links stays as it is.
"""

from __future__ import annotations

import sys

import whisul_tui.terminal.wall  # noqa: F401 - binds the real clean_url
from whisul_tui.domain import clean


def _as_it_is(text: object, limit: int = 0) -> str:
    return text if isinstance(text, str) else ""


clean.clean_line = clean.clean_text = _as_it_is
clean.clean_url = lambda text, limit=0: text if isinstance(text, str) and text.startswith("http") else None

if __name__ == "__main__":
    from whisul_tui.__main__ import main

    sys.exit(main())
