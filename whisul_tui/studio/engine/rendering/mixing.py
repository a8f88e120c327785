"""The mixer: block by block, every track through its fader, pan and sends into one stereo signal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.rendering.beds import bed, transition
from whisul_tui.studio.engine.rendering.dynamics import Ducking, section_gain
from whisul_tui.studio.engine.rendering.schedule import Event, Sound, schedule_hits, schedule_track, uses
from whisul_tui.studio.engine.rendering.space import BLOCK, FRAME, LATENCY, PingPong, Reverb, room, spectrum, tone
from whisul_tui.studio.engine.score import Score, Track
from whisul_tui.studio.engine.sound.instruments import INSTRUMENTS, rate_of
from whisul_tui.studio.engine.sound.kits import KICKS, KITS, LEVELS, PANS, SENDS
from whisul_tui.studio.engine.sound.levels import INSTRUMENT_LEVELS
from whisul_tui.studio.engine.sound.signal import HALF_RATE, RATE, Signal

_DRUM_GAIN = 0.55
_LEAD_TRIM = 4.0  # dB: instruments are levelled by the note, and chords come by the four
_KEPT_BYTES = 60_000_000  # long pads in many pitches would otherwise fill the memory
_STICKS = 0.10  # reverb send of drum voices that name none


class _Bus:
    """What one block of the tracks at one rate adds up to: every `step`th sample, dry and on its way to the room."""

    def __init__(self, step: int) -> None:
        self.step = step
        self.dry = np.zeros((2, BLOCK // step), np.float32)
        self.send = np.zeros(BLOCK // step, np.float32)


@dataclass(slots=True)
class _Lane:
    """A track on the way through the song: its events, the next one, and those still sounding."""

    track: Track
    events: list[Event]
    rate: int
    next: int = 0
    sounding: list[tuple[Event, Signal]] = field(default_factory=list)


class _Notes:
    """Rendered notes, kept while the song still needs them.

    All uses are known beforehand: when the room for them is full, the one that is needed latest goes.
    """

    def __init__(self, lanes: list[_Lane]) -> None:
        self._uses = uses(event for lane in lanes for event in lane.events)
        self._kept: dict[Sound | str, Signal] = {}
        self._size = 0

    def take(self, sound: Sound, check: Callable[[], None]) -> Signal:
        """The note for its next use; after the last it is forgotten."""
        left = self._uses[sound]
        left.popleft()
        wave = self._kept.get(sound)
        if wave is None:
            check()
            generator = np.random.Generator(np.random.PCG64(Stream(*sound).bits()))
            instrument = INSTRUMENTS[sound.instrument]
            wave = instrument.sound(sound.pitch, sound.length / RATE, (sound.touch + 0.5) / 4, generator)
            if left:
                self._keep(sound, wave)
        elif not left:
            self._size -= self._kept.pop(sound).nbytes
        return wave

    def _keep(self, sound: Sound, wave: Signal) -> None:
        self._kept[sound] = wave
        self._size += wave.nbytes
        while self._size > _KEPT_BYTES:
            latest = max(self._kept, key=lambda kept: self._uses[kept][0])
            self._size -= self._kept.pop(latest).nbytes


class Mixer:
    """Renders a score, or, for a stem, some of its tracks with or without the drums."""

    def __init__(self, score: Score, only: Callable[[Track], bool] = lambda track: True, *, drums: bool = True) -> None:
        spec, genre = score.spec, GENRES[score.spec.genre]
        self._score, self._sound = score, genre.mastering
        lanes = [
            _Lane(track, schedule_track(score, track, number), rate_of(track.instrument))
            for number, track in enumerate(score.tracks)
        ]
        hits = schedule_hits(score)
        kicks = [event.start for event in hits if event.sound == "k"]
        self._ducking = Ducking(kicks if any(track.duck for track in score.tracks) else [], spec.quarter)
        self._lanes = [lane for lane in lanes if only(lane.track)]
        self._has_half = any(lane.rate == HALF_RATE for lane in self._lanes)
        self._notes = _Notes(self._lanes)
        kit = KITS[genre.kit or "soft"] if hits else {}
        self._kit_name, self._kit_level = genre.kit, genre.drum_level
        self._strokes = {voice: stroke(_generator(score, voice)) for voice, stroke in kit.items()}
        self._hits = [event for event in hits if event.sound in self._strokes] if drums else []
        self._next_hit = 0
        self._ringing: list[Event] = []
        effects = score.effects if drums else ()
        generator = _generator(score, "effects")
        self._effects = [transition(effect, spec.quarter, generator) for effect in effects]
        self._bed = bed(self._sound.bed, _generator(score, "bed")) if drums else None
        self._reverb = Reverb(room(self._sound.reverb, _generator(score, "room")))
        self._echo = PingPong(int(self._sound.delay * spec.quarter * RATE))
        bright = spec.brightness
        self._tone = tone(self._sound.ceiling, self._sound.bass - 2.5 * bright, self._sound.treble + 6.0 * bright)
        self.count = round(spec.seconds * RATE)
        self._check: Callable[[], None] = lambda: None

    def mix(self, on_block: Callable[[float], None]) -> Signal:
        """The whole song (2, n); `on_block` hears the share done at every new note and block; it may raise."""
        self._check = partial(on_block, 0.0)
        out = np.zeros((2, self.count + LATENCY), np.float32)
        for number, block in enumerate(self._blocks()):
            start = number * BLOCK
            end = min(start + BLOCK, out.shape[1])
            out[:, start:end] = block[:, : end - start]
            self._check = partial(on_block, end / out.shape[1])
            self._check()
        return out[:, LATENCY:]

    def _blocks(self) -> Iterator[Signal]:
        tail = np.zeros((2, FRAME - BLOCK), np.float32)
        for start in range(0, self.count + LATENCY, BLOCK):
            full = _Bus(1)
            buses = {RATE: full, HALF_RATE: _Bus(2)} if self._has_half else {RATE: full}
            echo = np.zeros(BLOCK, np.float32)
            duck = self._ducking.block(start)
            for lane in self._lanes:
                self._play(lane, start, duck, buses[lane.rate], echo)
            self._drum(start, full.dry, full.send)
            self._underlay(start, full.dry, full.send)
            gain = section_gain(self._score, start, BLOCK, self._sound.step)
            for bus in buses.values():
                bus.dry *= gain[:: bus.step]
                bus.send *= gain[:: bus.step]
            echo *= gain
            self._echo.push(echo, full.dry, full.send)
            half = buses.get(HALF_RATE)
            mixed = self._reverb.push(spectrum(full.send, half.send if half else None))
            mixed += spectrum(full.dry, half.dry if half else None)
            mixed *= self._tone
            wave = np.fft.irfft(mixed, FRAME).astype(np.float32, copy=False)
            wave[:, : FRAME - BLOCK] += tail
            yield wave[:, :BLOCK]
            tail = wave[:, BLOCK:]

    def _play(self, lane: _Lane, start: int, duck: Signal, bus: _Bus, echo: Signal) -> None:
        end = start + BLOCK
        while lane.next < len(lane.events) and lane.events[lane.next].start < end:
            event = lane.events[lane.next]
            lane.next += 1
            if not isinstance(event.sound, str):
                lane.sounding.append((event, self._notes.take(event.sound, self._check)))
        if not lane.sounding:
            return
        track, step = lane.track, bus.step
        buffer = np.zeros((2, BLOCK // step), np.float32)
        for event, wave in lane.sounding:
            _add(buffer, wave, (event.start - start) // step, event.gain)
        lane.sounding = [(event, wave) for event, wave in lane.sounding if event.start + step * wave.shape[-1] > end]
        level = track.level + (_LEAD_TRIM if track.role == "lead" else 0.0)
        gain = 10 ** (level / 20) * INSTRUMENT_LEVELS[track.instrument]
        if track.duck:
            buffer *= 1 - np.float32(track.duck) * duck[::step]
        left, right = np.cos((track.pan + 1) * np.pi / 4) * 1.414, np.sin((track.pan + 1) * np.pi / 4) * 1.414
        bus.dry[0] += buffer[0] * np.float32(gain * left)
        bus.dry[1] += buffer[1] * np.float32(gain * right)
        mono = buffer[0] + buffer[1]
        bus.send += mono * np.float32(gain * track.reverb * 0.9)
        if track.delay:
            echo += np.repeat(mono * np.float32(gain * track.delay * 0.5), step)

    def _drum(self, start: int, dry: Signal, send: Signal) -> None:
        end = start + BLOCK
        while self._next_hit < len(self._hits) and self._hits[self._next_hit].start < end:
            self._ringing.append(self._hits[self._next_hit])
            self._next_hit += 1
        still: list[Event] = []
        for event in self._ringing:
            voice = str(event.sound)
            wave = self._strokes[voice]
            level = self._kit_level + LEVELS.get(voice, -8) + (KICKS.get(self._kit_name, 0) if voice == "k" else 0)
            gain, pan = 10 ** (level / 20) * event.gain * _DRUM_GAIN, PANS.get(voice, 0.0)
            _add(dry[0], wave, event.start - start, gain * (1 - max(0.0, pan)))
            _add(dry[1], wave, event.start - start, gain * (1 + min(0.0, pan)))
            reach = SENDS.get(voice, _STICKS) * (1.8 if self._kit_name == "rock" else 1.0)
            if reach:
                _add(send, wave, event.start - start, gain * reach)
            if event.start + wave.size > end:
                still.append(event)
        self._ringing = still

    def _underlay(self, start: int, dry: Signal, send: Signal) -> None:
        for first, wave in self._effects:
            _add(dry, wave, first - start, 1.0)
            _add(send, wave, first - start, 0.6)
        if self._bed is not None:
            dry += np.take(self._bed, np.arange(start, start + BLOCK), axis=1, mode="wrap")


def _generator(score: Score, name: str) -> np.random.Generator:
    """Random numbers for one purpose, so that a stem gets the same room and drums as the whole song."""
    return np.random.Generator(np.random.PCG64(Stream("mixer", score.spec.identity, score.spec.seed, name).bits()))


def _add(target: Signal, wave: Signal, at: int, gain: float) -> None:
    """Adds a wave that begins at sample `at` of the target, which may be before it; what lies outside is left out."""
    first, last = max(at, 0), min(at + wave.shape[-1], target.shape[-1])
    if last > first:
        target[..., first:last] += wave[..., first - at : last - at] * np.float32(gain)
