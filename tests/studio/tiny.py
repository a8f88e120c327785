"""A composer that takes no time: what the studio's own tests compose with. Words of the prompt make it misbehave."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Protocol

AUDIO = bytes(range(256)) * 40
MIDI = b"MThd" + b"notes" * 20
COVER = b"\xff\xd8\xff\xe0" + b"cover" * 100


@dataclass(frozen=True)
class TinyFiles:
    title: str
    bpm: float
    seconds: float
    key: str
    tags: tuple[str, ...]
    audio: bytes
    audio_type: str
    cover: bytes
    cover_type: str
    midi: bytes


@dataclass(frozen=True)
class TinyStem:
    name: str
    audio: bytes
    audio_type: str = "audio/mpeg"


class Base(Protocol):
    """What a song is made from."""

    @property
    def prompt(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def base(self) -> Base | None: ...


def render_stems(
    prompt: str, seed: int, on_progress: Callable[[str, float], None], *, base: Base | None = None
) -> tuple[TinyStem, ...]:
    """Two stems that say what they are of; a prompt with `stemless` has none that can be rendered."""
    if "stemless" in prompt:
        raise RuntimeError("nothing to take apart")
    if "order " in prompt:
        with Path(prompt.split()[1]).open("a") as file:
            file.write("stems\n")
    return TinyStem("drums", f"drums {prompt} {seed}".encode()), TinyStem("bass", f"bass {_named(base)}".encode())


def _named(base: Base | None) -> str:
    return f"{base.prompt}#{base.seed}<{_named(base.base)}" if base else ""


def compose(
    prompt: str, seed: int, on_progress: Callable[[str, float], None], *, base: Base | None = None
) -> TinyFiles:
    """Songs of one size; `crash` ends the process, `raise` raises, `wait PATH` goes on once PATH exists."""
    print("a library that talks on standard output")
    if prompt == "crash":
        os._exit(9)
    if prompt == "raise":
        raise RuntimeError("no inspiration")
    if prompt.startswith("wait "):
        gate = Path(prompt.removeprefix("wait "))
        gate.with_suffix(".started").touch()
        while not gate.exists():
            on_progress("waiting", 0.5)
            Event().wait(0.01)
    if prompt.startswith("order "):
        with Path(prompt.split()[1]).open("a") as file:
            file.write(prompt.split()[2] + "\n")
    on_progress("done", 1.0)
    png = "png" in prompt
    return TinyFiles(
        title=f"Song {seed % 1000} of {prompt[:20]}",
        bpm=84.0 if "lofi" in prompt else 127.5,
        seconds=167.2,
        key="A minor",
        tags=("tiny", "test", f"modules {'numpy' in sys.modules}", *([f"from {_named(base)}"] if base else [])),
        audio=AUDIO,
        audio_type="audio/wav" if png else "audio/mpeg",
        cover=COVER,
        cover_type="image/png" if png else "image/jpeg",
        midi=MIDI,
    )
