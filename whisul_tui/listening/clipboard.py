"""Copying to the clipboard where the user sits. Nobody can confirm that it arrived, so nothing here says so."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from whisul_tui.listening.players import Which
from whisul_tui.listening.playing import clean_environment

OSC52_LIMIT = 74_994  # bytes of base64 that xterm, kitty and tmux all take in one sequence
_SCREEN_CHUNK = 512  # GNU screen drops a longer string inside one DCS
_SECONDS = 2.0
_NO_OSC52 = frozenset({"dumb", "linux", ""})


class CopyRung(StrEnum):
    """Who took the text."""

    TMUX = "tmux"
    OSC52 = "OSC 52"
    SCREEN = "OSC 52 through screen"
    WL_COPY = "wl-copy"
    XCLIP = "xclip"
    XSEL = "xsel"
    PBCOPY = "pbcopy"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CopyResult:
    """The rung that took the text (NONE: none did), and the sentence for the user."""

    rung: CopyRung
    sentence: str

    @property
    def taken(self) -> bool:
        """Whether somebody took the text; not whether it arrived."""
        return self.rung is not CopyRung.NONE


_TOOLS: dict[CopyRung, list[str]] = {
    CopyRung.TMUX: ["tmux", "load-buffer", "-w", "-"],
    CopyRung.WL_COPY: ["wl-copy"],
    CopyRung.XCLIP: ["xclip", "-selection", "clipboard"],
    CopyRung.XSEL: ["xsel", "--clipboard", "--input"],
    CopyRung.PBCOPY: ["pbcopy"],
}
_THROUGH_THE_TERMINAL = frozenset({CopyRung.TMUX, CopyRung.OSC52, CopyRung.SCREEN})
_SENTENCES = {
    CopyRung.TMUX: "Handed to tmux, which passes it on to your terminal",
    CopyRung.OSC52: "Sent to your terminal (OSC 52)",
    CopyRung.SCREEN: "Sent to your terminal through screen (OSC 52)",
    CopyRung.WL_COPY: "Handed to wl-copy on this machine",
    CopyRung.XCLIP: "Handed to xclip on this machine",
    CopyRung.XSEL: "Handed to xsel on this machine",
    CopyRung.PBCOPY: "Handed to pbcopy on this machine",
}


def copy_rungs(environ: Mapping[str, str], size: int = 0, which: Which = shutil.which) -> list[CopyRung]:
    """The rungs worth trying for a text of `size` bytes, best first."""
    rungs: list[CopyRung] = []
    term = environ.get("TERM", "")
    if environ.get("TMUX") and which("tmux"):
        rungs.append(CopyRung.TMUX)
    if term not in _NO_OSC52 and -(-size // 3) * 4 <= OSC52_LIMIT:
        in_screen = bool(environ.get("STY")) or term.startswith("screen.")
        rungs.append(CopyRung.SCREEN if in_screen and not environ.get("TMUX") else CopyRung.OSC52)
    return rungs + local_tools(environ, which)


def local_tools(environ: Mapping[str, str], which: Which = shutil.which) -> list[CopyRung]:
    """The clipboard programs that can reach a desktop from here."""
    tools: list[CopyRung] = []
    if environ.get("WAYLAND_DISPLAY"):
        tools.append(CopyRung.WL_COPY)
    if environ.get("DISPLAY"):
        tools += [CopyRung.XCLIP, CopyRung.XSEL]
    tools.append(CopyRung.PBCOPY)
    return [tool for tool in tools if which(_TOOLS[tool][0])]


def osc52(text: str, *, through_screen: bool = False) -> bytes:
    """The bytes that ask a terminal to put `text` on its clipboard; wrapped where GNU screen is to let them through."""
    sequence = b"\x1b]52;c;" + base64.b64encode(text.encode("utf-8", "replace")) + b"\x07"
    if not through_screen:
        return sequence
    chunks = [sequence[at : at + _SCREEN_CHUNK] for at in range(0, len(sequence), _SCREEN_CHUNK)]
    return b"".join(b"\x1bP" + chunk + b"\x1b\\" for chunk in chunks)


def copy(
    text: str,
    *,
    write: Callable[[bytes], None] | None,
    environ: Mapping[str, str] | None = None,
    which: Which = shutil.which,
    only: CopyRung | None = None,
) -> CopyResult:
    """Takes the first rung that works, or `only` this one. Up to two seconds where a program hangs: for a thread.

    `write` sends bytes to the terminal as they are; without it (no terminal) the programs alone are tried.
    """
    environ = os.environ if environ is None else environ
    encoded = text.encode("utf-8", "replace")
    for rung in copy_rungs(environ, len(encoded), which) if only is None else [only]:
        if rung in (CopyRung.OSC52, CopyRung.SCREEN):
            if write is None:
                continue
            write(osc52(text, through_screen=rung is CopyRung.SCREEN))
        elif not _fed(_TOOLS[rung], encoded, environ):
            continue
        helper = _helped(rung, encoded, environ, which) if only is None else None
        return CopyResult(rung, _sentence(rung, helper))
    return CopyResult(CopyRung.NONE, "Nothing here can copy: no terminal clipboard and no clipboard program. Press v.")


def _helped(rung: CopyRung, encoded: bytes, environ: Mapping[str, str], which: Which) -> CopyRung | None:
    """A terminal that does not know OSC 52 stays silent, so at the machine itself a clipboard program helps."""
    if environ.get("SSH_CONNECTION") or rung not in _THROUGH_THE_TERMINAL:
        return None
    tools = local_tools(environ, which)
    return next((tool for tool in tools if _fed(_TOOLS[tool], encoded, environ)), None)


def _sentence(rung: CopyRung, helper: CopyRung | None = None) -> str:
    also = f" and to {helper.value} on this machine" if helper else ""
    return f"{_SENTENCES[rung]}{also}. Whether it arrived can't be seen from here; the link sheet shows it whole."


def _fed(command: list[str], encoded: bytes, environ: Mapping[str, str]) -> bool:
    try:
        # No pipes for its output: xclip and wl-copy stay behind to serve the clipboard, and would hold them open.
        done = subprocess.run(
            command,
            input=encoded,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            start_new_session=True,
            check=False,
            env=clean_environment(environ),
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
