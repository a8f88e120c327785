"""Writing the prompt in the user's own editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from textual.app import App, SuspendNotSupported

from whisul_tui.domain.clean import clean_text
from whisul_tui.listening.playing import clean_environment

_LARGEST = 1_000_000  # bytes of the editor's file that are taken


class EditorError(Exception):
    """No text came back; the message says why and what to do."""


def edit_outside(app: App[int], text: str) -> str:
    """The text after the user's $VISUAL or $EDITOR (else nano, vi) had it; raises EditorError.

    The editor has the terminal for itself meanwhile; the engine's thread goes on polling.
    """
    words = editor_command(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    with tempfile.TemporaryDirectory(prefix="whisul-") as folder:
        path = Path(folder) / "prompt.txt"
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():  # nothing may be raised in here: Textual would not take the terminal back
                problem = _run([*words, str(path)])
        except SuspendNotSupported:
            raise EditorError("This terminal cannot be lent to an editor.") from None
        if problem:
            raise EditorError(problem)
        try:
            with path.open("rb") as file:
                return clean_text(file.read(_LARGEST).decode("utf-8", "replace"), _LARGEST).rstrip("\n")
        except OSError as error:
            raise EditorError(
                f"The editor's file cannot be read ({error.strerror}); the prompt is as it was."
            ) from None


def _run(command: list[str]) -> str:
    """Runs the editor to its end; a sentence where that failed."""
    try:
        done = subprocess.run(command, check=False, env=clean_environment(os.environ))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is not usable"
        return f"The editor {command[0]!r} cannot be run ({why}). Set $EDITOR."
    except KeyboardInterrupt:  # ^C in an editor that leaves it to its parent
        return "The editor was interrupted; the prompt is as it was."
    return f"The editor ended with {done.returncode}; the prompt is as it was." if done.returncode else ""


def editor_command(setting: str) -> list[str]:
    """The editor's words: the user's setting split as a shell would, else the first of vi and nano that is there."""
    try:
        words = shlex.split(setting)
    except ValueError:
        raise EditorError("$EDITOR is not a command line: a quote is not closed.") from None
    if words:
        return words
    for name in ("nano", "vi"):
        if shutil.which(name):
            return [name]
    raise EditorError("No editor was found. Set $EDITOR.")
