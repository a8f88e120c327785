"""A whole song, once: that it is what it says it is, and that it can be stopped."""

from __future__ import annotations

import io
import time
import wave
from collections.abc import Iterator

import numpy as np
import pytest
from mutagen.mp3 import MP3
from PIL import Image

from whisul_tui.domain.id3 import Tag
from whisul_tui.studio.engine import ENGINE_VERSION, SongFiles, compose
from whisul_tui.studio.engine.files import audio

PROMPT = "lofi with felt piano, 82 bpm in F# minor, 10 seconds"


def quiet(stage: str, fraction: float) -> None:
    """Progress nobody listens to."""


HEARD: list[tuple[str, float]] = []


@pytest.fixture(scope="module")
def song() -> SongFiles:
    HEARD.clear()
    return compose(PROMPT, 3, lambda stage, fraction: HEARD.append((stage, fraction)))


def test_the_song_says_what_the_prompt_asked_for(song: SongFiles) -> None:
    assert (song.bpm, song.seconds, song.key) == (82.0, 10.0, "F# minor")
    assert "lofi" in song.tags
    assert "felt piano" in song.tags
    assert song.title


def test_the_mp3_is_one_and_carries_its_tags(song: SongFiles) -> None:
    assert song.audio_type == "audio/mpeg"
    found = MP3(io.BytesIO(song.audio))
    assert found.info.length == pytest.approx(10.0, abs=0.1)
    assert (found.info.sample_rate, found.info.channels, found.info.bitrate) == (44_100, 2, 256_000)
    assert str(found.tags["TIT2"]) == song.title
    assert str(found.tags["TBPM"]) == "82"
    assert str(found.tags["TKEY"]) == "F#m"
    assert found.tags["APIC:"].data == song.cover
    own = {frame.desc: frame.text[0] for frame in found.tags.getall("TXXX")}
    assert own == {"PROMPT": PROMPT, "SEED": "3", "ENGINE": ENGINE_VERSION, "SCORE": song.score_hash}


def test_the_cover_is_a_square_of_1024_under_400_kilobytes(song: SongFiles) -> None:
    assert song.cover_type == "image/jpeg"
    assert len(song.cover) < 400_000
    with Image.open(io.BytesIO(song.cover)) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", (1024, 1024), "RGB")
        assert len(picture.resize((32, 32)).getcolors(1024) or []) > 50


def test_the_same_prompt_and_seed_give_the_same_bytes_and_another_seed_others(song: SongFiles) -> None:
    assert compose(PROMPT, 3, quiet) == song
    other = compose(PROMPT, 4, quiet)
    assert other.score_hash != song.score_hash
    assert other.audio != song.audio
    assert other.cover != song.cover


def test_progress_is_real_rises_and_names_every_stage(song: SongFiles) -> None:
    assert list(dict.fromkeys(stage for stage, _ in HEARD)) == [
        "composing",
        "drawing",
        "rendering",
        "mastering",
        "encoding",
    ]
    fractions = [fraction for _, fraction in HEARD]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)


class StopError(Exception):
    """The caller's own."""


def test_what_progress_raises_ends_the_work_at_that_stage() -> None:
    def stop(now: str, fraction: float) -> None:
        if now == "rendering":
            raise StopError

    with pytest.raises(StopError):
        compose(PROMPT, 3, stop)


def test_what_progress_raises_ends_the_encoding_too() -> None:
    given: list[int] = []

    def chunks() -> Iterator[audio.Pcm]:
        for number in range(9):
            given.append(number)
            yield np.zeros((4096, 2), np.int16)

    def stop(share: float) -> None:
        raise StopError

    with pytest.raises(StopError):
        audio.encode(chunks(), 9 * 4096, stop, Tag())
    assert given == [0]


def test_progress_is_heard_often_enough_to_cancel_within_a_third_of_a_second() -> None:
    moments = [time.process_time()]
    compose("ambient, 12 seconds", 1, lambda stage, fraction: moments.append(time.process_time()))
    assert max(np.diff(moments)) < 0.6  # CPU time of a shared machine; the promise is 0.3 s on a free one


def test_without_lame_the_song_is_a_wav(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "_lame", lambda: None)
    song = compose("jazz, 10 seconds", 1, quiet)
    assert song.audio_type == "audio/wav"
    with wave.open(io.BytesIO(song.audio)) as found:
        assert (found.getframerate(), found.getnchannels(), found.getsampwidth()) == (44_100, 2, 2)
        assert found.getnframes() == 441_000
        samples = np.frombuffer(found.readframes(441_000), np.int16)
    assert np.abs(samples).max() > 3_000
