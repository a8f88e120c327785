"""What the engine hands out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SongFiles:
    """A finished song. `audio` is a tagged MP3 (`audio/mpeg`), a WAV where no LAME is, or what the prompt asked for.

    `seconds` is its length. `score_hash` is the same for one prompt, seed and `engine_version` on every machine.
    """

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
    engine_version: str
    score_hash: str


@dataclass(frozen=True, slots=True)
class StemFile:
    """One group of a song's tracks alone (`drums`, `bass`, `chords`, `lead`), as loud as it is in the mix."""

    name: str
    audio: bytes
    audio_type: str
