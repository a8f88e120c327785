"""FLAC: a decoder of its own, written from the format's description, gets back every sample."""

from __future__ import annotations

import io

import numpy as np
import pytest
from mutagen.flac import FLAC

from whisul_tui.studio.engine import compose
from whisul_tui.studio.engine.composing import compose_score
from whisul_tui.studio.engine.files.checksums import crc8, crc16
from whisul_tui.studio.engine.files.flac import BLOCK, Flac
from whisul_tui.studio.engine.reading import parse
from whisul_tui.studio.engine.score import score_hash


class Bits:
    """Reads numbers of so many bits from bytes."""

    def __init__(self, data: bytes) -> None:
        self._bits = "".join(f"{byte:08b}" for byte in data)
        self.at = 0

    def number(self, width: int) -> int:
        self.at += width
        return int(self._bits[self.at - width : self.at] or "0", 2)

    def signed(self, width: int) -> int:
        value = self.number(width)
        return value - (1 << width) if value >> (width - 1) else value

    def zeros(self) -> int:
        found = self._bits.index("1", self.at) - self.at
        self.at += found + 1
        return found


def subframe(bits: Bits, count: int, width: int) -> list[int]:
    """One channel of a frame."""
    kind = bits.number(8) >> 1
    if kind == 0:
        return [bits.signed(width)] * count
    order = kind - 8
    samples = [bits.signed(width) for _ in range(order)]
    assert bits.number(2) == 0
    partitions = 1 << bits.number(4)
    residual: list[int] = []
    for place in range(partitions):
        parameter = bits.number(4)
        for _ in range(count // partitions - (order if place == 0 else 0)):
            folded = bits.zeros() << parameter | (bits.number(parameter) if parameter else 0)
            residual.append(folded >> 1 if folded % 2 == 0 else -(folded >> 1) - 1)
    factors = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]][order]
    for left in residual:
        samples.append(left + sum(factor * samples[-1 - back] for back, factor in enumerate(factors)))
    return samples


def decoded(raw: bytes) -> np.ndarray:
    """The samples (n, 2) of a file whose frames are whole but for the last."""
    at, last = 4, False
    while not last:
        last, size = bool(raw[at] & 0x80), int.from_bytes(raw[at + 1 : at + 4], "big")
        at += 4 + size
    parts = []
    while at < len(raw):
        head = raw[at : at + 16]
        assert head[:2] == b"\xff\xf8"
        tail = 5  # the frame's number is one byte: there are fewer than 128
        count = BLOCK
        if head[2] >> 4 == 7:
            count = int.from_bytes(head[tail : tail + 2], "big") + 1
            tail += 2
        assert crc8(head[:tail]) == head[tail]
        bits = Bits(raw[at + tail + 1 : at + 80_000])
        apart = head[3] >> 4 == 1
        left = subframe(bits, count, 16)
        right = subframe(bits, count, 16 if apart else 17)
        if not apart:
            right = [one - other for one, other in zip(left, right, strict=True)]
        end = at + tail + 1 + -(-bits.at // 8)
        assert crc16(raw[at:end]) == int.from_bytes(raw[end : end + 2], "big")
        parts.append(np.array([left, right]).T)
        at = end + 2
    return np.concatenate(parts)


def hard(count: int) -> np.ndarray:
    """Tones, silence, noise at full scale, opposite channels: (count, 2)."""
    generator = np.random.default_rng(1)
    moment = np.arange(count)
    sine = 9000 * np.sin(moment / 30) + generator.normal(0, 90, count)
    wave = np.stack([sine, sine + generator.normal(0, 90, count)], axis=1)
    wave[BLOCK + 100 : 2 * BLOCK + 3000] = 0
    wave[2 * BLOCK : 2 * BLOCK + 200, 0] = generator.choice([-32_768, 32_767], 200)
    wave[2 * BLOCK : 2 * BLOCK + 200, 1] = -wave[2 * BLOCK : 2 * BLOCK + 200, 0] - 1
    return wave.astype(np.int16)


@pytest.mark.parametrize("count", [1, 3, 256, 2 * BLOCK + 777, 3 * BLOCK])
def test_every_sample_comes_back(count: int) -> None:
    samples = hard(max(count, 3 * BLOCK))[-count:]
    flac = Flac()
    for start in range(0, count, 5000):
        flac.encode(samples[start : start + 5000])
    raw = flac.finish({"TITLE": "Ünder"}, b"\xff\xd8cover", "image/jpeg")
    assert (decoded(raw) == samples).all()
    found = FLAC(io.BytesIO(raw))
    assert (found.info.total_samples, found.info.sample_rate, found.info.bits_per_sample) == (count, 44_100, 16)
    assert found["title"] == ["Ünder"]
    assert found.pictures[0].data == b"\xff\xd8cover"


def test_the_checksums_are_those_of_the_catalogue() -> None:
    assert crc8(b"123456789") == 0xF4
    assert crc16(b"123456789") == 0xFEE8
    assert crc16(b"123456789" + bytes(600)) != crc16(b"123456789")


def test_a_prompt_that_wants_flac_gets_the_same_song_as_flac() -> None:
    song = compose("chiptune, 10 seconds, as FLAC", 1, lambda stage, share: None)
    assert song.audio_type == "audio/flac"
    found = FLAC(io.BytesIO(song.audio))
    assert found.info.total_samples == 441_000
    assert found["score"] == [song.score_hash]
    assert found.pictures[0].data == song.cover
    assert song.score_hash == score_hash(compose_score(parse("chiptune, 10 seconds", 1)))
