"""The two checksums of a FLAC frame."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

_SPAN = 256  # bytes that are summed up at once


def crc8(data: bytes) -> int:
    """CRC-8 with polynomial 0x07."""
    table = _table(0x07, 8)
    value = 0
    for byte in data:
        value = table[value ^ byte]
    return value


def crc16(data: bytes) -> int:
    """CRC-16 with polynomial 0x8005.

    A checksum is linear: what a byte adds depends on it and its distance from the end alone, so that a span of bytes is
    one lookup in a table of both; only from span to span it is carried on.
    """
    weights = _weights()
    spans = np.frombuffer(bytes(-len(data) % _SPAN) + data, np.uint8).reshape(-1, _SPAN)
    sums = np.bitwise_xor.reduce(weights[np.arange(_SPAN - 1, -1, -1), spans], axis=1)
    high, low = _carries()
    value = 0
    for part in sums.tolist():
        value = high[value >> 8] ^ low[value & 0xFF] ^ part
    return value


@lru_cache(maxsize=1)
def _weights() -> npt.NDArray[np.uint16]:
    """What a byte adds to the checksum with so many bytes after it: (_SPAN, 256)."""
    table = np.array(_table(0x8005, 16), np.uint16)
    rows = [table]
    for _ in range(_SPAN - 1):
        rows.append((rows[-1] << 8) ^ table[rows[-1] >> 8])
    return np.stack(rows)


@lru_cache(maxsize=1)
def _carries() -> tuple[list[int], list[int]]:
    """What the upper and the lower half of a checksum become a span later."""
    weights = _weights()
    return weights[_SPAN - 1].tolist(), weights[_SPAN - 2].tolist()


@lru_cache(maxsize=2)
def _table(polynomial: int, width: int) -> list[int]:
    """What each byte alone adds."""
    top, mask = 1 << (width - 1), (1 << width) - 1
    table = []
    for byte in range(256):
        value = byte << (width - 8)
        for _ in range(8):
            value = (value << 1 ^ polynomial if value & top else value << 1) & mask
        table.append(value)
    return table
