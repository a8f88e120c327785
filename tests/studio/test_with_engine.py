"""The studio as people have it: the engine's own song, through the API, to a file that plays."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from mutagen.mp3 import MP3
from PIL import Image

from tests.studio.support import serving
from whisul_tui.domain.song import parse_seconds
from whisul_tui.studio.options import COMPOSER


def test_a_prompt_becomes_a_song_with_a_cover(tmp_path: Path) -> None:
    with serving(tmp_path, composer=COMPOSER, seed=1) as studio:
        job = studio.end_of(studio.submit("lofi, soft rain, 84 bpm, 20 seconds"))
        result = job["result"]
        assert job["status"] == "completed"
        song = studio.http.get(result["song_url"])
        cover = studio.http.get(result["image_url"])
    assert result["title"]
    assert result["bpm"] == 84
    assert "lofi" in result["tags"].split(", ")
    assert song.headers["content-type"] == "audio/mpeg"
    length = parse_seconds(result["duration"])
    assert length is not None
    assert abs(MP3(BytesIO(song.content)).info.length - length) < 1.0
    with Image.open(BytesIO(cover.content)) as picture:
        assert picture.size == (1024, 1024)
