"""Prompts as they are read: the frozen table, and texts that are no prompts at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studio.engine.prompt_table import HELD_OUT, TUNING
from tests.studio.engine.reading_check import misses
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.reading import Origin, parse, read
from whisul_tui.studio.engine.reading.moods import MOODS
from whisul_tui.studio.engine.reading.text import READ_LIMIT, table


@pytest.mark.parametrize(("prompt", "want"), TUNING, ids=[prompt[:30] for prompt, _ in TUNING])
def test_what_the_prompt_says_is_read(prompt: str, want: dict[str, Any]) -> None:
    assert misses(prompt, want) == []


def test_at_least_98_of_100_prompts_that_were_never_tuned_for_are_read() -> None:
    wrong = {prompt: missed for prompt, want in HELD_OUT if (missed := misses(prompt, want))}
    assert len(wrong) <= 0.02 * (len(TUNING) + len(HELD_OUT)), wrong


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300), st.integers(0, 2**32))
def test_no_text_breaks_the_reader(prompt: str, seed: int) -> None:
    spec = parse(prompt, seed)
    assert spec.genre in GENRES
    assert 40 <= spec.bpm <= 240
    assert 0 <= spec.key <= 11
    assert spec.seconds == 0 or 10 <= spec.seconds <= 600
    assert set(spec.moods) <= set(MOODS)


def test_a_hundred_kilobytes_are_read_quickly_up_to_the_limit() -> None:
    prompt = "lofi at 91 bpm " + "no drums, " * 10_000
    assert parse(prompt, 1).bpm == 91
    assert "bpm" not in parse("x " * READ_LIMIT + "jazz at 91 bpm", 1).explicit


def test_the_same_prompt_and_seed_are_read_the_same_and_seeds_differ() -> None:
    assert parse("a song", 4) == parse("a song", 4)
    assert len({parse("a song", seed).key for seed in range(20)}) > 5


@pytest.mark.parametrize(
    ("said", "seconds"), [("9 minutes 59 seconds", 599), ("1 s", 10), ("3 hours, 700 seconds", 600)]
)
def test_a_length_is_held_between_ten_seconds_and_ten_minutes(said: str, seconds: float) -> None:
    assert parse(f"house {said}", 1).seconds == seconds


@pytest.mark.parametrize(("said", "bpm"), [("20 bpm", 40), ("999 bpm", 240), ("92.5 bpm", 92.5)])
def test_a_tempo_is_held_where_music_is(said: str, bpm: float) -> None:
    assert parse(f"house {said}", 1).bpm == bpm


def test_moods_move_tempo_and_mode_but_never_what_was_said() -> None:
    happy, sad = ([parse(f"{mood} acoustic song", seed) for seed in range(40)] for mood in ("happy", "sad"))
    assert sum(spec.bpm for spec in happy) / 40 > 1.08 * sum(spec.bpm for spec in sad) / 40
    assert sum(spec.mode == "major" for spec in happy) > 30
    assert sum(spec.mode == "minor" for spec in sad) > 30
    said = parse("sad song in C major at 180 bpm", 1)
    assert (said.mode, said.bpm) == ("major", 180)


def test_a_song_made_from_another_keeps_what_is_not_said() -> None:
    base = Origin("pop song about rain at 110 bpm in C major", 5)
    before = read(base.prompt, base.seed, None)
    slower = read("same song at 92 bpm", 9, base)
    assert (slower.bpm, slower.key, slower.mode, slower.seed, slower.identity) == (92, 0, "major", 5, before.identity)
    assert slower.variation == 0
    assert read("variation of 1f6e3a2b-99", 9, base).variation != read("variation of 1f6e3a2b-99", 10, base).variation
    assert read("same song without drums", 9, base).banned == {"drums"}
    assert "violin" in read("same song with violin", 9, base).wanted
    again = Origin("same song at 92 bpm", 9, base)
    assert (read("now in E minor", 1, again).bpm, read("now in E minor", 1, again).key) == (92, 4)


def test_a_table_of_words_goes_on_over_indented_lines() -> None:
    assert table("a: x, y\n    z\nb/c: w") == {"x": "a", "y": "a", "z": "a", "w": "b/c"}
