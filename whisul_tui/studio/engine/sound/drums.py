"""Drum strokes, each made once a song."""

from __future__ import annotations

import numpy as np

from whisul_tui.studio.engine.sound.additive import Partials
from whisul_tui.studio.engine.sound.signal import (
    RATE,
    Signal,
    band,
    envelope,
    fading,
    noise,
    saturated,
    seconds_axis,
    shaped,
)

Generator = np.random.Generator


def kick(
    generator: Generator,
    low: float = 48,
    high: float = 180,
    fall: float = 0.03,
    decay: float = 0.28,
    click: float = 0.35,
    drive: float = 1.6,
    seconds: float = 0.5,
) -> Signal:
    """A sine falling from high to low, with a click."""
    count = int(seconds * RATE)
    moment = seconds_axis(count)
    phase = 2 * np.pi * np.cumsum(low + (high - low) * np.exp(-moment / fall)) / RATE
    wave = np.tanh(np.sin(phase) * np.exp(-moment / decay) * drive).astype(np.float32)
    wave[:500] += shaped(noise(500, generator), band(800, 6000)) * fading(500, 70) * np.float32(click)
    return wave * envelope(count, 0.0005, 0.1)


def snare(
    generator: Generator,
    tones: tuple[float, float] = (185, 330),
    ring: float = 0.09,
    rattle: float = 0.14,
    colour: tuple[float, float] = (900, 9500),
    body: float = 0.6,
    wires: float = 0.8,
    gate: float = 0.0,
) -> Signal:
    """Two skin tones and wires; with `gate` the noise holds and is cut, as in the eighties."""
    count = int(0.5 * RATE)
    moment = seconds_axis(count)
    frequencies = np.array([tones[0], tones[1], tones[0] * 2.3])
    wave = Partials(frequencies, np.array([0.7, 0.4, 0.2]) * body, np.array([1, 1.3, 1.6]) / ring, np.zeros(3)).render(
        count
    )
    shape = np.exp(-moment / rattle)
    if gate:
        shape = np.where(moment < gate, 0.55 + 0.45 * np.exp(-moment / 0.03), 0.6 * np.exp(-(moment - gate) / 0.018))
    wave += shaped(noise(count, generator), band(*colour)) * (shape * wires).astype(np.float32)
    return saturated(wave, 1.3) * envelope(count, 0.0005, 0.05)


def clap(generator: Generator) -> Signal:
    """Three bursts and a tail."""
    count = int(0.4 * RATE)
    moment = seconds_axis(count)
    bursts = sum(np.where(moment >= start, np.exp(-(moment - start) / 0.008), 0) for start in (0, 0.011, 0.022)) * 0.7
    tail = np.where(moment >= 0.03, np.exp(-(moment - 0.03) / 0.09), 0)
    return shaped(noise(count, generator), band(900, 5500)) * ((bursts + tail) * 1.1).astype(np.float32)


def metal(
    generator: Generator, count: int, low: float, high: float, partials: int, decay: float, rise: float, hiss: float
) -> Signal:
    """Many inharmonic partials and hiss: the stuff of hats and cymbals."""
    frequencies = np.exp(generator.uniform(np.log(low), np.log(high), partials))
    levels = generator.uniform(0.4, 1, partials) / np.sqrt(partials)
    wave = Partials(
        frequencies, levels, decay + rise * frequencies / 1000, generator.uniform(0, 6.28, partials)
    ).render(count)
    return wave + shaped(noise(count, generator), band(low * 1.4, 16_000)) * fading(
        count, RATE / (decay * 1.4)
    ) * np.float32(hiss)


def hat(generator: Generator, decay: float = 0.035, cut: float = 7000, seconds: float = 0.18) -> Signal:
    """A hi-hat, closed or, with a long decay, open."""
    count = int(seconds * RATE)
    wave = shaped(metal(generator, count, 3500, 14_000, 40, 1 / decay, 0, 0.6), band(cut, 17_000, 3))
    return wave * envelope(count, 0.0004, 0.02) * np.float32(0.8)


def cymbal(generator: Generator, decay: float = 1.2, seconds: float = 2.6, low: float = 450) -> Signal:
    """A crash, or with a fast decay a ride."""
    count = int(seconds * RATE)
    return metal(generator, count, low, 15_000, 220, decay, 0.35, 0.35) * envelope(count, 0.002, 0.6) * np.float32(0.5)


def tom(generator: Generator, tone: float = 110) -> Signal:
    """A tom."""
    count = int(0.55 * RATE)
    moment = seconds_axis(count)
    phase = 2 * np.pi * np.cumsum(tone * (1 + 0.5 * np.exp(-moment / 0.03))) / RATE
    wave = (np.sin(phase) * np.exp(-moment / 0.16) + 0.25 * np.sin(1.59 * phase) * np.exp(-moment / 0.08)).astype(
        np.float32
    )
    wave[:900] += shaped(noise(900, generator), band(300, 3500)) * fading(900, 200) * np.float32(0.4)
    return saturated(wave, 1.2) * envelope(count, 0.0008, 0.1)


def taiko(generator: Generator, tone: float = 62, seconds: float = 1.5) -> Signal:
    """A big drum in a big room."""
    count = int(seconds * RATE)
    ratios = np.array([1, 1.59, 2.14, 2.30, 2.65, 2.92, 3.5])
    levels = np.array([1, 0.6, 0.45, 0.3, 0.25, 0.2, 0.12])
    wave = Partials(tone * ratios, levels, np.array([3.2, 6, 8, 9, 11, 13, 18.0]), generator.uniform(0, 0.5, 7)).render(
        count
    )
    moment = seconds_axis(count)
    wave += (0.6 * np.sin(2 * np.pi * tone * 0.95 * moment) * np.exp(-moment * 3)).astype(np.float32)
    wave[:2500] += shaped(noise(2500, generator), band(120, 2600)) * fading(2500, 500) * np.float32(0.55)
    return saturated(wave, 1.2) * envelope(count, 0.001, 0.3) * np.float32(0.9)


def shaker(generator: Generator) -> Signal:
    """A shaker's short swish."""
    count = int(0.11 * RATE)
    moment = seconds_axis(count)
    shape = np.minimum(moment / 0.02, 1) * np.exp(-np.maximum(moment - 0.02, 0) / 0.025)
    return shaped(noise(count, generator), band(4500, 13_000, 3)) * (shape * 0.8).astype(np.float32)


def rim(generator: Generator) -> Signal:
    """A stick across the rim."""
    count = int(0.12 * RATE)
    wave = Partials(
        np.array([1650, 820, 2700.0]), np.array([0.5, 0.4, 0.3]), np.array([70, 60, 100.0]), np.zeros(3)
    ).render(count)
    wave += shaped(noise(count, generator), band(1500, 8000)) * fading(count, 200) * np.float32(0.25)
    return wave * envelope(count, 0.0004, 0.02)


def conga(generator: Generator, tone: float = 230) -> Signal:
    """A hand drum."""
    count = int(0.35 * RATE)
    wave = Partials(
        tone * np.array([1, 1.6, 2.2]), np.array([0.8, 0.3, 0.2]), np.array([14, 25, 35.0]), np.zeros(3)
    ).render(count)
    wave += shaped(noise(count, generator), band(400, 3000)) * fading(count, 300) * np.float32(0.2)
    return wave * envelope(count, 0.0006, 0.05)


def cowbell(generator: Generator) -> Signal:
    """Two clashing tones."""
    count = int(0.25 * RATE)
    wave = Partials(
        np.array([562, 845, 1690, 2535.0]), np.array([0.5, 0.5, 0.2, 0.15]), np.array([14, 16, 25, 30.0]), np.zeros(4)
    ).render(count)
    return wave * envelope(count, 0.0005, 0.04)


def burst(generator: Generator, count: int, decay: float) -> Signal:
    """A burst of noise."""
    return noise(count, generator) * fading(count, decay)


def dusty(wave: Signal, low: float = 60, high: float = 6500) -> Signal:
    """A stroke as off an old record."""
    return shaped(saturated(wave, 1.8), band(low, high, 3)) * np.float32(0.85)


def crushed(wave: Signal, step: int, bits: int) -> Signal:
    """A stroke at a low sample rate and few bits."""
    steps = 2 ** (bits - 1)
    held = np.repeat(wave[::step], step)[: wave.size]
    return np.asarray(np.round(held * steps) / steps, dtype=np.float32)
