"""Encoding: CBR MP3 through LAME, WAV where no LAME is, FLAC and WAV on wish; with tags and cover."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from whisul_tui.domain.id3 import Tag, id3_bytes
from whisul_tui.studio.engine.files.flac import Flac
from whisul_tui.studio.engine.sound.signal import RATE

Pcm = npt.NDArray[np.int16]

MP3, WAV, FLAC = "audio/mpeg", "audio/wav", "audio/flac"
BIT_RATE = 256  # kbit/s: from here on LAME does not scale what it is given
_QUALITY = 7  # 2 costs five times the time and is not louder, wider or longer
_COMMENTS = {"title": "TITLE", "artist": "ARTIST", "bpm": "BPM", "key": "INITIALKEY", "genre": "GENRE"}


def encode(
    chunks: Iterable[Pcm], samples: int, check: Callable[[float], None], tag: Tag, wanted: str = MP3
) -> tuple[bytes, str]:
    """The samples as a tagged file and its media type: the wanted one, but WAV for MP3 where no LAME is.

    `check` hears the share done after every chunk and may raise.
    """
    encoder = _lame() if wanted == MP3 else Flac() if wanted == FLAC else None
    done = 0
    parts: list[bytes] = []
    for chunk in chunks:
        if isinstance(encoder, Flac):
            encoder.encode(chunk)
        else:
            raw = np.ascontiguousarray(chunk, dtype="<i2").tobytes()
            parts.append(bytes(encoder.encode(raw)) if encoder else raw)
        done += chunk.shape[0]
        check(min(1.0, done / max(1, samples)))
    if isinstance(encoder, Flac):
        return encoder.finish(_comments(tag), tag.cover, tag.cover_type), FLAC
    if encoder:
        return b"".join((id3_bytes(tag), *parts, bytes(encoder.flush()))), MP3
    return _wav(b"".join(parts), id3_bytes(tag)), WAV


def _comments(tag: Tag) -> dict[str, str]:
    texts = {_COMMENTS[name]: str(text) for name, text in tag.texts.items() if name in _COMMENTS}
    return {**texts, "ENCODER": str(tag.texts.get("encoder", "")), **tag.fields}


def _wav(samples: bytes, label: bytes) -> bytes:
    """A WAV file of 16-bit stereo samples, and its tag in a chunk behind them."""
    label += bytes(len(label) % 2)
    layout = struct.pack("<HHIIHH", 1, 2, RATE, RATE * 4, 4, 16)
    body = b"WAVE" + _chunk(b"fmt ", layout) + _chunk(b"data", samples) + _chunk(b"id3 ", label)
    return _chunk(b"RIFF", body)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body


def _lame() -> Any:
    """A LAME encoder, or None on the platforms its binding has no wheel for."""
    try:
        import lameenc
    except ImportError:
        return None
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(2)
    encoder.set_bit_rate(BIT_RATE)
    encoder.set_quality(_QUALITY)
    encoder.silence()
    return encoder
