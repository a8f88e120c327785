"""What a prompt asks of the studio itself."""

from __future__ import annotations

import pytest

from whisul_tui.studio.asking import Asking, read_asking

JOB = "81fa5ff7-6197-4c24-8062-c0ff8b62d58d"


@pytest.mark.parametrize(
    ("prompt", "words", "seed"),
    [
        ("lofi, soft rain", "lofi, soft rain", None),
        ("lofi, soft rain, seed 42", "lofi, soft rain", 42),
        ("Seed: 7, jazz trio", "jazz trio", 7),
        ("techno with seed=0 at 130 bpm", "techno at 130 bpm", 0),
        ("seed 1 pop seed 2", "pop", 2),
        ("seed 9", "seed 9", 9),
        ("sunflower seeds 3 rock", "sunflower seeds 3 rock", None),
        ("birdseed 3", "birdseed 3", None),
        ("seed 3.5 rock", "seed 3.5 rock", None),
        ("rock, seed 1234567890123456789012", "rock, seed 1234567890123456789012", None),
    ],
)
def test_a_seed_is_taken_out_of_the_prompt(prompt: str, words: str, seed: int | None) -> None:
    assert read_asking(prompt) == Asking(words, seed)


@pytest.mark.parametrize(
    ("prompt", "origin"),
    [
        (f"variation of {JOB}", JOB),
        (f"A variation on the job {JOB.upper()}, without drums", JOB),
        ("same song as 81fa5ff7 in D minor", "81fa5ff7"),
        ("remix of song 81fa5f", "81fa5f"),
        ("same song at 92 bpm", ""),
        ("the same track, but happier", ""),
        ("variation of it", ""),
        ("variation of a theme by Haydn", None),
        ("variations on decade of facade", None),
        ("variation of 81fa", None),
        ("same song as yesterday", None),
        ("the same songs", None),
        ("same song", ""),
        ("same song as FLAC", ""),
        ("the same song without drums", ""),
        ("same song structure as a march", None),
        ("lofi", None),
    ],
)
def test_a_song_to_start_from_is_found(prompt: str, origin: str | None) -> None:
    assert read_asking(prompt).origin == origin
