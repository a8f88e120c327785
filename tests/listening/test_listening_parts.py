"""The listener's small parts: whom it plays from, private places, its socket, the tap, and players without commands."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.listening.fake_player import short_folder, until
from tests.listening.server import Asked, Cdn, Reply, Served
from tests.listening.songs import noise, wav
from whisul_tui.listening.allowed_hosts import Guard, HostError, LinkRefused, checked_host, read_hosts, write_hosts
from whisul_tui.listening.downloads import Downloader
from whisul_tui.listening.fetching import clear, fetched
from whisul_tui.listening.listening_socket import bound
from whisul_tui.listening.plain_player import PlainPlayer
from whisul_tui.listening.players import Player, PlayerKind
from whisul_tui.listening.private_places import PlaceError, own_socket, private_folder, remove_stale, socket_path
from whisul_tui.listening.song_source import SongSource, SourceError
from whisul_tui.listening.song_tap import SongTap
from whisul_tui.listening.ssh_lines import config_lines, ssh_command
from whisul_tui.listening.steering import SteerError


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as name:
        yield Path(name)


# Hosts ------------------------------------------------------------------------------------------------------------


def test_hosts_are_names_with_ports_where_they_matter() -> None:
    assert checked_host(" CDN.Whisul.com ") == "cdn.whisul.com"
    assert checked_host("a.b:8443") == "a.b:8443"
    assert checked_host("a.b:443") == "a.b"
    assert checked_host("[::1]:80") == "[::1]:80"
    for text in ("", "https://x/", "x/y", "-x", "a b", "x:0", "x:99999", "user@x", "*.x", "x?"):
        with pytest.raises(HostError):
            checked_host(text)


def test_the_guard_lets_only_listed_hosts_pass() -> None:
    guard = Guard(["cdn.whisul.com", "songs.example:8443", "192.0.2.7"])
    assert guard.checked("HTTPS://CDN.whisul.com:443/a b".replace(" ", "%20")) == "https://cdn.whisul.com/a%20b"
    assert guard.checked("http://192.0.2.7/a")
    assert guard.checked("https://songs.example:8443/a")
    for url in ("https://songs.example/a", "http://cdn.whisul.com:81/", "http://127.0.0.1/", "file:///x", None, 7):
        with pytest.raises(LinkRefused):
            guard.checked(url)
    assert Guard(["127.0.0.1:80"]).hosts, "who lists his own machine has said so"


def test_confirmed_hosts_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "config" / "listener-hosts"
    assert read_hosts(path) is None
    write_hosts(path, ["b.example", "a.example:81", "b.example"])
    assert read_hosts(path) == ("a.example:81", "b.example")
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("a.example\nhttps://evil/\n")
    with pytest.raises(HostError, match="listener-hosts: 'https://evil/' is no host"):
        read_hosts(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(HostError, match="cannot be read"):
        read_hosts(path)


# Places -----------------------------------------------------------------------------------------------------------


def test_a_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o755)
    assert private_folder(folder).stat().st_mode & 0o777 == 0o700
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(PlaceError, match="not a folder of yours"):
        private_folder(tmp_path / "link")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(PlaceError, match="Others may write"):
        private_folder(tmp_path / "open" / "run")
    (tmp_path / "file").write_text("")
    with pytest.raises(PlaceError, match="cannot be used"):
        private_folder(tmp_path / "file")
    with pytest.raises(PlaceError, match="too long"):
        socket_path(tmp_path / ("x" * 100))


def test_one_listener_a_place_and_a_killed_ones_socket_is_cleared_away(folder: Path) -> None:
    path = folder / "listen.sock"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
    with bound(path) as listening:
        assert path.stat().st_mode & 0o777 == 0o600
        with pytest.raises(PlaceError, match="Another listener"), bound(path):
            raise AssertionError
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(str(path))
        assert listening.fileno() > 0
    assert not path.exists()
    path.write_text("mine")
    with pytest.raises(PlaceError, match="not a socket of yours"), bound(path):
        raise AssertionError
    assert path.read_text() == "mine"


def test_only_the_stale_socket_that_was_seen_is_removed(folder: Path) -> None:
    path = folder / "s"
    assert own_socket(path) is None
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))
    seen = own_socket(path)
    assert seen is not None
    path.rename(folder / "old")
    with socket.socket(socket.AF_UNIX) as two:
        two.bind(str(path))
        assert not remove_stale(path, seen)
        assert path.exists()
    again = own_socket(path)
    assert again is not None
    assert remove_stale(path, again)
    assert not path.exists()


def test_the_ssh_lines_name_both_ends() -> None:
    path = Path("/run/user/1000/whisul-tui/listen.sock")
    assert ssh_command(path) == f"ssh -R /tmp/whisul-tui-%r.sock:{path} SERVER"
    assert config_lines(path)[1] == f"    RemoteForward /tmp/whisul-tui-%r.sock {path}"
    assert ssh_command(Path("/a b/s")) == "ssh -R '/tmp/whisul-tui-%r.sock:/a b/s' SERVER"
    assert '"/a b/s"' in config_lines(Path("/a b/s"))[1]


# The tap ----------------------------------------------------------------------------------------------------------


async def asked(link: str, request: str) -> tuple[str, bytes]:
    """Status line and body of one raw request; {path} is the link's own."""
    _, _, rest = link.partition("http://127.0.0.1:")
    port, _, path = rest.partition("/")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    try:
        writer.write(request.replace("{path}", f"/{path}").encode())
        answer = await reader.read()
    except ConnectionResetError:
        answer = b""
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0].decode(), body


async def test_the_tap_serves_one_song_to_who_knows_its_path() -> None:
    content = noise(100_000)

    async def read(at: int, count: int) -> bytes:
        return content[at : at + count]

    tap = SongTap()
    link = await tap.offer(len(content), read)
    try:
        get = "GET {path} HTTP/1.1\r\nHost: x\r\n"
        assert await asked(link, f"{get}\r\n") == ("HTTP/1.1 200 OK", content)
        for header, start, end in (("99999-", 99_999, 100_000), ("5-9", 5, 10), ("5-999999", 5, 100_000)):
            body = content[start:end]
            assert await asked(link, f"{get}Range: bytes={header}\r\n\r\n") == ("HTTP/1.1 206 Partial Content", body)
        assert (await asked(link, f"{get}Range: bytes=100000-\r\n\r\n"))[0].startswith("HTTP/1.1 416")
        assert await asked(link, "HEAD {path} HTTP/1.0\r\n\r\n") == ("HTTP/1.1 200 OK", b"")
        for bad in ("GET / HTTP/1.1\r\n\r\n", "GET {path}x HTTP/1.1\r\n\r\n", "POST {path} HTTP/1.1\r\n\r\n"):
            assert (await asked(link, bad))[0] == "HTTP/1.1 404 Not Found"
        assert await asked(link, "x" * 20_000) == ("", b"")
        other = await tap.offer(10, read)
        assert (await asked(link, f"{get}\r\n"))[0] == "HTTP/1.1 404 Not Found"
        assert (await asked(other, f"{get}\r\n"))[1] == content[:10]
    finally:
        await tap.close()


async def test_a_song_that_breaks_off_does_not_look_whole() -> None:
    async def read(at: int, count: int) -> bytes:
        if at:
            raise ConnectionError
        return b"x" * count

    tap = SongTap()
    link = await tap.offer(1_000_000, read)
    _, body = await asked(link, "GET {path} HTTP/1.1\r\n\r\n")
    assert len(body) < 1_000_000
    await tap.close()


# Sources ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranges", [True, False])
async def test_a_source_is_read_from_anywhere(cdn: Cdn, downloader: Downloader, ranges: bool) -> None:
    content = noise(200_000)
    served = Served(content)
    cdn.files["/a.mp3"] = served if ranges else lambda asked: served(Asked(asked.path, {}))
    source = SongSource(downloader.stream, cdn.url("/a.mp3"))
    assert await source.open() == len(content)
    for at, count in ((0, 1000), (1000, 32_768), (150_000, 40_000), (10, 10), (199_999, 500), (200_000, 5)):
        assert await source.read(at, count) == content[at : at + count]
    await source.close()


async def test_a_source_that_changes_or_breaks_is_told(cdn: Cdn, downloader: Downloader) -> None:
    cdn.files["/a.mp3"] = Served(noise(50_000), cut=20_000)
    source = SongSource(downloader.stream, cdn.url("/a.mp3"))
    await source.open()
    assert len(await source.read(0, 10_000)) == 10_000
    with pytest.raises(SourceError):
        await source.read(10_000, 32_768)
    cdn.files["/a.mp3"] = Served(noise(60_000))
    with pytest.raises(SourceError):
        await source.read(40_000, 100)
    cdn.files["/a.mp3"] = lambda _: Reply(200, b"x", {"Transfer-Encoding": "chunked"}, None)
    with pytest.raises(SourceError, match="how long"):
        await SongSource(downloader.stream, cdn.url("/a.mp3")).open()
    with pytest.raises(SourceError):
        await SongSource(downloader.stream, "http://127.0.0.1:9/a.mp3").open()
    await source.close()


# Players without commands -----------------------------------------------------------------------------------------


async def no_fetch(url: str) -> str:
    raise AssertionError(url)


async def test_ffplay_is_started_held_still_and_stopped(cdn: Cdn) -> None:
    program = shutil.which("ffplay")
    if program is None:
        pytest.skip("ffplay is not installed")
    cdn.files["/song.wav"] = Served(wav(60), kind="audio/wav")
    environ = {**os.environ, "SDL_AUDIODRIVER": "dummy"}
    player = PlainPlayer(
        Player(PlayerKind.FFPLAY, "ffplay", (program,)), where="laptop", fetch=no_fetch, environ=environ
    )
    await player.load(cdn.url("/song.wav"), "Rain")
    process = next(child for child in psutil.Process().children() if child.name() == "ffplay")
    await player.pause()
    await until(lambda: process.status() == psutil.STATUS_STOPPED)
    assert player.state().paused
    await player.pause()
    await until(lambda: process.status() != psutil.STATUS_STOPPED)
    for command in (player.seek(3), player.volume(3)):
        with pytest.raises(SteerError, match="cannot be"):
            await command
    await player.pause(True)
    await player.stop()
    assert player.state().ended
    assert not process.is_running()


async def test_a_player_that_needs_files_gets_one_whose_kind_was_looked_at(
    cdn: Cdn, downloader: Downloader, folder: Path
) -> None:
    program = folder / "vlc"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {folder}/seen.new\nmv {folder}/seen.new {folder}/seen\nsleep 60\n'
    )
    program.chmod(0o755)

    async def fetch(url: str) -> str:
        return str(await fetched(downloader.stream, url, folder))

    player = PlainPlayer(Player(PlayerKind.VLC, "vlc", (str(program),)), where="laptop", fetch=fetch)
    cdn.files["/song"] = Served(wav(1))
    cdn.files["/list"] = Served(b"#EXTM3U\n/etc/passwd\n" * 9)
    await player.load(cdn.url("/list"), "List")
    await until(lambda: player.state().is_over)
    assert player.state().failed == "What the link leads to is no song."
    assert not (folder / "seen").exists()
    await player.load(cdn.url("/gone"), "Gone")
    await until(lambda: player.state().is_over)
    assert "404" in player.state().failed
    await player.load(cdn.url("/song"), "Rain")
    await until((folder / "seen").exists)
    path = Path((folder / "seen").read_text().splitlines()[-1])
    assert path.parent == folder
    assert path.suffix == ".wav"
    assert (path.stat().st_size, path.stat().st_mode & 0o777) == (len(wav(1)), 0o600)  # noqa: ASYNC240 - a look
    await player.close()
    clear(folder)
    assert not path.exists()  # noqa: ASYNC240


async def test_a_player_of_the_settings_can_be_stopped_and_no_more(folder: Path) -> None:
    program = folder / "mine"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    player = PlainPlayer(Player(PlayerKind.CUSTOM, "mine", (str(program),)), where="laptop", fetch=no_fetch)
    assert player.can == set()
    before = set(psutil.Process().children())
    await player.load("https://h/a.mp3", "Rain")
    with pytest.raises(SteerError, match="mine cannot be paused"):
        await player.pause()
    (child,) = set(psutil.Process().children()) - before
    child.send_signal(signal.SIGKILL)
    await until(lambda: bool(player.state().failed))
    assert "signal 9" in player.state().failed
    await player.close()
