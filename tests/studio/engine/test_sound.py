"""Sounds, loudness, mastering: what can be measured of them."""

from __future__ import annotations

import numpy as np
import pytest

from whisul_tui.studio.engine.composing import compose_score
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.reading import parse
from whisul_tui.studio.engine.rendering.loudness import HOP, SILENCE, hop_energies, integrated
from whisul_tui.studio.engine.rendering.mastering import CEILING, Master
from whisul_tui.studio.engine.rendering.mixing import Mixer
from whisul_tui.studio.engine.rendering.schedule import swung
from whisul_tui.studio.engine.rendering.space import BLOCK, FRAME, LATENCY, Reverb, room, spectrum, tone
from whisul_tui.studio.engine.sound.additive import Partials
from whisul_tui.studio.engine.sound.instruments import INSTRUMENTS, rate_of
from whisul_tui.studio.engine.sound.kits import KITS
from whisul_tui.studio.engine.sound.signal import RATE, hertz


def fundamental(wave: np.ndarray, pitch: int, rate: int = RATE) -> float:
    """How many cents the strongest partial near the pitch lies off."""
    mono = wave.mean(0) if wave.ndim == 2 else wave
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(mono.size), 1 << 18))
    at = np.fft.rfftfreq(1 << 18, 1 / rate)
    near = np.abs(np.log2(np.maximum(at, 1) / hertz(pitch))) < 0.06
    return float(1200 * np.log2(at[near][spectrum[near].argmax()] / hertz(pitch)))


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_instrument_is_finite_in_tune_and_ends_in_silence(name: str) -> None:
    pitch = 45 if "bass" in name or name in ("808", "drone", "low strings", "cello") else 64
    wave = INSTRUMENTS[name].sound(pitch, 0.5, 0.7, np.random.default_rng(1))
    assert wave.dtype == np.float32
    assert wave.ndim == 1 or wave.shape[0] == 2
    assert np.isfinite(wave).all()
    assert 0.02 < np.abs(wave).max() < 4
    assert np.abs(wave[..., -8:]).max() < 0.02
    heard_at = pitch - 12 if name == "dark pad" else pitch
    assert abs(fundamental(wave, heard_at, rate_of(name))) < 30


@pytest.mark.parametrize("kit", KITS)
def test_every_stroke_of_a_kit_is_finite_and_short(kit: str) -> None:
    for stroke in KITS[kit].values():
        wave = stroke(np.random.default_rng(2))
        assert wave.ndim == 1
        assert wave.dtype == np.float32
        assert np.isfinite(wave).all()
        assert 0.03 < np.abs(wave).max() < 3
        assert wave.size <= 4 * RATE


def test_the_product_is_the_sum_of_damped_sines() -> None:
    rates, levels, decays = np.array([220.0, 663.0]), np.array([0.5, 0.2]), np.array([2.0, 9.0])
    wave = Partials(rates, levels, decays, np.array([0.3, 1.0])).render(3000)
    moment = np.arange(3000) / RATE
    sines = [
        a * np.exp(-d * moment) * np.sin(2 * np.pi * f * moment + p)
        for f, a, d, p in zip(rates, levels, decays, (0.3, 1.0), strict=True)
    ]
    assert np.abs(wave - sum(sines)).max() < 1e-4


def test_loudness_is_that_of_the_standard() -> None:
    moment = np.arange(20 * RATE) / RATE
    sine = np.sin(2 * np.pi * 997 * moment).astype(np.float32)
    left = np.stack([sine, np.zeros_like(sine)])
    assert integrated(hop_energies(left)) == pytest.approx(-3.01, abs=0.1)
    assert integrated(hop_energies(np.stack([sine, sine]) * np.float32(0.1))) == pytest.approx(-20.0, abs=0.1)
    assert integrated(hop_energies(np.zeros((2, 20 * HOP), np.float32))) == SILENCE


def test_silence_does_not_count_towards_the_loudness() -> None:
    moment = np.arange(10 * RATE) / RATE
    sine = np.tile(np.sin(2 * np.pi * 997 * moment).astype(np.float32) * np.float32(0.1), (2, 1))
    padded = np.concatenate([sine, np.zeros((2, 20 * RATE), np.float32)], axis=1)
    assert integrated(hop_energies(padded)) == pytest.approx(integrated(hop_energies(sine)), abs=0.3)


@pytest.mark.parametrize("genre", ["rock", "chiptune"])
def test_the_master_meets_its_loudness_under_the_ceiling(genre: str) -> None:
    score = compose_score(parse(f"{genre}, 16 seconds", 1))
    mixer = Mixer(score)
    master = Master(mixer.mix(lambda share: None), score, GENRES[genre].mastering, lambda share: None)
    samples = np.concatenate(list(master.chunks())).T.astype(np.float32) / np.float32(32_768)
    assert samples.shape == (2, 16 * RATE)
    assert integrated(hop_energies(samples)) == pytest.approx(GENRES[genre].mastering.loudness, abs=0.4)
    assert np.abs(samples).max() <= CEILING + 1e-4
    assert np.abs(samples.mean(1)).max() < 5e-4
    assert np.abs(samples[:, -20:]).max() < 0.01


def test_stems_add_up_to_the_mix() -> None:
    score = compose_score(parse("chiptune, 10 seconds", 1))
    whole = Mixer(score).mix(lambda share: None)
    drums = Mixer(score, lambda track: False).mix(lambda share: None)
    rest = Mixer(score, drums=False).mix(lambda share: None)
    assert np.abs(whole - drums - rest).max() < 1e-3 * np.abs(whole).max()


def test_no_room_answers_before_it_is_asked() -> None:
    reverb, filtered = Reverb(room(6.0, np.random.default_rng(1))), tone(16_000, 0, 0)
    click = np.zeros(BLOCK, np.float32)
    click[-1] = 1.0
    wave = np.fft.irfft(reverb.push(spectrum(click, None)) * filtered, FRAME)
    assert np.abs(wave[:, : BLOCK - 1]).max() < 1e-3 * np.abs(wave).max()
    assert np.abs(wave[:, BLOCK + LATENCY :]).max() > 1e-2


def test_half_the_rate_is_the_same_sound_at_the_same_moment() -> None:
    moment = np.arange(BLOCK) / RATE
    sine = (np.sin(2 * np.pi * 900 * moment) * np.hanning(BLOCK)).astype(np.float32)
    whole, half = spectrum(sine, None), spectrum(np.zeros(BLOCK, np.float32), sine[::2])
    assert np.abs(np.fft.irfft(whole - half, FRAME)).max() < 1e-4


def test_swing_moves_every_second_unit_and_nothing_else() -> None:
    assert [swung(beat, 0.6, 0.5) for beat in (0.0, 0.5, 1.0)] == pytest.approx([0.0, 0.5, 1.0])
    assert swung(0.25, 0.6, 0.5) == pytest.approx(0.3)
    assert swung(0.5, 2 / 3, 1.0) == pytest.approx(2 / 3)
    assert swung(0.25, 0.5, 0.5) == 0.25
