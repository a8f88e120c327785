from __future__ import annotations

import asyncio
import errno
import fcntl
import gzip
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.listening.conftest import no_wait
from tests.listening.server import Asked, Cdn, Reply, Served, chunked
from tests.listening.songs import as_sent, job, mp3, png
from whisul_tui.domain import Job
from whisul_tui.listening.download_errors import (
    AlreadyRunning,
    DownloadError,
    Interrupted,
    LinkDead,
    NoLink,
    NotDownloadable,
    NotStored,
    TooLarge,
    TooSlow,
    UnsafeLink,
    WrongKind,
)
from whisul_tui.listening.downloads import Downloader, Limits, _permitted
from whisul_tui.listening.placing import place
from whisul_tui.listening.progress import Piece, Progress

NAME = "Night Rain - 84 bpm [01234567]"


@pytest.fixture
def song(cdn: Cdn) -> Job:
    cdn.files["/song.mp3"] = Served(mp3())
    cdn.files["/cover.png"] = Served(png(), "image/png")
    return job(song_url=cdn.url("/song.mp3"), image_url=cdn.url("/cover.png"))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def make(folder: Path) -> None:
    folder.mkdir(parents=True)


async def test_song_and_cover_are_kept_under_one_name(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHISUL_API_KEY", "key-canary")
    seen: list[Progress] = []
    kept = await downloader.download(song, songs, seen.append)
    assert files(songs) == [f"{NAME}.mp3", f"{NAME}.png"]
    assert (as_sent(kept.song_path), kept.skipped, kept.cover_error) == (mp3(), False, None)
    assert kept.cover_path is not None
    assert kept.cover_path.read_bytes() == png()
    assert kept.sentence == f"Kept {NAME}.mp3 and its cover in {songs}."
    assert seen[-1] == Progress(Piece.COVER, 5_000, 5_000)
    assert Progress(Piece.SONG, 100_000, 100_000) in seen
    assert [p.done for p in seen if p.piece is Piece.SONG] == sorted(p.done for p in seen if p.piece is Piece.SONG)
    for asked in cdn.asked:
        assert not {"authorization", "cookie", "range"} & set(asked.headers)
        assert asked.headers["accept-encoding"] == "identity"
        assert "canary" not in str(asked)


async def test_repeating_a_download_is_a_no_op_that_says_so(song: Job, downloader: Downloader, songs: Path) -> None:
    await downloader.download(song, songs)
    before = stamps(songs)
    again = await downloader.download(song, songs)
    assert again.skipped
    assert again.sentence == f"{NAME}.mp3 is there already; nothing was downloaded."
    assert stamps(songs) == before


async def test_only_what_is_missing_is_fetched_again(song: Job, downloader: Downloader, songs: Path) -> None:
    first = await downloader.download(song, songs)
    assert first.cover_path is not None
    first.cover_path.unlink()
    again = await downloader.download(song, songs)
    assert not again.skipped
    assert files(songs) == [f"{NAME}.mp3", f"{NAME}.png"]


@pytest.mark.parametrize("size", [100_000, 90_000], ids=["of the same length", "of another length"])
async def test_another_song_of_the_same_name_takes_the_next_one(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path, size: int
) -> None:
    await downloader.download(song, songs)
    cdn.files["/song.mp3"] = Served(mp3(size, "other"))
    cdn.files["/cover.png"] = Served(png(5_000, "other"))
    other = await downloader.download(song, songs)
    assert other.song_path.name == f"{NAME} (2).mp3"
    assert files(songs) == [f"{NAME} (2).mp3", f"{NAME} (2).png", f"{NAME}.mp3", f"{NAME}.png"]
    assert as_sent(songs / f"{NAME}.mp3") == mp3()
    assert (await downloader.download(song, songs)).skipped


async def test_a_chunked_song_is_compared_whole_when_it_is_there_already(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    await downloader.download(song, songs)
    cdn.files["/song.mp3"] = lambda _: Reply(200, chunked([mp3()]), {"Transfer-Encoding": "chunked"})
    assert (await downloader.download(song, songs)).skipped
    assert files(songs) == [f"{NAME}.mp3", f"{NAME}.png"]


@pytest.mark.parametrize(("cut", "size"), [(1, 60), (7, 500), (999, 50_000), (65_536, 300_000)])
async def test_a_server_that_breaks_at_every_kth_byte_is_followed_to_the_end(
    cdn: Cdn, downloader: Downloader, songs: Path, cut: int, size: int
) -> None:
    cdn.files["/song.mp3"] = Served(mp3(size), cut=cut)
    if cut < 16:  # fewer bytes than tell what a song is: the first answer must bring those
        whole = Served(mp3(size), cut=20)
        broken = Served(mp3(size), cut=cut)
        cdn.files["/song.mp3"] = lambda asked: (whole if asked.start is None else broken)(asked)
    kept = await downloader.download(job(song_url=cdn.url("/song.mp3")), songs)
    assert as_sent(kept.song_path) == mp3(size)
    assert len(cdn.asked) >= (size - 20) // cut
    assert files(songs) == [f"{NAME}.mp3"]


async def test_a_server_that_claims_more_than_it_sends_leaves_nothing_under_the_name(
    cdn: Cdn, downloader: Downloader, songs: Path
) -> None:
    cdn.files["/song.mp3"] = lambda _: Reply(200, mp3(5_000), {"ETag": '"v"'}, 6_000)
    with pytest.raises(Interrupted, match="broke"):
        await downloader.download(job(song_url=cdn.url("/song.mp3")), songs)
    assert len(cdn.asked) < 10
    assert not [name for name in files(songs) if not name.endswith((".part", ".part.json"))]


async def test_a_body_whose_end_cannot_be_told_is_not_kept(cdn: Cdn, downloader: Downloader, songs: Path) -> None:
    cdn.files["/song.mp3"] = lambda _: Reply(200, mp3())
    with pytest.raises(NotDownloadable, match="where the song ends"):
        await downloader.download(job(song_url=cdn.url("/song.mp3")), songs)
    assert files(songs) == []


async def test_a_chunked_body_counts_only_with_its_end(cdn: Cdn, downloader: Downloader, songs: Path) -> None:
    pieces = [mp3()[at : at + 999] for at in range(0, 100_000, 999)]
    cdn.files["/song.mp3"] = lambda _: Reply(200, chunked(pieces, whole=False), {"Transfer-Encoding": "chunked"})
    target = job(song_url=cdn.url("/song.mp3"))
    with pytest.raises(Interrupted):
        await downloader.download(target, songs)
    assert not (songs / f"{NAME}.mp3").exists()
    cdn.files["/song.mp3"] = lambda _: Reply(200, chunked(pieces), {"Transfer-Encoding": "chunked"})
    assert as_sent((await downloader.download(target, songs)).song_path) == mp3()


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_dead_link_is_told_apart(cdn: Cdn, song: Job, downloader: Downloader, songs: Path, status: int) -> None:
    cdn.files["/cover.png"] = lambda _: Reply(status, b"x", {}, 1)
    kept = await downloader.download(song, songs)
    assert kept.song_path.exists()
    assert isinstance(kept.cover_error, LinkDead)
    assert "No cover: The link of the cover is dead" in kept.sentence
    cdn.files["/song.mp3"] = cdn.files["/cover.png"]
    with pytest.raises(LinkDead, match=str(status)):
        await downloader.download(song, songs)
    assert files(songs) == [f"{NAME}.mp3"]


@pytest.mark.parametrize(
    ("status", "kind"), [(401, NotDownloadable), (204, NotDownloadable), (429, Interrupted), (503, Interrupted)]
)
async def test_other_answers_are_no_song(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path, status: int, kind: type[DownloadError]
) -> None:
    cdn.files["/song.mp3"] = lambda _: Reply(status, b"", {}, 0)
    with pytest.raises(kind, match=str(status)):
        await downloader.download(song, songs)
    assert len(cdn.asked) <= 4
    assert files(songs) == []


@pytest.mark.parametrize(
    "body", [b"<html>" + b"x" * 5000, b"", b"\xff", b'{"error":"x"}', b"Ogg", png(), b"# mpv EDL v0\n/etc/passwd\n"]
)
async def test_what_is_no_song_is_not_kept(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path, body: bytes
) -> None:
    cdn.files["/song.mp3"] = Served(body, "audio/mpeg")
    with pytest.raises(WrongKind, match="no song but audio/mpeg"):
        await downloader.download(song, songs)
    assert files(songs) == []


async def test_a_song_is_no_cover(cdn: Cdn, song: Job, downloader: Downloader, songs: Path) -> None:
    cdn.files["/cover.png"] = Served(mp3(), "image/png")
    kept = await downloader.download(song, songs)
    assert isinstance(kept.cover_error, WrongKind)
    assert files(songs) == [f"{NAME}.mp3"]


async def test_a_file_over_the_limit_is_refused_before_a_byte_and_at_the_limit(cdn: Cdn, songs: Path) -> None:
    small = Downloader(limits=Limits(song=50_000), sleep=no_wait)
    endless = (mp3(1000) for _ in range(10_000_000))
    cdn.files["/said.mp3"] = Served(mp3())
    cdn.files["/endless.mp3"] = lambda _: Reply(200, chunked(endless), {"Transfer-Encoding": "chunked"})
    for path in ("/said.mp3", "/endless.mp3"):
        with pytest.raises(TooLarge, match="larger than"):
            await small.download(job(song_url=cdn.url(path)), songs)
        assert files(songs) == []
    await small.aclose()


async def test_a_compressed_body_is_refused(cdn: Cdn, downloader: Downloader, songs: Path) -> None:
    bomb = gzip.compress(b"ID3" + bytes(10_000_000))
    cdn.files["/song.mp3"] = Served(bomb, more={"Content-Encoding": "gzip"})
    with pytest.raises(NotDownloadable, match="compressed"):
        await downloader.download(job(song_url=cdn.url("/song.mp3")), songs)
    assert files(songs) == []


@pytest.mark.parametrize("where", ["head", "body", "silence"])
async def test_a_drip_is_ended_after_the_window(cdn: Cdn, songs: Path, where: str) -> None:
    slow = Downloader(limits=Limits(rate=1000, window=0.4), sleep=no_wait)

    def drip(data: bytes) -> Iterator[bytes]:
        for at in range(len(data)):
            yield data[at : at + 1]
            if cdn.ending.wait(0.02):
                return

    if where == "head":
        cdn.files["/song.mp3"] = lambda _: Reply(raw_head=drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000))
    elif where == "body":
        cdn.files["/song.mp3"] = lambda _: Reply(200, drip(mp3(1000)), {"ETag": '"v"'}, 1000)
    else:
        cdn.files["/song.mp3"] = lambda _: Reply(200, (b"" for _ in [cdn.ending.wait(20)]), {}, 1000)
    began = time.monotonic()
    with pytest.raises(TooSlow):
        await slow.download(job(song_url=cdn.url("/song.mp3")), songs)
    assert time.monotonic() - began < 5  # it would take twenty
    await slow.aclose()


def redirect(to: str) -> Reply:
    return Reply(302, b"", {"Location": to, "Set-Cookie": "track=1; Path=/"}, 0)


async def test_five_redirects_are_followed_without_cookies_and_six_are_not(
    cdn: Cdn, downloader: Downloader, songs: Path
) -> None:
    for number in range(6):
        cdn.files[f"/{number}"] = lambda asked: redirect(
            f"/{int(asked.path[1:]) + 1}" if asked.path != "/5" else "/song.mp3"
        )
    cdn.files["/song.mp3"] = Served(mp3())
    kept = await downloader.download(job(song_url=cdn.url("/1")), songs)
    assert as_sent(kept.song_path) == mp3()
    assert not any("cookie" in asked.headers for asked in cdn.asked)
    with pytest.raises(UnsafeLink, match="more than 5"):
        await downloader.download(job(song_url=cdn.url("/0")), songs)


@pytest.mark.parametrize(
    "target",
    [
        "http://cdn.example/a.mp3",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "https://user:pw@cdn.example/a",
        "",
        "//",
        "data:,x",
    ],
)
async def test_a_redirect_to_anything_but_https_is_not_followed(
    cdn: Cdn, downloader: Downloader, songs: Path, target: str
) -> None:
    cdn.files["/song.mp3"] = lambda _: redirect(target)
    with pytest.raises(UnsafeLink):
        await downloader.download(job(song_url=cdn.url("/song.mp3")), songs)
    assert files(songs) == []


async def test_plain_http_is_for_the_loopback_alone(downloader: Downloader, songs: Path) -> None:
    with pytest.raises(UnsafeLink, match="not https"):
        await downloader.download(job(song_url="http://cdn.example/a.mp3"), songs)
    assert _permitted("https://cdn.example/a", loopback=False) == "https://cdn.example/a"
    for link in ("http://127.0.0.1/a", "https://localhost/a"):
        with pytest.raises(UnsafeLink, match="this very machine"):
            _permitted(link, loopback=False)


async def test_a_host_that_no_resolver_takes_is_a_sentence(downloader: Downloader, songs: Path) -> None:
    with pytest.raises(UnsafeLink, match="no valid host"):
        await downloader.download(job(song_url="https://xn--a/song.mp3"), songs)


async def test_a_host_that_cannot_be_reached_is_tried_a_few_times_and_named(songs: Path) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    downloader = Downloader(sleep=sleep)
    with pytest.raises(Interrupted, match=r"127\.0\.0\.1 cannot be reached"):
        await downloader.download(job(song_url="http://127.0.0.1:9/a.mp3"), songs)
    assert waits == [1.0, 2.0, 4.0]
    assert files(songs) == []
    await downloader.aclose()


async def test_a_job_without_song_has_nothing_to_download(downloader: Downloader, songs: Path) -> None:
    with pytest.raises(NoLink):
        await downloader.download(job(), songs)
    assert files(songs.parent.parent) == ["home"]


async def test_a_folder_that_cannot_be_is_named(song: Job, downloader: Downloader, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotStored, match="cannot be written"):
        await downloader.download(song, tmp_path / "file" / "songs")


async def test_two_downloads_of_one_song_do_not_meet(cdn: Cdn, song: Job, songs: Path) -> None:
    downloaders = [Downloader(sleep=no_wait), Downloader(sleep=no_wait)]
    results = await asyncio.gather(*(d.download(song, songs) for d in downloaders), return_exceptions=True)
    assert any(not isinstance(result, BaseException) for result in results)
    assert all(isinstance(result, AlreadyRunning) for result in results if isinstance(result, BaseException))
    assert as_sent(songs / f"{NAME}.mp3") == mp3()
    assert not [name for name in files(songs) if name.startswith(".")]
    for downloader in downloaders:
        await downloader.aclose()


async def test_many_songs_at_once(cdn: Cdn, downloader: Downloader, songs: Path) -> None:
    jobs = []
    for number in range(20):
        cdn.files[f"/{number}.mp3"] = Served(mp3(30_000 + number, str(number)))
        jobs.append(job(f"Song {number}", song_url=cdn.url(f"/{number}.mp3"), job_id=f"{number:08d}-x"))
    kept = await asyncio.gather(*(downloader.download(each, songs) for each in jobs))
    assert [as_sent(result.song_path) for result in kept] == [mp3(30_000 + n, str(n)) for n in range(20)]


async def test_a_symlink_in_the_way_is_not_followed(
    song: Job, downloader: Downloader, songs: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    make(songs)
    (songs / f"{NAME}.mp3").symlink_to(victim)
    kept = await downloader.download(song, songs)
    assert kept.song_path.name == f"{NAME} (2).mp3"
    kept.song_path.unlink()
    (songs / f".{NAME}.01234567.song.part").symlink_to(victim)
    with pytest.raises(NotStored):
        await downloader.download(song, songs)
    assert victim.read_text() == "mine"


async def test_a_song_of_a_few_bytes_is_none(cdn: Cdn, song: Job, downloader: Downloader, songs: Path) -> None:
    cdn.files["/song.mp3"] = Served(b"OggS", "audio/ogg")
    with pytest.raises(Interrupted, match="next to nothing"):
        await downloader.download(song, songs)
    assert files(songs) == []


async def test_a_pipe_in_the_way_is_not_written_to(song: Job, downloader: Downloader, songs: Path) -> None:
    make(songs)
    os.mkfifo(songs / f".{NAME}.01234567.song.part")
    with pytest.raises(NotStored, match="not a file of yours"):
        await downloader.download(song, songs)


async def test_a_folder_that_knows_no_locks_and_no_fsync_will_do(
    song: Job, downloader: Downloader, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    def no_folder_fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(fcntl, "flock", no_locks)
    monkeypatch.setattr(os, "fsync", no_folder_fsync)
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3()


async def test_cancelled_while_it_gets_its_name_the_song_is_whole(
    song: Job, downloader: Downloader, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def slow_place(part: Path, folder: Path, stem: str, ending: str) -> tuple[Path, bool]:
        reached.set()
        assert go_on.wait(10)
        return place(part, folder, stem, ending)

    monkeypatch.setattr("whisul_tui.listening.part_file.place", slow_place)
    running = asyncio.create_task(downloader.download(song, songs))
    assert await asyncio.to_thread(reached.wait, 10)
    running.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert f"{NAME}.mp3" in files(songs)
    assert as_sent(songs / f"{NAME}.mp3") == mp3()
    await downloader.download(song, songs)
    assert files(songs) == [f"{NAME}.mp3", f"{NAME}.png"], "the cover goes on from what came"


async def test_a_broken_proxy_setting_is_a_sentence(song: Job, songs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "nonsense://x")
    downloader = Downloader()
    with pytest.raises(DownloadError, match="proxy or certificate"):
        await downloader.download(song, songs)


async def test_the_studio_is_reached_past_any_proxy(song: Job, songs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    downloader = Downloader(sleep=no_wait)
    assert (await downloader.download(song, songs)).song_path.exists()
    await downloader.aclose()


async def test_the_process_umask_decides_who_reads_the_song(song: Job, downloader: Downloader, songs: Path) -> None:
    before = os.umask(0o077)
    try:
        kept = await downloader.download(song, songs)
    finally:
        os.umask(before)
    assert kept.song_path.stat().st_mode & 0o777 == 0o600


def test_asked_reads_a_range() -> None:
    assert Asked("/", {"range": "bytes=12-"}).start == 12
