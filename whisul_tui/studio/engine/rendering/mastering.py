"""Mastering: tape and drive, loudness to the genre's target, a look-ahead limiter that keeps the true peak."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from whisul_tui.studio.engine.genres.model import Mastering
from whisul_tui.studio.engine.rendering.loudness import HOP, hop_energies, integrated
from whisul_tui.studio.engine.score import Score
from whisul_tui.studio.engine.sound.signal import RATE, Numbers, Signal

Pcm = npt.NDArray[np.int16]

CEILING = 10 ** (-3.2 / 20)  # the encoder adds nearly two decibels at the worst
_CHUNK = HOP * 32  # fits the cache: whole-song temporaries cost five times as much
_REACH = 256  # samples a wavering tape looks back at most
_GROUP = 32  # samples that share one gain
_DRIVE_AT = -16.0  # LUFS at which the saturation is calibrated

Check = Callable[[float], None]


class Master:
    """A mixed song (2, n) made final in place; `chunks` then gives it out as 16-bit samples."""

    def __init__(self, mix: Signal, score: Score, sound: Mastering, check: Check) -> None:
        self._wave = mix
        self._target = sound.loudness
        if sound.wow:
            _flutter(mix, sound.wow, check)
        self._fade(score)
        peaks, energies = self._drive(sound.drive, check)
        self._gain, self._curve = self._limit(peaks, energies)

    @property
    def gain(self) -> float:
        """The factor from the driven mix to the master, without the limiter."""
        return self._gain

    def chunks(self) -> Iterator[Pcm]:
        """The samples (n, 2) in order, a few seconds at a time."""
        curve = np.concatenate([self._curve[:1], self._curve, self._curve[-1:]]).astype(np.float32)
        ramp = (np.arange(_GROUP, dtype=np.float32) + np.float32(0.5)) / np.float32(_GROUP)
        for start in range(0, self._wave.shape[1], _CHUNK):
            part = self._wave[:, start : start + _CHUNK]
            first, last = start // _GROUP, -(-(start + part.shape[1]) // _GROUP)
            low = (curve[first:last] + curve[first + 1 : last + 1]) * np.float32(0.5)
            high = (curve[first + 1 : last + 1] + curve[first + 2 : last + 2]) * np.float32(0.5)
            gains = (low[:, None] + (high - low)[:, None] * ramp).reshape(-1)[: part.shape[1]]
            part *= gains * np.float32(self._gain)
            np.clip(part, -CEILING, CEILING, out=part)
            yield np.rint(part * np.float32(32_767)).astype(np.int16).T

    def _fade(self, score: Score) -> None:
        wave = self._wave
        rise = int(0.004 * RATE)
        wave[:, :rise] *= np.linspace(0, 1, rise, dtype=np.float32)
        last_beat = int((score.beats * score.spec.quarter + 0.3) * RATE)
        start = max(0, min(max(last_beat, wave.shape[1] - int(2.5 * RATE)), wave.shape[1] - RATE))
        falling = np.maximum(np.cos(np.linspace(0, np.pi / 2, wave.shape[1] - start)), 0) ** 1.2
        wave[:, start:] *= falling.astype(np.float32)

    def _drive(self, drive: float, check: Check) -> tuple[Signal, Numbers]:
        """Saturates in place; the peaks of all groups and the energies of all hops."""
        wave = self._wave
        level = integrated(
            hop_energies(wave[:, : wave.shape[1] // HOP * HOP].reshape(2, -1, HOP)[:, ::3].reshape(2, -1))
        )
        gain = np.float32(10 ** ((_DRIVE_AT - level) / 20) * drive)
        peaks = np.zeros(-(-wave.shape[1] // _GROUP), np.float32)
        energies: list[Numbers] = []
        for start in range(0, wave.shape[1], _CHUNK):
            part = wave[:, start : start + _CHUNK]
            part *= gain
            if drive > 1.01:
                np.tanh(part, out=part)
            part *= np.float32(1 / drive)
            energies.append(hop_energies(part))
            found = _true_peaks(part)
            peaks[start // _GROUP : start // _GROUP + found.size] = found
            check(min(1.0, (start + _CHUNK) / wave.shape[1]))
        if not np.isfinite(peaks).all():
            raise FloatingPointError("the mix is not finite")
        return peaks, np.concatenate(energies)

    def _limit(self, peaks: Signal, energies: Numbers) -> tuple[float, Signal]:
        """Gain and limiting curve that together meet the loudness target, found in a few rounds."""
        level = integrated(energies)
        gain = 10 ** ((self._target - level) / 20) if level > -70 else 1.0
        width = int(0.006 * RATE / _GROUP)
        window = np.hanning(2 * width + 3)[1:-1]
        window /= window.sum()
        groups = HOP // _GROUP
        for _ in range(6):
            need = np.minimum(1.0, CEILING / np.maximum(peaks * gain, 1e-6))
            curve = np.convolve(np.pad(_lowest(need, width), width, mode="edge"), window, "valid")
            hops = min(curve.size // groups, energies.size)
            # What is limited is what is loud: the gain of a hop is that of its loud groups.
            weights = peaks[: hops * groups].reshape(hops, groups) ** 2 + 1e-12
            held = (curve[: hops * groups].reshape(hops, groups) ** 2 * weights).sum(1) / weights.sum(1)
            missing = self._target - integrated(energies[:hops] * gain**2 * held)
            if abs(missing) < 0.03 or level <= -70:
                break
            gain *= 10 ** (min(1.5, missing) / 20)
        return float(gain), curve.astype(np.float32)


def _true_peaks(part: Signal) -> Signal:
    """The highest sample or half-sample point of every group."""
    size = np.abs(part).max(0)
    if part.shape[1] > 6:
        between = (part[:, 2:-3] + part[:, 3:-2]) * np.float32(0.6105)
        between += (part[:, 1:-4] + part[:, 4:-1]) * np.float32(-0.1465)
        between += (part[:, :-5] + part[:, 5:]) * np.float32(0.0360)
        size[2:-3] = np.maximum(size[2:-3], np.abs(between).max(0))
    if size.size % _GROUP:
        size = np.pad(size, (0, _GROUP - size.size % _GROUP))
    return np.asarray(size.reshape(-1, _GROUP).max(1))


def _lowest(values: npt.NDArray[Any], width: int) -> npt.NDArray[Any]:
    """The lowest value within `width` places either way, by doubling windows."""
    current = np.pad(values, width, constant_values=1.0)
    reach, wanted = 1, 2 * width + 1
    while reach * 2 <= wanted:
        current = np.minimum(current[:-reach], current[reach:])
        reach *= 2
    rest = wanted - reach
    return np.minimum(current[:-rest], current[rest:]) if rest else current


def _flutter(wave: Signal, depth: float, check: Check) -> None:
    """Tape: the speed wavers slowly and a little fast, in place. `depth` is the share of the speed."""
    count = wave.shape[1]
    before = np.zeros((2, _REACH), np.float32)  # the samples ahead of a chunk as they were
    for start in range(0, count, _CHUNK):
        end = min(count, start + _CHUNK)
        source = np.concatenate([before, wave[:, start : min(count, end + 4)]], axis=1)
        before = wave[:, end - _REACH : end].copy()
        coarse = np.arange(0, end - start + _GROUP, _GROUP)
        moment = (start + coarse) / RATE
        slow = np.sin(2 * np.pi * 0.55 * moment) / (2 * np.pi * 0.55)
        quick = 0.35 * np.sin(2 * np.pi * 6.1 * moment) / (2 * np.pi * 6.1)
        at = np.arange(end - start)
        where = at + _REACH - 20 - np.interp(at, coarse, depth * RATE * (slow + quick))
        index = np.minimum(where.astype(np.int32), source.shape[1] - 2)
        share = (where - index).astype(np.float32)
        for channel in (0, 1):
            line = source[channel]
            wave[channel, start:end] = line[index] * (1 - share) + line[index + 1] * share
        check(0.0)
