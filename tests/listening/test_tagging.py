"""Tags of kept songs, read by mutagen, which knows nothing of ours."""

from __future__ import annotations

import errno
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3
from mutagen.mp3 import MP3

from tests.listening.server import Cdn, Reply, Served
from tests.listening.songs import as_sent, job, mp3, noise, png, wav
from whisul_tui.domain import Job
from whisul_tui.domain.id3 import Tag, id3_bytes
from whisul_tui.listening.download_errors import DiskFull
from whisul_tui.listening.downloads import Downloader
from whisul_tui.listening.tagging import tag_bytes

FRAME = bytes.fromhex("fffb9064") + b"\0" * 413  # one frame of 128 kbit/s at 44.1 kHz
MUSIC = FRAME * 40
COVER = png(3000)
STUDIOS = id3_bytes(Tag(texts={"title": "theirs", "key": "Am"}, cover=noise(90_000), cover_type="image/png"))


@pytest.fixture
def song(cdn: Cdn) -> Job:
    cdn.files["/song.mp3"] = Served(MUSIC)
    cdn.files["/cover.png"] = Served(COVER, kind="image/png", etag='"c"')
    return job(song_url=cdn.url("/song.mp3"), image_url=cdn.url("/cover.png"))


def read(path: Path) -> ID3:
    return ID3(str(path))


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of change of every file, the hidden ones too."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


async def test_a_kept_mp3_says_what_it_is(song: Job, downloader: Downloader, songs: Path) -> None:
    kept = await downloader.download(song, songs)
    tag = read(kept.song_path)
    assert tag.version == (2, 4, 0)
    assert {name: str(tag[name]) for name in ("TIT2", "TBPM", "TLEN", "TDRC")} == {
        "TIT2": "Night Rain",
        "TBPM": "84",
        "TLEN": "183000",
        "TDRC": "2026-01-02 03:04:05",
    }
    assert tag["TCON"].text == ["lofi", "calm"]
    comments = tag.getall("COMM")
    assert [comment.text for comment in comments] == [
        ["late night lofi, soft rain\nslow\n\nWhisul job 0123456789abcdef"]
    ]
    assert str(tag["TXXX:WHISUL_JOB_ID"]) == "0123456789abcdef"
    [picture] = tag.getall("APIC")
    assert (picture.type, picture.mime, picture.data) == (3, "image/png", COVER)
    assert MP3(str(kept.song_path)).info.bitrate == 128_000, "the music behind it is still music"
    assert kept.song_path.read_bytes().endswith(MUSIC)
    assert kept.cover_path is not None
    assert kept.cover_path.read_bytes() == COVER


async def test_the_tag_that_came_along_is_replaced(song: Job, cdn: Cdn, downloader: Downloader, songs: Path) -> None:
    cdn.files["/song.mp3"] = Served(STUDIOS + MUSIC)
    path = (await downloader.download(song, songs)).song_path
    assert str(read(path)["TIT2"]) == "Night Rain"
    assert path.read_bytes().count(b"ID3\x04") == 1
    assert path.read_bytes().endswith(MUSIC)


@pytest.mark.parametrize("sent", [MUSIC, STUDIOS + MUSIC], ids=["plain", "tagged"])
async def test_once_more_is_nothing_and_says_so(
    song: Job, cdn: Cdn, downloader: Downloader, songs: Path, sent: bytes
) -> None:
    cdn.files["/song.mp3"] = Served(sent)
    first = await downloader.download(song, songs)
    before = contents(songs)
    again = await downloader.download(song, songs)
    assert again.skipped
    assert "is there already; nothing was downloaded" in again.sentence
    assert again.song_path == first.song_path
    assert contents(songs) == before


async def test_other_music_of_the_same_length_is_another_song(
    song: Job, cdn: Cdn, downloader: Downloader, songs: Path
) -> None:
    first = (await downloader.download(song, songs)).song_path
    other = FRAME[:4] + b"\1" + MUSIC[5:]
    cdn.files["/song.mp3"] = Served(STUDIOS + other, etag='"other"')
    second = await downloader.download(song, songs)
    assert not second.skipped
    assert second.song_path.stem == f"{first.stem} (2)"
    assert second.song_path.read_bytes().endswith(other)


async def test_an_untagged_song_that_was_kept_before_counts_as_kept(
    song: Job, cdn: Cdn, downloader: Downloader, songs: Path
) -> None:
    path = (await downloader.download(song, songs)).song_path
    path.write_bytes(MUSIC)
    assert (await downloader.download(song, songs)).skipped
    assert path.read_bytes() == MUSIC


async def test_other_kinds_stay_as_they_came(song: Job, cdn: Cdn, downloader: Downloader, songs: Path) -> None:
    cdn.files["/song.mp3"] = Served(wav(1), kind="audio/wav")
    for skipped in (False, True):
        kept = await downloader.download(song, songs)
        assert (kept.skipped, kept.song_path.suffix) == (skipped, ".wav")
        assert kept.song_path.read_bytes() == wav(1)


async def test_without_its_cover_the_song_is_tagged_all_the_same(
    song: Job, cdn: Cdn, downloader: Downloader, songs: Path
) -> None:
    cdn.files["/cover.png"] = lambda _: Reply(404, b"", {}, 0)
    kept = await downloader.download(song, songs)
    assert kept.cover_error is not None
    tag = read(kept.song_path)
    assert str(tag["TIT2"]) == "Night Rain"
    assert tag.getall("APIC") == []


async def test_a_full_disk_leaves_no_song_under_its_name_and_keeps_what_came(
    song: Job, downloader: Downloader, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:

        def no_room(_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        full.setattr("whisul_tui.listening.part_file.os.fsync", no_room)
        with pytest.raises(DiskFull):
            await downloader.download(song, songs)
    assert [name for name in contents(songs) if name.endswith((".mp3", ".tagged"))] == []
    kept = await downloader.download(song, songs)
    assert str(read(kept.song_path)["TIT2"]) == "Night Rain"
    assert sorted(name[-4:] for name in contents(songs)) == [".mp3", ".png"]


async def test_what_a_killed_download_left_half_tagged_is_no_obstacle(
    song: Job, cdn: Cdn, downloader: Downloader, songs: Path
) -> None:
    cdn.files["/song.mp3"] = Served(mp3())
    songs.mkdir(parents=True)  # noqa: ASYNC240
    left = songs / ".Night Rain - 84 bpm [01234567].01234567.song.part.tagged"
    left.write_bytes(b"half")
    kept = await downloader.download(song, songs)
    assert as_sent(kept.song_path) == mp3()
    assert [name for name in contents(songs) if name.startswith(".")] == []


@given(
    st.text(st.characters(codec="utf-8"), max_size=80),
    st.lists(st.text(max_size=10), max_size=4).map(tuple),
    st.none() | st.floats(1, 999),
    st.none() | st.floats(0, 86_400),
)
def test_whatever_a_song_is_called_others_can_read_it(
    title: str, tags: tuple[str, ...], bpm: float | None, seconds: float | None
) -> None:
    named = job(title, bpm, tags=tags, seconds=seconds)
    tag = ID3(io.BytesIO(tag_bytes(named._replace(job_id=None), COVER, ".png") + FRAME))
    assert str(tag["TIT2"]) == named.name.replace("\0", "")
    assert tag.getall("APIC")[0].data == COVER
