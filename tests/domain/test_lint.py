"""Advice on prompts: what is left open, what contradicts, and silence where there is nothing to say."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whisul_tui.domain.lint import LONG, advice


@pytest.mark.parametrize(
    "prompt",
    [
        "late night lofi, soft rain, upright bass, no vocals, 80 bpm",
        "slow, sad hip hop",
        "Happy K-pop with a driving beat, fast",
        "drum and bass, 174bpm, dark",
        "",
        "lo",
        "piano",
        "Rap mélancolique, très lent",
        "静かな雨の夜のピアノ曲をお願いします",
        "calm jazz, moderato, no drums, soft brushes",
    ],
)
def test_nothing_is_said_of_these(prompt: str) -> None:
    assert advice(prompt) == ""


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("a song about my cat", "left open: genre, mood, tempo"),
        ("sea shanty, male choir", "left open: mood, tempo"),
        ("upbeat jazz with brushes", "left open: tempo"),
        ("calm jazz, slow, instrumental, soft female vocals", '"instrumental" and "vocals" contradict each other'),
        ("calm jazz, slow, no vocals, with a choir", '"no vocals" and "choir" contradict each other'),
        ("calm jazz, slow and fast", '"slow" and "fast" contradict each other'),
        ("calm slow jazz, 160 bpm", '"slow" and 160 bpm contradict each other'),
        ("wild fast punk, 70 bpm", '"fast" and 70 bpm contradict each other'),
        ("wild punk, 170 bpm, later 90 bpm", "170 bpm and 90 bpm are two tempos"),
        ("calm jazz, slow, no rain, soft rain", '"rain" is both wanted and not'),
        ("calm slow jazz " + "x" * LONG, "long, 1,015 characters: what matters most belongs first"),
        ("no jazz, something slow and calm", "left open: genre"),
    ],
)
def test_advice_is_one_line(prompt: str, told: str) -> None:
    assert advice(prompt) == told


@given(st.text())
def test_any_text_is_looked_at(prompt: str) -> None:
    assert "\n" not in advice(prompt)


def test_the_longest_text_takes_no_time() -> None:
    began = time.perf_counter()
    for text in ("no " * 50_000, "9" * 100_000, "no-" * 40_000, "rain " * 20_000):
        advice(text)
    assert time.perf_counter() - began < 1
