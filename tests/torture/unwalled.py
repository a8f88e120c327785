"""The program with its first wall switched off: `python -m tests.torture.unwalled ARGUMENTS`.

The second wall is loaded before, so that its own look at links stays as it is. Where `HOSTILE_SEEN` names a file, it is
told which payloads have come as far as the second wall, on which screen and in which widget.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from types import FrameType

from rich.segment import Segment

from tests.torture.payloads import EVERYTHING
from whisul_tui.domain import clean
from whisul_tui.terminal.wall import Wall  # binds the real clean_url

_LOST = re.compile(r"[\s\x07\x08\x00\ufffd\ud800?]+")  # what Textual, SQLite or a fold of blanks takes away
_STARTS = {number: _LOST.sub("", payload)[:4] for number, payload in enumerate(EVERYTHING)}


def _as_it_is(text: object, limit: int = 0) -> str:
    return text if isinstance(text, str) else ""


def _watch(file: str) -> None:
    """Looks at all that goes through the second wall; a line for each payload that is new to its widget."""
    told: set[str] = set()
    seen: set[tuple[type, str]] = set()
    right = Wall.apply

    def apply(self: Wall, segments: list[Segment], background: object) -> list[Segment]:
        line = "".join(segment.text for segment in segments)
        widget = _widget(sys._getframe(1))
        if "#" in line and (type(widget), line) not in seen:
            seen.add((type(widget), line))
            where = f"{type(getattr(widget, 'screen', None)).__name__}.{type(widget).__name__}"
            new = {f"{where} {number}" for number in _payloads(line)} - told
            told.update(new)
            if new:
                with open(file, "a") as log:  # noqa: PTH123 - a kill at any time keeps what was told
                    log.write("\n".join([*new, ""]))
        return right(self, segments, background)  # type: ignore[arg-type]

    Wall.apply = apply  # type: ignore[assignment,method-assign]


def _payloads(line: str) -> Sequence[int]:
    parts = re.split(r"#(\d\d)", _LOST.sub("", line))
    found = zip(map(int, parts[1::2]), parts[2::2], strict=True)
    return [number for number, text in found if number in _STARTS and text.startswith(_STARTS[number])]


def _widget(frame: FrameType | None) -> object:
    while frame is not None and "widget" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["widget"] if frame else None


def _any_link(text: object, limit: int = 0) -> str | None:
    return text if isinstance(text, str) and text.startswith("http") else None


def _switch_off() -> None:
    """In the module, and in those that have taken the functions from it; the second wall keeps the right one."""
    off = {clean.clean_line: _as_it_is, clean.clean_text: _as_it_is, clean.clean_url: _any_link}
    for name, module in list(sys.modules.items()):
        if name.startswith("whisul_tui.") and name != Wall.__module__:
            for attribute, value in list(vars(module).items()):
                if callable(value) and value in off:
                    setattr(module, attribute, off[value])


_switch_off()

if __name__ == "__main__":
    if "HOSTILE_SEEN" in os.environ:
        _watch(os.environ["HOSTILE_SEEN"])
    from whisul_tui.__main__ import main

    sys.exit(main())
