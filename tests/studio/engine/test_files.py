"""MIDI, stems, tags, titles and covers."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from whisul_tui.studio.engine import render_stems
from whisul_tui.studio.engine.composing import compose_score
from whisul_tui.studio.engine.drawing import draw_cover
from whisul_tui.studio.engine.files.midi import TICKS, midi_bytes
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.reading import parse
from whisul_tui.studio.engine.tags import make_tags
from whisul_tui.studio.engine.titles import make_title


def tracks_of(raw: bytes) -> list[list[tuple[int, bytes]]]:
    """The (tick, message) pairs of every track of a MIDI file."""
    size, kind, count, ticks = struct.unpack(">IHHH", raw[4:14])
    assert (raw[:4], size, kind, ticks) == (b"MThd", 6, 1, TICKS)
    tracks, at = [], 14
    for _ in range(count):
        assert raw[at : at + 4] == b"MTrk"
        end = at + 8 + struct.unpack(">I", raw[at + 4 : at + 8])[0]
        at += 8
        events, tick = [], 0
        while at < end:
            delta = 0
            while raw[at] & 128:
                delta, at = delta << 7 | raw[at] & 127, at + 1
            delta, at = delta << 7 | raw[at], at + 1
            tick += delta
            length = 3 + raw[at + 2] if raw[at] == 255 else 2 if raw[at] >> 4 in (12, 13) else 3
            events.append((tick, raw[at : at + length]))
            at += length
        assert events[-1][1] == b"\xff\x2f\x00"
        tracks.append(events)
    assert at == len(raw)
    return tracks


def test_the_midi_file_has_every_note_and_stroke_at_its_beat() -> None:
    score = compose_score(parse("rock in E minor at 120 bpm, 30 seconds", 1))
    conductor, *rest = tracks_of(midi_bytes(score))
    messages = [message for _, message in conductor]
    assert b"\xff\x51\x03" + (500_000).to_bytes(3, "big") in messages
    assert b"\xff\x59\x02\x01\x01" in messages
    assert len(rest) == len(score.tracks) + 1
    for track, events in zip(score.tracks, rest, strict=False):
        starts = sorted((tick, message[1]) for tick, message in events if message[0] >> 4 == 9)
        assert starts == sorted((round(note.beat * TICKS), note.pitch) for note in track.notes)
        assert sum(message[0] >> 4 == 8 for _, message in events) == len(track.notes)
    assert sum(message[0] == 0x99 for _, message in rest[-1]) == len(score.hits)


def test_stems_are_the_groups_that_play() -> None:
    heard: list[float] = []
    stems = render_stems("jazz without drums, 10 seconds", 1, lambda stage, share: heard.append(share))
    assert [stem.name for stem in stems] == ["bass", "chords", "lead"]
    assert all(stem.audio_type == "audio/mpeg" and len(stem.audio) > 100_000 for stem in stems)
    assert heard == sorted(heard)


@pytest.mark.parametrize("genre", GENRES)
def test_every_genre_draws_a_cover_of_its_own(genre: str) -> None:
    raw = draw_cover(compose_score(parse(genre, 7)))
    assert len(raw) < 400_000
    with Image.open(io.BytesIO(raw)) as picture:
        assert picture.size == (1024, 1024)
        small = picture.resize((16, 16))
        assert len(small.getcolors(256) or []) > 60


def test_tags_are_five_to_eight_and_tell_what_is_heard() -> None:
    for genre in list(GENRES)[::3]:
        score = compose_score(parse(f"dark dreamy {genre} with violin and piano", 3))
        tags = make_tags(score)
        assert 5 <= len(tags) <= 8
        assert tags[0] == genre
        assert {"dark", "violin"} <= set(tags)
    assert "instrumental (no vocals in the studio)" in make_tags(compose_score(parse("pop with female vocals", 1)))


def test_titles_follow_the_prompt_and_differ_by_seed() -> None:
    titles = [make_title(parse("a song about the lighthouse keeper, acoustic, 90 bpm", seed)) for seed in range(30)]
    assert len(set(titles)) > 15
    assert sum("Lighthouse" in title or "Keeper" in title for title in titles) > 15
    assert not [title for title in titles if "Acoustic" in title or "Song" in title]
    assert all(1 <= len(title.split()) <= 5 for title in titles)
