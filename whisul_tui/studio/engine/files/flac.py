"""FLAC in numpy: fixed predictors and Rice codes, a few seconds of samples at a time. Shapes: samples are (n, 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from whisul_tui.studio.engine.files.checksums import crc8, crc16
from whisul_tui.studio.engine.sound.signal import RATE

Numbers = npt.NDArray[np.int64]

BLOCK = 4096  # samples a frame
_PARTITION = 256  # samples that share a Rice parameter
_ORDERS = 5  # fixed predictors of order 0 to 4
_MOST = 14  # the largest Rice parameter of four bits; 15 is an escape
_BITS = 16


class Flac:
    """Takes samples as they come; `finish` gives the whole file."""

    def __init__(self) -> None:
        self._rest = np.zeros((0, 2), np.int16)
        self._frames: list[bytes] = []
        self._count = 0
        self._digest = hashlib.md5(usedforsecurity=False)

    def encode(self, samples: npt.NDArray[np.int16]) -> None:
        """Adds 16-bit stereo samples (n, 2)."""
        self._digest.update(np.ascontiguousarray(samples, "<i2").tobytes())
        self._count += samples.shape[0]
        self._rest = np.concatenate([self._rest, samples])
        while self._rest.shape[0] >= BLOCK:
            self._add(self._rest[:BLOCK])
            self._rest = self._rest[BLOCK:]

    def finish(self, comments: Mapping[str, str], cover: bytes, cover_type: str) -> bytes:
        """The file: stream info, comments, the cover as front picture, the frames."""
        if self._rest.shape[0]:
            self._add(self._rest)
        sizes = [len(frame) for frame in self._frames] or [0]
        info = BLOCK.to_bytes(2, "big") * 2 + min(sizes).to_bytes(3, "big") + max(sizes).to_bytes(3, "big")
        info += ((RATE << 44) | (1 << 41) | ((_BITS - 1) << 36) | self._count).to_bytes(8, "big")
        blocks = [(0, info + self._digest.digest()), (4, _comments(comments))]
        if cover:
            blocks.append((6, _picture(cover, cover_type)))
        head = b"".join(
            bytes([kind | (0x80 if place == len(blocks) - 1 else 0)]) + len(body).to_bytes(3, "big") + body
            for place, (kind, body) in enumerate(blocks)
        )
        return b"fLaC" + head + b"".join(self._frames)

    def _add(self, block: npt.NDArray[np.int16]) -> None:
        self._frames.append(_frame(block, len(self._frames)))


def _frame(block: npt.NDArray[np.int16], number: int) -> bytes:
    """One frame: header, a subframe a channel, checksum. Near-equal channels are stored as left and difference."""
    left, right = block[:, 0].astype(np.int64), block[:, 1].astype(np.int64)
    side = left - right
    apart = int(np.abs(np.diff(right)).sum()) <= int(np.abs(np.diff(side)).sum())
    count = block.shape[0]
    whole = count == BLOCK
    # Sync and fixed block size; size code 12 (4096) or 7 (16 bits at the end); 44.1 kHz; channels; 16 bits.
    head = bytes([0xFF, 0xF8, (0xC0 if whole else 0x70) | 9, (0x10 if apart else 0x80) | 0x08]) + _utf8(number)
    if not whole:
        head += (count - 1).to_bytes(2, "big")
    head += bytes([crc8(head)])
    channels = [(left, _BITS), (right, _BITS)] if apart else [(left, _BITS), (side, _BITS + 1)]
    bits = np.concatenate([part for signal, width in channels for part in _subframe(signal, width)])
    frame = head + np.packbits(bits).tobytes()
    return frame + crc16(frame).to_bytes(2, "big")


def _subframe(signal: Numbers, width: int) -> Iterator[npt.NDArray[np.uint8]]:
    """The bits of one channel in one frame."""
    count = signal.size
    if (signal == signal[0]).all():
        yield _word(0, 8)
        yield _word(int(signal[0]), width)
        return
    residuals = [signal]
    for _ in range(1, min(_ORDERS, count)):
        residuals.append(np.diff(residuals[-1]))
    order = min(range(len(residuals)), key=lambda place: int(np.abs(residuals[place]).sum()))
    partitions = count // _PARTITION if count % _PARTITION == 0 and (count // _PARTITION).bit_count() == 1 else 1
    yield _word((8 | order) << 1, 8)
    for sample in signal[:order]:
        yield _word(int(sample), width)
    yield _word(0, 2)
    yield _word(partitions.bit_length() - 1, 4)
    yield _rice(residuals[order], count // partitions, order)


def _rice(residual: Numbers, size: int, order: int) -> npt.NDArray[np.uint8]:
    """Rice codes, a parameter before each partition; the first one is short by the predictor's order."""
    folded = np.where(residual >= 0, 2 * residual, -2 * residual - 1)
    starts = np.arange(-order, folded.size, size).clip(0)
    counts = np.diff(np.append(starts, folded.size))
    means = np.add.reduceat(folded, starts) / counts
    parameters = np.ceil(np.log2(np.maximum((means + 0.5) * np.log(2), 1.0))).astype(np.int64).clip(0, _MOST)
    every = np.repeat(parameters, counts)
    lengths = (folded >> every) + 1 + every
    lengths[starts] += 4  # the partition's parameter stands before its first code
    ends = np.cumsum(lengths)
    bits = np.zeros(int(ends[-1]), np.uint8)
    values = (folded & ((1 << every) - 1)) | (1 << every)
    for place in range(int(every.max()) + 1):
        found = every >= place
        bits[ends[found] - 1 - place] = (values[found] >> place) & 1
    begins = ends[starts] - lengths[starts]
    for place in range(4):
        bits[begins + place] = (parameters >> (3 - place)) & 1
    return bits


def _word(value: int, width: int) -> npt.NDArray[np.uint8]:
    return (((value & ((1 << width) - 1)) >> np.arange(width - 1, -1, -1)) & 1).astype(np.uint8)


def _utf8(number: int) -> bytes:
    """A frame number, written as UTF-8 writes a character, past what characters there are."""
    if number < 0x80:
        return bytes([number])
    tail: list[int] = []
    room = 0x40
    while number >= room:
        tail.insert(0, 0x80 | number & 0x3F)
        number >>= 6
        room >>= 1
    return bytes([(0xFF ^ (2 * room - 1)) & 0xFF | number, *tail])


def _comments(fields: Mapping[str, str]) -> bytes:
    texts = [f"{name}={value}".encode() for name, value in fields.items() if value]
    vendor = b"whisul-tui studio"
    body = len(vendor).to_bytes(4, "little") + vendor + len(texts).to_bytes(4, "little")
    return body + b"".join(len(text).to_bytes(4, "little") + text for text in texts)


def _picture(cover: bytes, kind: str) -> bytes:
    mime = kind.encode("ascii")
    plain = (0).to_bytes(4, "big")
    head = (3).to_bytes(4, "big") + len(mime).to_bytes(4, "big") + mime + plain
    return head + plain * 4 + len(cover).to_bytes(4, "big") + cover
