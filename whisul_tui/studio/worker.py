"""One composing process: reads a task on standard input, writes the files, and says in one line what it made."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from whisul_tui.studio.book import Finished
from whisul_tui.studio.shelf import Shelf

_NICENESS = 5  # the server, the screen and the player come first


class OrphanedError(Exception):
    """The studio has gone: the song would be nobody's."""


def load_composer(reference: str) -> Callable[..., Any]:
    """The function that `module:function` names; raises ImportError, AttributeError or ValueError."""
    module, _, name = reference.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def perform(task: dict[str, Any], on_progress: Callable[[str, float], None]) -> Finished:
    """Composes the task's prompt and puts song and cover on the shelf; raises what the composer raises."""
    files = load_composer(task["composer"])(task["prompt"], task["seed"], on_progress)
    shelf = Shelf(Path(task["folder"]))
    tags = files.tags if isinstance(files.tags, str) else ", ".join(files.tags)
    return Finished(
        title=files.title,
        bpm=float(files.bpm),
        seconds=float(files.seconds),
        tags=tags,
        cover=shelf.keep_cover(task["job_id"], files.cover, files.cover_type),
        song=shelf.keep_song(task["job_id"], files.audio, files.audio_type),
    )


def main() -> int:
    """Runs one task; an exception ends this process with its traceback on standard error, for the studio's log."""
    parent = os.getppid()
    os.nice(_NICENESS)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # only the studio ends its workers, and it does so by SIGKILL
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not be taken for the answer
    task = json.loads(sys.stdin.buffer.read())

    def on_progress(stage: str, share: float) -> None:
        if os.getppid() != parent:
            raise OrphanedError(f"{stage} at {share:.0%}")

    with answer:
        json.dump(asdict(perform(task, on_progress)), answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
