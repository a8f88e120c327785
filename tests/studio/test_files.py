"""Songs and covers as a player and a resuming download ask for them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.studio.support import KEY, Served, until
from tests.studio.tiny import AUDIO, COVER


@pytest.fixture(scope="module")
def song_url(studio: Served) -> str:
    return str(studio.song()["song_url"])


@pytest.fixture(scope="module")
def player() -> Iterator[httpx.Client]:
    """A client that knows no key."""
    with httpx.Client(trust_env=False, verify=False) as client:
        yield client


def test_a_song_comes_whole_and_without_a_key(player: httpx.Client, song_url: str) -> None:
    answer = player.get(song_url)
    assert answer.status_code == 200
    assert answer.content == AUDIO
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["content-length"] == str(len(AUDIO))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"].startswith('"')


def test_a_cover_and_the_other_types_are_named_rightly(studio: Served, player: httpx.Client) -> None:
    cover = player.get(str(studio.song()["image_url"]))
    assert (cover.content, cover.headers["content-type"]) == (COVER, "image/jpeg")
    other = studio.song("png")
    assert player.get(other["song_url"]).headers["content-type"] == "audio/wav"
    assert player.get(other["image_url"]).headers["content-type"] == "image/png"


def test_head_tells_what_get_would_send(player: httpx.Client, song_url: str) -> None:
    answer = player.head(song_url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(AUDIO))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=100-199", 100, 200), ("bytes=10000-", 10_000, 10_240), ("bytes=-40", 10_200, 10_240),
     ("bytes=10200-99999", 10_200, 10_240), ("bytes=-99999", 0, 10_240)],
)  # fmt: skip
def test_a_range_is_sent_as_asked(player: httpx.Client, song_url: str, asked: str, start: int, end: int) -> None:
    answer = player.get(song_url, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == AUDIO[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(AUDIO)}"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_behind_the_end_cannot_be_satisfied(player: httpx.Client, song_url: str, asked: str) -> None:
    answer = player.get(song_url, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(AUDIO)}"


@pytest.mark.parametrize(
    "asked", ["bytes=9-5", "bytes=x-y", "bytes=", "pages=1-2", "bytes=0-1,5-6", "bytes=" + "9" * 400 + "-"]
)
def test_what_is_not_one_range_gets_the_whole(player: httpx.Client, song_url: str, asked: str) -> None:
    answer = player.get(song_url, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, AUDIO)


def test_a_resumed_download_gets_the_rest_only_of_the_same_file(player: httpx.Client, song_url: str) -> None:
    etag = player.head(song_url).headers["etag"]
    same = player.get(song_url, headers={"Range": "bytes=5000-", "If-Range": etag})
    assert (same.status_code, same.content) == (206, AUDIO[5000:])
    other = player.get(song_url, headers={"Range": "bytes=5000-", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, AUDIO)


@pytest.mark.parametrize(
    "path",
    [
        "/songs/../studio.db",
        "/songs/..%2fstudio.db",
        "/songs/%2e%2e/studio.db",
        "/songs/81fa5ff7-6197-4c24-8062-c0ff8b62d58d.mp3",
        "/songs/81fa5ff7-6197-4c24-8062-c0ff8b62d58d.mp3%00",
        "/songs/",
        "/songs//etc/passwd",
        "/covers/x.jpg",
    ],
)
def test_nothing_else_of_the_disk_is_served(studio: Served, path: str) -> None:
    # A raw request: a client library would tidy the path up before it leaves.
    with socket.create_connection(("127.0.0.1", studio.port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b'{"error":"Not found"' in answer


def test_a_song_cannot_be_had_as_a_cover(studio: Served, player: httpx.Client, song_url: str) -> None:
    assert player.get(song_url.replace("/songs/", "/covers/")).status_code == 404
    assert player.get(song_url.replace(".mp3", ".wav")).status_code == 404


def test_a_song_that_is_being_made_is_not_there_yet(studio: Served, player: httpx.Client, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    job_id = studio.submit(f"wait {gate}")
    until(gate.with_suffix(".started").exists)
    assert player.get(f"http://127.0.0.1:{studio.port}/songs/{job_id}.mp3").status_code == 404
    gate.touch()
    studio.end_of(job_id)
    assert player.get(f"http://127.0.0.1:{studio.port}/songs/{job_id}.mp3", headers={"X": KEY}).status_code == 200
