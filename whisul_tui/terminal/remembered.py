"""What the user has seen of this terminal, as `doctor --terminal` was told, for the next time in the same one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from whisul_tui.paths import write_private

FILE = "terminals.json"
_MOST = 50  # terminals; the one that was told of longest ago goes first


def terminal_name(environ: Mapping[str, str]) -> str:
    """What tells this terminal from another: its kind, the program where it says so, and who stands in between."""
    between = "tmux" if environ.get("TMUX") else "screen" if environ.get("STY") else ""
    parts = (environ.get("TERM", ""), environ.get("TERM_PROGRAM", ""), between)
    return " ".join(part[:60] for part in parts if part) or "unknown"


def recall(folder: Path, environ: Mapping[str, str]) -> dict[str, bool]:
    """The answers for this terminal by the names of the questions; none where it was never told of."""
    found = _all(folder).get(terminal_name(environ), {})
    return {name: answer for name, answer in found.items() if isinstance(answer, bool)}


def remember(folder: Path, environ: Mapping[str, str], answers: Mapping[str, bool]) -> None:
    """Keeps the answers, with what was told before of other questions. Raises OSError."""
    kept, name = _all(folder), terminal_name(environ)
    kept[name] = {**kept.pop(name, {}), **answers}
    while len(kept) > _MOST:
        del kept[next(iter(kept))]
    write_private(folder / FILE, json.dumps(kept, indent=1) + "\n")


def _all(folder: Path) -> dict[str, dict[str, object]]:
    try:
        content = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):  # none yet, or damaged: it is asked anew
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: answers for name, answers in content.items() if isinstance(answers, dict)}
