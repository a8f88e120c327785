"""Desktop notices by escape sequences: OSC 9, 777 and 99, each cleaned, through tmux where tmux lets them through."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress

from whisul_tui.domain.clean import clean_line

_LONGEST = 200  # characters
_SEEN = (("OSC 99", "osc99"), ("OSC 777", "osc777"), ("OSC 9", "osc9"))  # questions of `doctor --terminal`


def notice(kind: str, title: str, body: str) -> str:
    """The sequence of a notice; no letter of the texts can end it or begin another field."""
    title, body = _field(title), _field(body)
    if kind == "osc777":
        return f"\x1b]777;notify;{title};{body}\x07"
    if kind == "osc99":
        return f"\x1b]99;i=whisul:d=0;{title}\x1b\\\x1b]99;i=whisul:p=body;{body}\x1b\\"
    return f"\x1b]9;{title}: {body}\x07"  # begins with a word: OSC 9 with a figure is something else


def kind_of(setting: str, answers: Mapping[str, bool]) -> str | None:
    """The kind of notice to send: the one that is set, or for `auto` the best that the user has seen; None for none."""
    if setting != "auto":
        return setting if setting.startswith("osc") else None
    return next((kind for name, kind in _SEEN if answers.get(name)), None)


def through_tmux(sequence: str) -> str:
    """The sequence as tmux hands it to the terminal outside."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


Run = Callable[..., "subprocess.CompletedProcess[str]"]


def passes_tmux(environ: Mapping[str, str], run: Run = subprocess.run) -> bool:
    """Whether this is tmux, and its user lets programs speak to the terminal outside; asks tmux, at most a second."""
    if not environ.get("TMUX"):
        return False
    with suppress(OSError, subprocess.SubprocessError, UnicodeError):
        asked = ["tmux", "show-options", "-Apv", "allow-passthrough"]
        told = run(asked, capture_output=True, text=True, timeout=1.0, check=False, stdin=subprocess.DEVNULL)
        return told.returncode == 0 and told.stdout.strip() in ("on", "all")
    return False


def _field(text: str) -> str:
    return clean_line(text, _LONGEST).replace(";", ",").replace("\\", "/")
