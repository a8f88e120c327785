"""Tags of FLAC, Ogg Vorbis and MP4: written by mutagen, read by ffprobe, which knows nothing of it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.listening.server import Cdn, Served
from tests.listening.songs import job, png
from whisul_tui.domain import Job
from whisul_tui.listening.downloads import Downloader

FFMPEG = shutil.which("ffmpeg")
pytestmark = pytest.mark.skipif(FFMPEG is None or shutil.which("ffprobe") is None, reason="ffmpeg is not installed")
KINDS = {".flac": ("flac", "audio/flac"), ".ogg": ("libvorbis", "audio/ogg"), ".m4a": ("aac", "audio/mp4")}


@pytest.fixture(scope="module", params=sorted(KINDS))
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of each kind, with a title of somebody else's."""
    path: Path = tmp_path_factory.mktemp("sound") / f"a{request.param}"
    source = ["-f", "lavfi", "-i", "sine=frequency=300:duration=2", "-c:a", KINDS[request.param][0]]
    subprocess.run(
        [str(FFMPEG), "-v", "error", *source, "-metadata", "title=theirs", "-metadata", "artist=them", str(path)],
        check=True,
    )
    return path


def as_is(path: Path) -> bytes:
    return path.read_bytes()


def contents(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


@pytest.fixture
def song(cdn: Cdn, sound: Path) -> Job:
    cdn.files[f"/a{sound.suffix}"] = Served(sound.read_bytes(), kind=KINDS[sound.suffix][1])
    cdn.files["/cover.png"] = Served(png(90_000), kind="image/png", etag='"c"')
    return job(song_url=cdn.url(f"/a{sound.suffix}"), image_url=cdn.url("/cover.png"))


def probed(path: Path) -> dict[str, str]:
    """All tags, names in lower case, and the streams' kinds under `streams`."""
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    content = json.loads(told.stdout)
    tags = dict(content["format"].get("tags", {}))
    for stream in content["streams"]:
        tags |= stream.get("tags", {}) if stream["codec_type"] == "audio" else {}
    return {name.lower(): value for name, value in tags.items()} | {
        "streams": " ".join(sorted(stream["codec_type"] for stream in content["streams"]))
    }


def music(path: Path) -> str:
    """A sum of the decoded sound."""
    decoded = subprocess.run(
        [str(FFMPEG), "-v", "error", "-i", str(path), "-map", "0:a", "-f", "s16le", "-"],
        check=True,
        capture_output=True,
    )
    return hashlib.sha256(decoded.stdout).hexdigest()


async def test_a_kept_song_says_what_it_is(song: Job, sound: Path, downloader: Downloader, songs: Path) -> None:
    kept = (await downloader.download(song, songs)).song_path
    assert kept.suffix == sound.suffix
    told = probed(kept)
    assert told["title"] == "Night Rain"
    assert "them" not in told.values()
    assert "lofi" in told["genre"]
    assert told["date"].startswith("2026-01-02")
    assert "late night lofi, soft rain" in told["comment"]
    assert "Whisul job 0123456789abcdef" in told["comment"]
    assert told["streams"] == "audio video", "the cover"
    assert music(kept) == music(sound)


async def test_once_more_is_nothing_and_says_so(song: Job, downloader: Downloader, songs: Path) -> None:
    """Though the kept file has other bytes than the offered one."""
    first = await downloader.download(song, songs)
    before = contents(songs)
    again = await downloader.download(song, songs)
    assert again.skipped
    assert again.song_path == first.song_path
    assert contents(songs) == before


async def test_another_song_of_that_name_is_another(
    song: Job, sound: Path, cdn: Cdn, downloader: Downloader, songs: Path
) -> None:
    first = (await downloader.download(song, songs)).song_path
    cdn.files[f"/a{sound.suffix}"] = Served(as_is(sound) + b"\0" * 10, etag='"v2"')
    second = (await downloader.download(song, songs)).song_path
    assert second.stem == f"{first.stem} (2)"


async def test_without_mutagen_it_stays_as_it_came(
    song: Job, sound: Path, downloader: Downloader, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mutagen", None)
    kept = (await downloader.download(song, songs)).song_path
    assert kept.read_bytes() == as_is(sound)
    assert (await downloader.download(song, songs)).skipped


async def test_what_only_looks_like_a_song_is_kept_as_it_came(cdn: Cdn, downloader: Downloader, songs: Path) -> None:
    """mutagen does not understand it; the first bytes say FLAC."""
    body = b"fLaC" + b"\xff" * 5000
    cdn.files["/a.flac"] = Served(body, kind="audio/flac")
    kept = (await downloader.download(job(song_url=cdn.url("/a.flac")), songs)).song_path
    assert kept.read_bytes() == body
