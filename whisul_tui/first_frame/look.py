"""The cached look of the last session: what the first frame is painted with, and when it may be."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from whisul_tui import __version__

FILE = "first-frame"
_HEAD = "whisul-tui look 4"
_LARGEST = 200_000  # bytes
_DECIDES = ("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "HOME", "TZ")
_PREFIXES = ("WHISUL_", "TEXTUAL_", "XDG_", "PYTHON")
_SET_BY_US = ("TEXTUAL_FPS",)
SENT = {  # by terminals; a letter is sent as itself
    "down": ("\x1b[B", "\x1bOB"),
    "up": ("\x1b[A", "\x1bOA"),
    "pagedown": ("\x1b[6~",),
    "pageup": ("\x1b[5~",),
    "home": ("\x1b[H", "\x1bOH", "\x1b[1~"),
    "end": ("\x1b[F", "\x1bOF", "\x1b[4~"),
    "ctrl+d": ("\x04",),
    "ctrl+u": ("\x15",),
}
ALL = 2**62  # rows: a move to either end
_SECRET = "WHISUL_API_KEY"  # noqa: S105 - its name


class Look:
    """Colours as SGR codes, places and signs; texts are of the program alone, none of a job.

    `chrome` are pieces (line, cell, text, codes) around the rows; `codes` those of a part on a kind of row;
    `columns` (cell, width, 1 where it is left-bound) by name; `signs` by state; `keys` by name the rows that they move
    the cursor by. The rows' region is `top`, `left`, `height`, `width`.
    """

    def __init__(self) -> None:
        self.database = ""
        self.schema = 0
        self.base = ""
        self.top = self.left = self.height = self.width = 0
        self.ellipsis = "…"
        self.late_after = 0.0  # seconds, for jobs of `account`
        self.account = ""
        self.chrome: list[tuple[int, int, str, str]] = []
        self.codes: dict[tuple[str, str], str] = {}
        self.columns: dict[str, tuple[int, int, int]] = {}
        self.signs: dict[str, str] = {}
        self.keys: dict[str, int] = {}


def cache_file(environ: Mapping[str, str]) -> str:
    """Where the look is kept; as `paths.find_paths` has it, which takes too long to load."""
    home = environ.get("HOME", "")
    cache = environ.get("XDG_CACHE_HOME", "").strip()
    if not cache:
        cache = f"{home}/Library/Caches" if sys.platform == "darwin" else f"{home}/.cache"
    return f"{cache}/whisul-tui/{FILE}"


def stamp(words: Sequence[str], size: tuple[int, int], environ: Mapping[str, str], config: str) -> str:
    """All that decides how the first screen looks besides the store: any change of it, and nothing is painted."""
    decides = [f"{name}={environ[name]}" for name in sorted(environ) if name in _DECIDES or _is_ours(name)]
    decides += [f"{name} is set" for name in (_SECRET, "TMUX", "STY") if environ.get(name)]
    try:
        found = os.stat(config)
        settings = f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"
    except OSError:
        settings = "none"
    version = f"{__version__} {sys.version_info[:3]}"
    return repr((version, list(words), tuple(size), config, settings, decides))


def _is_ours(name: str) -> bool:
    return name.startswith(_PREFIXES) and name != _SECRET and name not in _SET_BY_US


def written(look: Look, stamped: str, config: str) -> str:
    """The file's text."""
    lines = [_HEAD, stamped, config, look.database]
    lines.append(f"{look.schema} {look.top} {look.left} {look.height} {look.width}")
    lines += [look.base, look.ellipsis, repr(look.late_after), look.account]
    lines += [f"c\t{y}\t{x}\t{codes}\t{text}" for y, x, text, codes in look.chrome]
    lines += [f"p\t{kind}\t{part}\t{codes}" for (kind, part), codes in look.codes.items()]
    lines += [f"f\t{name}\t{at}\t{width}\t{left}" for name, (at, width, left) in look.columns.items()]
    lines += [f"s\t{state}\t{sign}" for state, sign in look.signs.items()]
    lines += [f"k\t{name}\t{step}" for name, step in look.keys.items()]
    return "\n".join([*lines, "end"]) + "\n"


def read(words: Sequence[str], size: tuple[int, int], environ: Mapping[str, str]) -> Look | None:
    """The look, where there is one and everything is as it was; raises OSError, ValueError or LookupError."""
    with open(cache_file(environ), encoding="utf-8") as file:
        text = file.read(_LARGEST)
    lines = text.split("\n")
    if lines[0] != _HEAD or lines[-2:] != ["end", ""] or lines[1] != stamp(words, size, environ, lines[2]):
        return None
    look = Look()
    look.database = lines[3]
    look.schema, look.top, look.left, look.height, look.width = map(int, lines[4].split())
    look.base, look.ellipsis, look.late_after = _codes(lines[5]), _sign(lines[6]), float(lines[7])
    look.account = lines[8]
    for line in lines[9:-2]:
        kind, *rest = line.split("\t")
        if kind == "c":
            look.chrome.append((int(rest[0]), int(rest[1]), _sign(rest[3]), _codes(rest[2])))
        elif kind == "p":
            look.codes[rest[0], rest[1]] = _codes(rest[2])
        elif kind == "f":
            look.columns[rest[0]] = (int(rest[1]), int(rest[2]), int(rest[3]))
        elif kind == "k":
            look.keys[rest[0]] = int(rest[1])
        else:
            look.signs[rest[0]] = _sign(rest[1])
    return look


def _sign(text: str) -> str:
    """What is drawn as it stands in a file, so nothing that a terminal obeys; raises ValueError."""
    if not text.isprintable():
        raise ValueError(text)
    return text


def _codes(text: str) -> str:
    if text.strip("0123456789;:"):
        raise ValueError(text)
    return text
