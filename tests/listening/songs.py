"""Jobs with songs, and the bytes of songs and covers, for the tests of this room."""

from __future__ import annotations

import hashlib
import math
import struct
from datetime import UTC, datetime
from pathlib import Path

from whisul_tui.domain import Job, JobState, Song
from whisul_tui.domain.id3 import id3_size

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def job(
    title: str | None = "Night Rain",
    bpm: float | None = 84.0,
    *,
    song_url: str | None = None,
    image_url: str | None = None,
    job_id: str | None = "0123456789abcdef",
    prompt: str = "late night lofi, soft rain\nslow",
    seconds: float | None = 183.0,
    tags: tuple[str, ...] = ("lofi", "calm"),
) -> Job:
    song = Song(title=title, bpm=bpm, seconds=seconds, song_url=song_url, image_url=image_url, tags=tags)
    return Job(
        number=7,
        client_id="c" * 32,
        account="test",
        prompt=prompt,
        state=JobState.COMPLETED,
        created_at=WHEN,
        changed_at=WHEN,
        job_id=job_id,
        finished_at=WHEN,
        song=song,
    )


def noise(size: int, seed: str = "a") -> bytes:
    """`size` bytes that repeat nowhere, the same for the same seed."""
    blocks = (hashlib.sha256(f"{seed}{number}".encode()).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def mp3(size: int = 100_000, seed: str = "a") -> bytes:
    """Bytes that begin like an MP3."""
    return b"ID3\x04\x00\x00\x00\x00\x00\x00" + noise(size - 10, seed)


def as_sent(path: Path) -> bytes:
    """A kept MP3 as it came: with the empty tag of `mp3` instead of the one that was written into it."""
    content = path.read_bytes()
    size = id3_size(content)
    assert size > 10, "it has been tagged"
    return mp3(10) + content[size:]


def png(size: int = 5_000, seed: str = "p") -> bytes:
    """Bytes that begin like a PNG."""
    return b"\x89PNG\r\n\x1a\n" + noise(size - 8, seed)


def wav(seconds: float = 3.0, rate: int = 8000) -> bytes:
    """A sine that every player plays."""
    frames = b"".join(struct.pack("<h", int(9000 * math.sin(n * 0.3))) for n in range(int(seconds * rate)))
    head = struct.pack(
        "<4sI8sIHHIIHH4sI",
        b"RIFF",
        36 + len(frames),
        b"WAVEfmt ",
        16,
        1,
        1,
        rate,
        rate * 2,
        2,
        16,
        b"data",
        len(frames),
    )
    return head + frames
