"""Encoding: CBR MP3 through LAME, and WAV where no LAME is."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from whisul_tui.studio.engine.sound.signal import RATE

Pcm = npt.NDArray[np.int16]

MP3, WAV = "audio/mpeg", "audio/wav"
BIT_RATE = 256  # kbit/s: from here on LAME does not scale what it is given
_QUALITY = 7  # 2 costs five times the time and is not louder, wider or longer


def encode(chunks: Iterable[Pcm], samples: int, check: Callable[[float], None]) -> tuple[bytes, str]:
    """The samples as a file and its media type. `check` hears the share done after every chunk and may raise."""
    encoder = _lame()
    done = 0
    parts: list[bytes] = []
    for chunk in chunks:
        raw = np.ascontiguousarray(chunk, dtype="<i2").tobytes()
        parts.append(bytes(encoder.encode(raw)) if encoder else raw)
        done += chunk.shape[0]
        check(min(1.0, done / max(1, samples)))
    if encoder:
        return b"".join((*parts, bytes(encoder.flush()))), MP3
    body = b"".join(parts)
    return wav_header(len(body)) + body, WAV


def wav_header(size: int) -> bytes:
    """The 44 bytes before `size` bytes of 16-bit stereo samples."""
    layout = struct.pack("<HHIIHH", 1, 2, RATE, RATE * 4, 4, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + size)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + layout
        + b"data"
        + struct.pack("<I", size)
    )


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
