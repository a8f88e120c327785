"""The TUI's side against a real listener, both in this process, over a real socket."""

from __future__ import annotations

import asyncio
import socket
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.listening.fake_player import HOST, serving, short_folder, until
from tests.listening.server import Cdn, Served
from tests.listening.songs import noise
from whisul_tui.listening import remote
from whisul_tui.listening.remote import RemoteListener
from whisul_tui.listening.remote_line import NOT_FOUND, NoLine, socket_places
from whisul_tui.listening.steering import Steer, SteerError

URL = f"https://{HOST}/a.mp3"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_AGAIN_SECONDS", 0.01)


@pytest.fixture
def path() -> Iterator[Path]:
    with short_folder() as name:
        yield Path(name) / "s.sock"


@asynccontextmanager
async def listening_to(path: Path) -> AsyncIterator[RemoteListener]:
    there = RemoteListener([path.parent / "nothing.sock", path], host="studio")
    try:
        yield there
    finally:
        await there.close()


async def test_loads_and_steers_and_sees(path: Path) -> None:
    async with serving(path) as served, listening_to(path) as there:
        assert await there.connect() == "laptop"
        assert there.can == {"pause", "seek", "volume"}
        await there.load(URL, "Rain")
        await there.pause()
        assert there.state().paused
        await there.pause()
        await there.seek(90)
        await there.seek(-5, relative=True)
        await there.volume(40)
        served.player.becomes(started=True, position=3.0, length=60.0, volume=40.0)
        await until(lambda: there.state().position == 3.0)
        assert there.state() == Steer("laptop", "Rain", True, 3.0, 60.0, False, 40.0)
        served.player.becomes(position=60.0, ended=True)
        await until(lambda: there.state().ended)
        assert served.player.told == [
            ("load", URL, "Rain"),
            ("pause", True),
            ("pause", False),
            ("seek", 90.0, False),
            ("seek", -5.0, True),
            ("volume", 40.0, False),
        ]


async def test_a_round_trip_takes_no_time_worth_speaking_of(path: Path) -> None:
    async with serving(path), listening_to(path) as there:
        await there.connect()
        loop = asyncio.get_running_loop()
        times = []
        for _ in range(30):
            before = loop.time()
            await there.ping()
            times.append(loop.time() - before)
        assert sorted(times)[15] < 0.02


async def test_a_refusal_is_the_songs_failure(path: Path) -> None:
    async with serving(path), listening_to(path) as there:
        with pytest.raises(SteerError, match=r"whisul-tui listen --allow evil\.example"):
            await there.load("https://evil.example/a.mp3", "x")
        assert "evil.example" in there.state().failed
        with pytest.raises(SteerError):
            await there.load("file:///etc/passwd", "x")


async def test_a_song_on_this_hosts_loopback_is_heard_through_the_line(path: Path, cdn: Cdn) -> None:
    content = noise(300_000)
    cdn.files["/song.mp3"] = Served(content)

    async def fetch(url: str, start: int) -> bytes:
        request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

        def read() -> bytes:
            with opener.open(request, timeout=10) as answer:
                body: bytes = answer.read()
                return body

        return await asyncio.to_thread(read)

    async with serving(path) as served, listening_to(path) as there:
        await there.load(cdn.url("/song.mp3"), "Local")
        link = str(served.player.told[0][1])
        assert link.startswith("http://127.0.0.1:")
        assert "/song.mp3" not in link
        for start in (0, 200_000, 100_001, 299_999):
            assert await fetch(link, start) == content[start:]


async def test_a_song_that_cannot_be_read_here_is_told_before_anything_is_asked_for(path: Path, cdn: Cdn) -> None:
    async with serving(path) as served, listening_to(path) as there:
        with pytest.raises(SteerError, match="answers 404"):
            await there.load(cdn.url("/gone.mp3"), "Gone")
        assert served.player.told == []


async def test_a_break_shows_at_once_and_heals(path: Path) -> None:
    async with listening_to(path) as there:
        async with serving(path) as served:
            await there.load(URL, "Rain")
            served.player.becomes(started=True, position=3.0)
            await until(lambda: there.state().position == 3.0)
            line = there._line
            assert line is not None
            line._writer.transport.abort()
            await until(lambda: bool(there.state().away))
            assert "broken" in there.state().away
            served.player.becomes(position=9.0)
            await until(lambda: not there.state().away)
            await until(lambda: there.state().position == 9.0)
            assert not there.state().failed
        await until(lambda: bool(there.state().away))
        with pytest.raises(SteerError, match="broken"):
            await there.pause()
        async with serving(path):
            await until(lambda: not there.state().away)
            assert "started anew" in there.state().failed
            await there.load(URL, "Rain")
            assert not there.state().failed


async def why_not(path: Path) -> str:
    async with listening_to(path) as there:
        with pytest.raises(NoLine) as caught:
            await there.connect()
    return str(caught.value)


def test_what_is_missing_is_said(path: Path) -> None:
    assert asyncio.run(why_not(path)) == NOT_FOUND
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    stale_is = asyncio.run(why_not(path))
    assert "was left behind" in stale_is
    assert "has been removed: connect with ssh anew" in stale_is
    assert "StreamLocalBindUnlink" in stale_is
    assert not path.exists()
    path.write_text("no socket")
    assert "not a socket of yours" in asyncio.run(why_not(path))
    assert path.exists()


async def test_an_ssh_that_leads_nowhere_is_told_apart(path: Path) -> None:
    async def part(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_unix_server(part, str(path))
    async with listening_to(path) as there:
        with pytest.raises(NoLine, match="Run whisul-tui listen where you sit"):
            await there.connect()
    server.close()
    await server.wait_closed()


async def test_another_programs_socket_is_no_listener(path: Path) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'{"say":"done","id":1}\n')
        await reader.read()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_unix_server(babble, str(path))
    async with listening_to(path) as there:
        with pytest.raises(NoLine, match="no listener of whisul-tui"):
            await there.connect()
    server.close()
    await server.wait_closed()


def test_the_places_are_the_settings_or_the_usual_ones(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whisul_tui.listening.remote_line.SHARED", Path("/tmp"))  # where `listen` tells ssh to put it
    assert socket_places("~/w.sock", Path("/run/x")) == [home / "w.sock"]
    usual = socket_places(None, Path("/run/x"))
    assert usual[0] == Path("/run/x/listener.sock")
    assert str(usual[1]).startswith("/tmp/whisul-tui-")
