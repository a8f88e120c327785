"""The instruments by name: how each sounds, as data."""

# ruff: noqa: E501 - a table is read by the line: one instrument, one line

from __future__ import annotations

from typing import Protocol

import numpy as np

from whisul_tui.studio.engine.sound.ensembles import Ensemble
from whisul_tui.studio.engine.sound.signal import HALF_RATE, RATE, Signal
from whisul_tui.studio.engine.sound.strings import DistortedGuitar, Piano, Plucked
from whisul_tui.studio.engine.sound.synths import Acid, Bars, Chip, SubBass, SynthBass, SynthPluck
from whisul_tui.studio.engine.sound.winds import Solo


class Instrument(Protocol):
    """Anything that sounds a note: pitch (MIDI), length in seconds, velocity from 0 to 1."""

    def sound(self, pitch: int, seconds: float, velocity: float, generator: np.random.Generator) -> Signal:
        """One note, mono or stereo, its release included."""


_BODY = ((500, 500, 1.0), (1500, 900, 0.7), (3600, 1800, 0.4))

INSTRUMENTS: dict[str, Instrument] = {
    "piano": Piano(),
    "felt piano": Piano(0.16, 0.7),
    "house piano": Piano(0.0, 1.3, 2.0),
    "rhodes": Bars((1, 2, 3, 4, 5, 7.05, 14.2), (1, 0.4, 0.16, 0.09, 0.05, 0.1, 0.035), (0.52, 0.79, 1.0, 1.26, 1.57, 4.7, 11.5), 0.85, 48, 20, 0.5, tail=0.28, attack=0.003, drive=1.4),
    "organ": Bars((0.5, 1, 1.5, 2, 3, 4, 6, 8), (0.5, 1, 0.4, 0.55, 0.3, 0.25, 0.12, 0.1), (0.001,) * 8, 0.0, 60, 300, 2.6, tail=0.08, attack=0.006, spread=0.6),
    "accordion": Bars((1, 2, 3, 4, 5, 6, 8), (1, 0.7, 0.55, 0.4, 0.25, 0.2, 0.1), (0.001,) * 7, 0.3, 60, 300, 6.0, tail=0.1, attack=0.03, spread=0.4),
    "nylon guitar": Plucked(0.22, 0.07, 3.2, 22, 0.12, 0.006, least=0.5),
    "steel guitar": Plucked(0.13, 0.022, 4.5, 24, 0.07, 0.0022, least=0.6),
    "clean guitar": Plucked(0.16, 0.05, 4.0, 24, 0.08, 0.004, least=0.4, detune=2.0, drive=1.6),
    "muted guitar": Plucked(0.14, 0.04, 0.35, 40, 0.1, 0.004, centre=60, least=0.12, detune=2.0, tail=0.1, drive=1.5),
    "harpsichord": Plucked(0.08, 0.012, 2.4, 24, 0.06, 0.0015, centre=55, least=0.3, pick=0.3, octave=0.4),
    "ukulele": Plucked(0.25, 0.06, 1.4, 24, 0.15, 0.006, centre=60, least=0.3),
    "banjo": Plucked(0.09, 0.015, 1.0, 26, 0.05, 0.002, centre=60, least=0.3, pick=0.3),
    "mandolin": Plucked(0.11, 0.02, 1.8, 24, 0.07, 0.003, centre=62, least=0.3, detune=5.0),
    "sitar": Plucked(0.06, 0.004, 4.5, 26, 0.03, 0.0008, least=0.6, drive=2.2),
    "harp": Plucked(0.3, 0.05, 3.5, 20, 0.2, 0.01, centre=55, least=1.2),
    "koto": Plucked(0.08, 0.03, 2.2, 22, 0.12, 0.005, centre=55, least=0.7, pick=0.25),
    "upright bass": Plucked(0.3, 0.13, 2.2, 1e6, 0.28, 0.02, detune=0.4, tail=0.12, drive=2.2),
    "soft bass": Plucked(0.35, 0.3, 2.6, 1e6, 0.3, 0.02, detune=0.4, tail=0.1, drive=1.6),
    "picked bass": Plucked(0.12, 0.045, 3.2, 1e6, 0.1, 0.005, detune=0.5, tail=0.06, drive=2.4),
    "slap bass": Plucked(0.09, 0.02, 2.0, 1e6, 0.12, 0.006, detune=0.5, tail=0.06, drive=2.6, pick=0.45),
    "distorted guitar": DistortedGuitar(4600, 1),
    "distorted guitar 2": DistortedGuitar(5100, -1),
    "lead guitar": Solo(50, 0.7, speed=5.6, vibrato=0.3, wait=0.35, scoop=0.8, breath=0.01, attack=0.005, release=0.12, drive=5.0),
    "synth lead": Solo(60, 1.0, 0.05, 0.0, 5.5, 0.18, 0.2, 0.6, attack=0.008, release=0.12, players=2),
    "saxophone": Solo(40, 0.7, 0.045, 1.4, 5.2, 0.22, 0.3, 0.9, 0.05, (900, 6000), 0.035, 0.09, ((520, 350, 1.0), (1300, 600, 0.7), (2600, 900, 0.35))),
    "trumpet": Solo(40, 0.5, 0.06, 1.4, 5.4, 0.15, 0.35, 0.4, 0.015, (1500, 6000), 0.025, 0.07, ((1200, 900, 1.0), (2600, 1200, 0.6))),
    "muted trumpet": Solo(40, 0.3, 0.03, 1.0, 5.2, 0.18, 0.3, 0.5, 0.02, (1500, 7000), 0.03, 0.07, ((1500, 500, 1.0), (3200, 900, 0.5))),
    "clarinet": Solo(30, 0.9, 0.06, 1.0, 5.0, 0.1, 0.4, 0.3, 0.02, (1500, 6000), 0.04, 0.09, odd=0.25),
    "oboe": Solo(36, 0.6, 0.05, 1.0, 5.4, 0.16, 0.25, 0.2, 0.015, (2000, 7000), 0.04, 0.09, ((1100, 500, 1.0), (2700, 900, 0.6))),
    "flute": Solo(6, 1.9, 0.02, 0.5, 5.0, 0.16, 0.25, 0.15, 0.06, (1800, 9000), 0.05, 0.1),
    "harmonica": Solo(34, 0.6, 0.04, 1.0, 4.8, 0.2, 0.2, 0.5, 0.02, (1500, 7000), 0.03, 0.08, ((900, 500, 1.0), (2400, 800, 0.7)), players=2),
    "violin": Solo(45, 0.95, 0.01, 1.0, 5.7, 0.28, 0.18, 0.2, 0.015, (2000, 9000), 0.07, 0.16, ((480, 300, 0.9), (1100, 500, 0.7), (3000, 1200, 0.6))),
    "cello": Solo(45, 0.9, 0.02, 1.0, 5.2, 0.24, 0.2, 0.2, 0.012, (1500, 6000), 0.08, 0.18, ((250, 200, 1.0), (600, 350, 0.8), (1500, 800, 0.5))),
    "horn": Solo(30, 0.6, 0.11, 1.0, 4.6, 0.08, 0.4, 0.3, 0.01, (500, 2500), 0.07, 0.18, ((450, 300, 1.0), (900, 500, 0.5)), players=2),
    "strings": Ensemble(6, 9, 1.05, 34, 0.22, 0.45, _BODY, soften=0.3),
    "low strings": Ensemble(5, 7, 1.0, 40, 0.12, 0.35, ((250, 250, 1.0), (700, 500, 0.8), (2000, 1200, 0.35)), spread=0.5),
    "spiccato": Ensemble(5, 8, 0.9, 36, 0.008, 0.12, ((500, 500, 1.0), (1500, 900, 0.8), (3600, 1800, 0.6)), decay=7.0, short=0.22),
    "choir": Ensemble(6, 13, 0.7, 36, 0.35, 0.7, ((650, 200, 1.0), (1100, 250, 0.6), (2700, 400, 0.22))),
    "brass": Ensemble(4, 6, 0.75, 30, 0.05, 0.22, ((900, 900, 1.0), (2200, 1500, 0.5)), opening=(0.05, 0.018), soften=0.45),
    "synth brass": Ensemble(4, 9, 0.9, 36, 0.015, 0.18, (), 8000, opening=(0.01, 0.006), decay=0.4),
    "warm pad": Ensemble(5, 11, 1.75, 20, 0.5, 0.9, (), 3500, opening=(0.2, 0.12)),
    "air pad": Ensemble(6, 14, 1.35, 28, 1.2, 2.2, (), 7000, opening=(0.6, 0.25)),
    "glass pad": Ensemble(6, 10, 1.1, 24, 0.9, 2.0, ((900, 500, 1.0), (3200, 1500, 0.8)), 9000, opening=(0.4, 0.1)),
    "dark pad": Ensemble(5, 12, 1.5, 30, 0.8, 1.4, (), 2500, opening=(0.4, 0.2), octave=-1),
    "supersaw": Ensemble(7, 15, 1.0, 44, 0.06, 0.45, (), 7500, opening=(0.03, 0.012)),
    "drone": Ensemble(3, 6, 1.7, 16, 1.5, 2.5, (), 1500, 0.4, opening=(0.5, 0.3)),
    "pluck": SynthPluck(3, 9, 34, 3.5, 0.75),
    "synth stab": SynthPluck(4, 12, 40, 5.5, 1.0, 0.9, 0.35, 9000),
    "bell": Bars((1, 2.0, 2.76, 4.07, 5.43, 8.2, 11.3), (1, 0.45, 0.3, 0.22, 0.12, 0.09, 0.05), (1.3, 1.9, 2.7, 4.0, 6.0, 8.8, 12.8), 0.5, 72, 30, least=0.6, tail=1.2, spread=0.5),
    "music box": Bars((1, 3.0, 5.4, 8.9), (1, 0.18, 0.3, 0.1), (2.2, 3.5, 7.0, 12.0), 0.5, 72, 24, least=0.5, tail=0.9, spread=0.3),
    "vibraphone": Bars((1, 1.002, 4.0, 10.0, 6.3), (0.6, 0.4, 0.22, 0.06, 0.05), (1.5, 1.3, 4.0, 14.0, 10.0), 0.8, 60, 60, tail=0.7),
    "marimba": Bars((1, 3.93, 9.2), (0.7, 0.3, 0.1), (5.0, 12.0, 26.0), 0.7, 60, 40, least=0.4, tail=0.4, spread=0.3),
    "kalimba": Bars((1, 2.0, 5.7, 8.4), (0.9, 0.12, 0.2, 0.06), (3.0, 5.0, 14.0, 20.0), 0.6, 66, 30, least=0.4, tail=0.6, spread=0.3),
    "steel pan": Bars((1, 2.0, 3.0, 4.1, 5.2), (0.8, 0.6, 0.25, 0.15, 0.1), (3.2, 3.6, 5.5, 8.0, 10.0), 0.6, 64, 30, 3.0, least=0.3, tail=0.5),
    "808": SubBass(),
    "saw bass": SynthBass(),
    "synth bass": SynthBass(50, 0.95, 2.5, 0.5),
    "reese bass": SynthBass(40, 0.95, 0.3, 0.02, 4, 16, 1.8, 1800, 0.06),
    "acid": Acid(),
    "pulse lead": Chip(0.5),
    "pulse arp": Chip(0.25),
    "thin pulse": Chip(0.125),
    "triangle bass": Chip(0.0),
}  # fmt: skip


def rate_of(name: str) -> int:
    """The rate an instrument's notes are rendered at: half of what the mix has where nothing is above 10 kHz."""
    return HALF_RATE if isinstance(INSTRUMENTS[name], Ensemble) else RATE
