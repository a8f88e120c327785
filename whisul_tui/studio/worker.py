"""One composing process: a task on standard input, files on the shelf, stages and what was made as lines of JSON."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from whisul_tui.studio.book import Finished
from whisul_tui.studio.shelf import Shelf

_NICENESS = 5  # the server, the screen and the player come first
_PAUSE = 0.2  # seconds between two shares told of one stage
STEMS = "render_stems"  # the name of a composer's neighbour that renders stems

OnProgress = Callable[[str, float], None]


class OrphanedError(Exception):
    """The studio has gone: the song would be nobody's."""


def load_composer(reference: str) -> Callable[..., Any]:
    """The function that `module:function` names; raises ImportError, AttributeError or ValueError."""
    module, _, name = reference.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def perform(task: dict[str, Any], on_progress: OnProgress) -> dict[str, Any]:
    """Does what the task says and tells what it made; raises what the composer raises."""
    return _stems(task, on_progress) if task.get("stems") else asdict(_song(task, on_progress))


def _song(task: dict[str, Any], on_progress: OnProgress) -> Finished:
    """Composes the task's prompt and puts song, cover and notes on the shelf."""
    files = load_composer(task["composer"])(task["prompt"], task["seed"], on_progress, **_base(task))
    shelf = Shelf(Path(task["folder"]))
    tags = files.tags if isinstance(files.tags, str) else ", ".join(files.tags)
    if midi := getattr(files, "midi", b""):
        shelf.keep_song(task["job_id"], midi, "audio/midi")
    return Finished(
        title=files.title,
        bpm=float(files.bpm),
        seconds=float(files.seconds),
        tags=tags,
        cover=shelf.keep_cover(task["job_id"], files.cover, files.cover_type),
        song=shelf.keep_song(task["job_id"], files.audio, files.audio_type),
    )


def _stems(task: dict[str, Any], on_progress: OnProgress) -> dict[str, Any]:
    """Renders the stems of the task's song and puts them on the shelf together."""
    module = task["composer"].partition(":")[0]
    stems = load_composer(f"{module}:{STEMS}")(task["prompt"], task["seed"], on_progress, **_base(task))
    kept = Shelf(Path(task["folder"])).keep_stems(
        task["job_id"], [(stem.name, stem.audio, stem.audio_type) for stem in stems]
    )
    return {"stems": kept}


def _base(task: dict[str, Any]) -> dict[str, Any]:
    """The songs a song is made from, as the composer takes them; they come newest first."""
    base = None
    if task.get("origins"):
        from whisul_tui.studio.engine import Origin

        for prompt, seed in reversed(task["origins"]):
            base = Origin(prompt, seed, base)
    return {"base": base} if base else {}


def _tell(answer: TextIO, said: dict[str, Any]) -> None:
    answer.write(json.dumps(said) + "\n")
    answer.flush()


class _Teller:
    """Tells stages as they come, and their shares now and then; ends the work when the studio has gone."""

    def __init__(self, tell: Callable[[dict[str, Any]], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._tell, self._clock = tell, clock
        self._parent = os.getppid()
        self._stage, self._told = "", 0.0

    def __call__(self, stage: str, share: float) -> None:
        if os.getppid() != self._parent:
            raise OrphanedError(f"{stage} at {share:.0%}")
        if stage == self._stage and self._clock() - self._told < _PAUSE:
            return
        self._stage, self._told = stage, self._clock()
        self._tell({"stage": stage, "share": share})


def main() -> int:
    """Runs one task; an exception ends this process with its traceback on standard error, for the studio's log."""
    os.nice(_NICENESS)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # only the studio ends its workers, and it does so by SIGKILL
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer:
        os.dup2(2, 1)  # whatever a library prints must not be taken for the answer
        tell = partial(_tell, answer)
        on_progress = _Teller(tell)
        task = json.loads(sys.stdin.buffer.read())
        tell({"made": perform(task, on_progress)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
