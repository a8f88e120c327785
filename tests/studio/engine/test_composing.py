"""Scores: form, harmony, melody, arrangement, and that the same is composed everywhere."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from itertools import cycle, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whisul_tui.studio.engine.composing import compose_score
from whisul_tui.studio.engine.composing.critic import key_margin
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.reading import Origin, parse, read
from whisul_tui.studio.engine.score import ENGINE_VERSION, METRES, Score, score_hash
from whisul_tui.studio.engine.theory import SCALES


def score_of(prompt: str, seed: int = 1) -> Score:
    return compose_score(parse(prompt, seed))


def lead(score: Score, kind: str = "chorus") -> list[int]:
    """The pitches of the melody in all sections of a kind."""
    spans = [
        (section.first_bar * score.spec.bar.beats, (section.first_bar + section.bars) * score.spec.bar.beats)
        for section in score.sections
        if section.kind == kind
    ]
    return [
        note.pitch
        for track in score.tracks
        if track.role == "lead"
        for note in track.notes
        if any(start <= note.beat < end for start, end in spans)
    ]


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("seconds", [10, 61.5])
def test_the_form_fills_the_length_asked_for(genre: str, seconds: float) -> None:
    score = score_of(f"{genre}, {seconds} seconds")
    assert score.spec.seconds == seconds
    bar = score.spec.bar.beats * score.spec.quarter
    assert 1.1 <= seconds - score.bars * bar <= 1.3 + bar
    assert [section.first_bar for section in score.sections[1:]] == [
        section.first_bar + section.bars for section in score.sections[:-1]
    ]
    assert all(0 <= note.beat <= score.beats for track in score.tracks for note in track.notes)
    last = max(note.beat + note.length for track in score.tracks for note in track.notes) * score.spec.quarter
    assert seconds - 1.2 - bar < last <= seconds + 0.01


def test_ten_minutes_are_one_song_and_not_a_loop_of_eight_bars() -> None:
    score = score_of("jazz, 10 minutes")
    assert score.spec.seconds == 600
    assert len({section.kind for section in score.sections}) >= 4
    assert max(section.bars for section in score.sections) <= 40


@pytest.mark.parametrize("genre", GENRES)
def test_a_song_of_usual_length_is_a_minute_or_two_with_verse_and_chorus(genre: str) -> None:
    score = score_of(genre)
    assert 55 <= score.spec.seconds <= 130
    kinds = Counter(section.kind for section in score.sections)
    assert kinds["verse"] >= 1
    assert kinds["chorus"] >= 1


@pytest.mark.parametrize("genre", GENRES)
def test_every_instrument_plays_something_and_no_pitch_leaves_the_keyboard(genre: str) -> None:
    for seed in range(2):
        score = score_of(genre, seed)
        assert len(score.tracks) >= 4
        assert all(21 <= note.pitch <= 108 for track in score.tracks for note in track.notes)
        assert all(0 < note.velocity <= 1 and note.length > 0 for track in score.tracks for note in track.notes)


@pytest.mark.parametrize("genre", GENRES)
def test_the_hook_comes_back_at_least_three_times(genre: str) -> None:
    score = score_of(f"{genre}, 2 minutes", 2)
    rhythm = [step for step, _, _ in score.hook]
    beats = score.spec.bar.beats
    returns = 0
    for section in score.sections:
        if section.kind != "chorus":
            continue
        for turn in range(section.bars // 2):
            start = (section.first_bar + 2 * turn) * beats
            for track in score.tracks:
                heard = {round((note.beat - start) * 4) for note in track.notes if 0 <= note.beat - start < 2 * beats}
                if track.role == "lead" and heard and sum(step in heard for step in rhythm) >= 0.7 * len(rhythm):
                    returns += 1
                    break
    assert returns >= 3


def test_melodies_stay_in_the_scale_or_the_chord_and_seldom_leap() -> None:
    for genre in ("pop", "rock", "acoustic", "synthwave"):
        score = score_of(f"{genre} in A minor", 3)
        scale = {(9 + interval) % 12 for interval in SCALES["minor"]}
        chords = {pitch for chord in score.chords for pitch in chord.pitch_classes}
        pitches = lead(score)
        assert sum(pitch % 12 in scale | chords for pitch in pitches) >= 0.97 * len(pitches)
        assert sum(abs(a - b) > 12 for a, b in pairwise(pitches)) <= 0.06 * len(pitches)


def test_twenty_seeds_give_twenty_melodies_and_many_progressions() -> None:
    scores = [score_of("pop song in C major", seed) for seed in range(20)]
    grams = [
        Counter(zip(*(steps[n:] for n in range(4)), strict=False))
        for score in scores
        if (steps := [b - a for a, b in pairwise(lead(score))])
    ]
    alike = [
        sum((one & other).values()) / sum((one | other).values())
        for place, one in enumerate(grams)
        for other in grams[place + 1 :]
    ]
    assert len(grams) == 20
    assert max(alike) < 0.5
    assert len({score.progressions for score in scores}) >= 5


@pytest.mark.parametrize(("genre", "key"), zip(GENRES, cycle(("D minor", "A major")), strict=False))
def test_the_key_asked_for_is_the_key_the_notes_name(genre: str, key: str) -> None:
    score = score_of(f"{genre} in {key}", 1)
    assert key_margin(score.spec, score.tracks) > 0


def test_bans_and_wishes_are_obeyed() -> None:
    assert not score_of("rock without drums").hits
    assert not [track for track in score_of("house, no bass").tracks if track.role == "bass"]
    without = score_of("cinematic without strings or choir")
    assert not [
        track
        for track in without.tracks
        if track.instrument in ("strings", "low strings", "violin", "choir", "spiccato")
    ]
    assert "saxophone" in [track.instrument for track in score_of("lofi with saxophone").tracks]
    assert {track.instrument for track in score_of("solo piano").tracks} == {"piano"}
    assert score_of("ambient with drums").hits
    assert not score_of("ambient").hits
    quiet = score_of("techno without drums, bass, melody, pads, chords, synth")
    assert quiet.tracks


@pytest.mark.parametrize("metre", METRES)
def test_every_metre_is_composed_in(metre: str) -> None:
    for genre in ("rock", "jazz", "house", "classical", "trap"):
        score = score_of(f"{genre} in {metre}, 40 seconds")
        assert score.spec.metre == metre
        starts = {round(hit.beat / score.spec.bar.beats % 1, 3) for hit in score.hits if hit.voice == "k"}
        assert not score.hits or genre == "jazz" or 0.0 in starts or "trap" in genre or genre == "house"


def test_a_faster_base_keeps_its_notes_and_a_variation_keeps_its_chords() -> None:
    base = Origin("pop song about rain at 110 bpm in C major", 5)
    first = compose_score(read(base.prompt, base.seed, None))
    slower = compose_score(read("same song at 92 bpm", 9, base))
    assert slower.bars == first.bars
    assert [[note.pitch for note in track.notes] for track in slower.tracks] == [
        [note.pitch for note in track.notes] for track in first.tracks
    ]
    assert slower.spec.seconds == pytest.approx(first.spec.seconds * 110 / 92, abs=0.01)
    other = compose_score(read("variation of 12ab34cd", 9, base))
    assert other.sections == first.sections
    assert other.hook != first.hook


_HASHES = """
import hashlib
from whisul_tui.studio.engine.composing import compose_score
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.reading import parse
from whisul_tui.studio.engine.score import score_hash
print("".join(score_hash(compose_score(parse(f"{genre} about the sea", 11))) for genre in list(GENRES)[::4]))
"""


def test_another_process_with_another_hash_seed_composes_the_same_scores() -> None:
    here = "".join(score_hash(score_of(f"{genre} about the sea", 11)) for genre in list(GENRES)[::4])
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(Path(__file__).parents[3])}
    there = subprocess.run([sys.executable, "-c", _HASHES], env=environment, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here


# Frozen: a change here means that every song anybody made comes out different, and that ENGINE_VERSION must go up.
FROZEN = "d34d5fff61333816"


def test_scores_are_those_of_this_engine_version_on_every_machine() -> None:
    text = "".join(score_hash(score_of(f"{genre} about the sea", 11)) for genre in GENRES)
    assert (ENGINE_VERSION, hashlib.sha256(text.encode()).hexdigest()[:16]) == ("1.1", FROZEN)


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=120), st.integers(0, 2**64))
def test_any_text_becomes_a_score(prompt: str, seed: int) -> None:
    score = score_of(prompt, seed)
    assert score.tracks or score.hits
    assert score.title.strip()
