"""The score as a standard MIDI file, one track an instrument, drums on channel 10."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from whisul_tui.studio.engine.score import Metre, Score, Track

TICKS = 480  # a quarter

_PROGRAMS = {
    "piano": 0,
    "felt piano": 0,
    "house piano": 1,
    "rhodes": 4,
    "organ": 16,
    "accordion": 21,
    "harmonica": 22,
    "nylon guitar": 24,
    "steel guitar": 25,
    "clean guitar": 27,
    "muted guitar": 28,
    "distorted guitar": 30,
    "distorted guitar 2": 30,
    "lead guitar": 29,
    "ukulele": 24,
    "banjo": 105,
    "mandolin": 25,
    "sitar": 104,
    "harp": 46,
    "koto": 107,
    "upright bass": 32,
    "soft bass": 33,
    "picked bass": 34,
    "slap bass": 36,
    "808": 38,
    "saw bass": 38,
    "synth bass": 38,
    "reese bass": 39,
    "acid": 87,
    "triangle bass": 38,
    "violin": 40,
    "cello": 42,
    "strings": 48,
    "low strings": 48,
    "spiccato": 45,
    "choir": 52,
    "trumpet": 56,
    "muted trumpet": 59,
    "horn": 60,
    "brass": 61,
    "synth brass": 62,
    "saxophone": 65,
    "oboe": 68,
    "clarinet": 71,
    "flute": 73,
    "pulse lead": 80,
    "pulse arp": 80,
    "thin pulse": 80,
    "synth lead": 81,
    "supersaw": 81,
    "warm pad": 89,
    "air pad": 88,
    "glass pad": 92,
    "dark pad": 95,
    "drone": 95,
    "pluck": 81,
    "synth stab": 81,
    "bell": 14,
    "music box": 10,
    "vibraphone": 11,
    "marimba": 12,
    "kalimba": 108,
    "steel pan": 114,
}
_DRUMS = {
    "k": 36,
    "s": 38,
    "c": 39,
    "h": 42,
    "o": 46,
    "r": 51,
    "p": 63,
    "a": 49,
    "m": 50,
    "f": 47,
    "g": 43,
    "t": 41,
    "l": 36,
}
_SHARPS = {0: 0, 7: 1, 2: 2, 9: 3, 4: 4, 11: 5, 6: 6, 1: -5, 8: -4, 3: -3, 10: -2, 5: -1}

_Event = tuple[int, int, bytes]  # tick, order at one tick, message


def midi_bytes(score: Score) -> bytes:
    """A format 1 file: tempo, metre, key and section names in the first track."""
    tracks = [_conductor(score)]
    melodic = [channel for channel in range(16) if channel != 9]
    tracks += [_instrument(track, melodic[number % 15]) for number, track in enumerate(score.tracks)]
    if score.hits:
        strokes: list[_Event] = []
        for hit in score.hits:
            strokes += _note(9, _DRUMS.get(hit.voice, 37), hit.beat, 0.1, hit.velocity)
        tracks.append(_chunk([_name("drums"), *strokes]))
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), TICKS) + b"".join(tracks)


def _conductor(score: Score) -> bytes:
    spec = score.spec
    events = [
        _name(score.title),
        (0, 0, b"\xff\x51\x03" + struct.pack(">I", round(spec.quarter * 1_000_000))[1:]),
        (0, 0, _metre(spec.bar)),
    ]
    relative = (spec.key + (3 if spec.mode not in ("major", "lydian", "mixolydian") else 0)) % 12
    minor = 0 if relative == spec.key else 1
    events.append((0, 0, b"\xff\x59\x02" + struct.pack(">bB", _SHARPS[relative], minor)))
    for section in score.sections:
        name = section.kind.encode("ascii")
        events.append((_tick(section.first_bar * spec.bar.beats), 0, b"\xff\x06" + bytes([len(name)]) + name))
    return _chunk(events)


def _metre(metre: Metre) -> bytes:
    above, below = metre.name.split("/")
    return b"\xff\x58\x04" + bytes([int(above), int(below).bit_length() - 1, 24, 8])


def _instrument(track: Track, channel: int) -> bytes:
    events: list[_Event] = [_name(track.name), (0, 0, bytes([0xC0 | channel, _PROGRAMS.get(track.instrument, 0)]))]
    events.append((0, 0, bytes([0xB0 | channel, 10, round(64 + 63 * max(-1.0, min(1.0, track.pan)))])))
    for note in track.notes:
        events += _note(channel, note.pitch, note.beat, note.length, note.velocity)
    return _chunk(events)


def _note(channel: int, pitch: int, beat: float, length: float, velocity: float) -> list[_Event]:
    start = max(0, _tick(beat))
    strength = max(1, min(127, round(velocity * 127)))
    key = max(0, min(127, pitch))
    return [
        (start, 2, bytes([0x90 | channel, key, strength])),
        (max(start + 1, _tick(beat + length)), 1, bytes([0x80 | channel, key, 0])),
    ]


def _name(text: str) -> _Event:
    raw = text.encode("utf-8", "replace")[:120]
    return (0, 0, b"\xff\x03" + bytes([len(raw)]) + raw)


def _tick(beat: float) -> int:
    return round(beat * TICKS)


def _chunk(events: Iterable[_Event]) -> bytes:
    body = bytearray()
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        body += _variable(tick - now) + message
        now = tick
    body += b"\x00\xff\x2f\x00"
    return b"MTrk" + struct.pack(">I", len(body)) + bytes(body)


def _variable(value: int) -> bytes:
    groups = [value & 127]
    while value := value >> 7:
        groups.append(value & 127 | 128)
    return bytes(reversed(groups))
