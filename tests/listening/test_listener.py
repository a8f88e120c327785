"""The listener at its socket: who may say what, and what never gets through."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.listening.fake_player import HOST, Served, serving, short_folder, until
from whisul_tui.listening import remote_messages as m
from whisul_tui.listening.remote_protocol import MAX_LINE, decode_answer, encode
from whisul_tui.listening.session_limits import CONNECTIONS, Limits

URL = f"https://{HOST}/a.mp3"
CLIENT, OTHER = "a" * 32, "b" * 32


@dataclass
class Talk:
    """The server's side, in its own words."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def hear(self) -> m.Answer:
        async with asyncio.timeout(10):
            return decode_answer(await self.reader.readuntil(b"\n"))

    async def say(self, *messages: m.Command | bytes) -> m.Answer:
        """The first answer that is no State."""
        for message in messages:
            self.writer.write(message if isinstance(message, bytes) else encode(message))
        while isinstance(answer := await self.hear(), m.State):
            pass
        return answer

    async def state(self) -> m.State:
        while not isinstance(answer := await self.hear(), m.State):
            pass
        return answer

    async def is_over(self) -> bool:
        with suppress(ConnectionResetError):  # what it had sent was not even read
            async with asyncio.timeout(10):
                while await self.reader.read(65536):
                    pass
        return True


@asynccontextmanager
async def raw(served: Served) -> AsyncIterator[Talk]:
    reader, writer = await asyncio.open_unix_connection(str(served.path))
    try:
        yield Talk(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def talking(served: Served, client: str = CLIENT, name: str = "studio") -> AsyncIterator[Talk]:
    async with raw(served) as talk:
        assert isinstance(await talk.say(m.Hello(1, m.VERSION, name, client)), m.Welcome)
        yield talk


@pytest.fixture
def path() -> Iterator[Path]:
    with short_folder() as name:
        yield Path(name) / "listen.sock"


@pytest.fixture
async def served(path: Path) -> AsyncIterator[Served]:
    async with serving(path) as served:
        yield served


async def test_is_greeted_with_names_and_what_can_be_done(served: Served) -> None:
    async with raw(served) as talk:
        welcome = await talk.say(m.Hello(1, m.VERSION, "studio", CLIENT))
        assert welcome == m.Welcome(1, m.VERSION, "laptop", "fake", ("pause", "seek", "volume"), None)
        assert await talk.say(m.Ping(2)) == m.Done(2)
    assert served.sentences[0] == "studio is connected."
    await until(lambda: served.sentences[-1] == "The connection to studio is gone.")


async def test_commands_reach_the_player_and_its_state_comes_back(served: Served) -> None:
    async with talking(served) as talk:
        assert await talk.say(m.Load(2, 5, URL, "Rain")) == m.Done(2)
        assert await talk.say(m.Pause(3, True)) == m.Done(3)
        assert await talk.say(m.Seek(4, -5.0, True)) == m.Done(4)
        assert await talk.say(m.Volume(5, 30.0, False)) == m.Done(5)
        served.player.becomes(started=True, position=12.5, length=60.0)
        while (state := await talk.state()).position is None:
            pass
        assert state == m.State(5, True, 12.5, 60.0, True, 100.0, False, "")
        assert await talk.say(m.Stop(6)) == m.Done(6)
    assert served.player.told == [
        ("load", URL, "Rain"),
        ("pause", True),
        ("seek", -5.0, True),
        ("volume", 30.0, False),
        ("stop",),
    ]
    assert served.sentences[:3] == ["studio is connected.", "studio plays Rain.", "Rain has ended."]


async def test_where_the_song_is_is_told_unasked_while_it_plays(served: Served) -> None:
    async with talking(served) as talk:
        await talk.say(m.Load(2, 5, URL, "Rain"))
        served.player.now = served.player.now.__class__("laptop", "Rain", True, 7.0)
        while (await talk.state()).position != 7.0:
            pass


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a.mp3",
        f"https://{HOST}.evil.example/a.mp3",
        f"https://evil.example/{HOST}",
        f"https://{HOST}:8443/a.mp3",
        f"https://x.{HOST}/a.mp3",
        "http://127.0.0.1:631/",
        "http://localhost/",
        "http://[::1]/",
        "http://169.254.169.254/latest",
        "http://2130706433/",
        "http://0x7f.1/",
        "https://evil.example/?" + HOST,
        "https://evil.example/#" + HOST,
    ],
)
async def test_only_confirmed_hosts_are_played_from(served: Served, url: str) -> None:
    async with talking(served) as talk:
        answer = await talk.say(m.Load(2, 1, url, "x"))
        assert isinstance(answer, m.Refused)
        assert answer.id == 2
        assert served.player.told == []
        assert "refused" in served.sentences[-1]
        assert await talk.say(m.Ping(3)) == m.Done(3), "a refusal is no reason to part"


@pytest.mark.parametrize(
    "line",
    [
        {"command": ["run", "touch", "/tmp/pwned"]},
        {"command": ["subprocess"], "request_id": 1},
        {"command": ["loadfile", "/etc/passwd"]},
        {"command": ["loadfile", "edl:///etc/passwd"]},
        {"say": "load", "id": 2, "song": 1, "title": "x", "url": "edl:///etc/passwd"},
        {"say": "load", "id": 2, "song": 1, "title": "x", "url": "/etc/passwd"},
        {"say": "load", "id": 2, "song": 1, "title": "x", "url": f"https://{HOST}/a", "options": "script=/x"},
        {"say": "loadfile", "id": 2, "url": f"https://{HOST}/a"},
        {"say": "set_property", "id": 2, "name": "input-commands", "value": "run x"},
        {"say": "welcome", "id": 2},
    ],
)
async def test_nothing_else_can_be_said(served: Served, line: object) -> None:
    async with talking(served) as talk:
        answer = await talk.say(json.dumps(line).encode() + b"\n")
        assert isinstance(answer, m.Refused)
        assert served.player.told == []


async def test_the_first_line_must_be_a_hello_of_this_version(served: Served) -> None:
    for line, why in (
        (encode(m.Ping(1)), "The first line must be a hello."),
        (b"GET / HTTP/1.1\r\n", "The line is no JSON."),
        (encode(m.Hello(1, 2, "s", CLIENT)), "The listener is too old for the other side (version 1 here). Update it."),
        (b"x" * (MAX_LINE + 9), "The line is too long."),
    ):
        async with raw(served) as talk:
            answer = await talk.say(line)
            assert answer == m.Refused(None, why)
            assert await talk.is_over()
    assert served.player.told == []


async def test_garbage_and_floods_end_the_connection(served: Served) -> None:
    async with talking(served) as talk:
        for _ in range(10):
            assert isinstance(await talk.say(b"garbage\n"), m.Refused)
        assert await talk.is_over()
    async with talking(served) as talk:
        talk.writer.write(b"".join(encode(m.Ping(n)) for n in range(2, 5000)))
        assert await talk.is_over()
    async with talking(served) as talk:
        talk.writer.write(b'{"say":"' + b"x" * 1_000_000)
        assert await talk.is_over()


async def test_who_does_not_read_is_cut_off(path: Path) -> None:
    async with serving(path, limits=lambda: Limits(burst=1e9)) as served:
        reader, writer = await asyncio.open_unix_connection(str(path), limit=1024)
        writer.write(encode(m.Hello(1, 1, "deaf", CLIENT)))
        with pytest.raises(OSError, match=r"."):  # noqa: PT012 - whichever write is the first to notice
            for number in range(2, 200_000):
                writer.write(encode(m.Ping(number)))
                await writer.drain()
        await until(lambda: "The connection to deaf is gone." in served.sentences)
        writer.transport.abort()
        del reader


async def test_so_many_connections_and_no_more(served: Served) -> None:
    talks = []
    for _ in range(CONNECTIONS):
        talk = Talk(*await asyncio.open_unix_connection(str(served.path)))
        talks.append(talk)
    async with raw(served) as talk:
        assert await talk.is_over()
    assert isinstance(await talks[0].say(m.Hello(1, 1, "s", CLIENT)), m.Welcome)
    for talk in talks:
        talk.writer.transport.abort()


async def test_a_song_belongs_to_who_loaded_it_last(served: Served) -> None:
    async with talking(served) as one, talking(served, OTHER, "attic") as two:
        await one.say(m.Load(2, 1, URL, "One"))
        assert await two.say(m.Pause(2, True)) == m.Refused(2, "No song of yours plays here.")
        await two.say(m.Load(3, 1, URL, "Two"))
        while not (state := await one.state()).failed:
            pass
        assert state.failed == "attic plays another song there now."
        assert await one.say(m.Stop(3)) == m.Refused(3, "No song of yours plays here.")
        assert await two.say(m.Stop(4)) == m.Done(4)


async def test_a_song_plays_on_while_the_connection_is_broken_and_is_found_again(served: Served) -> None:
    async with talking(served) as talk:
        await talk.say(m.Load(2, 9, URL, "Rain"))
    await until(lambda: "plays on" in served.sentences[-1])
    served.player.becomes(started=True, position=33.0)
    async with raw(served) as talk:
        welcome = await talk.say(m.Hello(1, m.VERSION, "studio", CLIENT))
        assert isinstance(welcome, m.Welcome)
        assert welcome.song == 9
        assert (await talk.state()).position == 33.0
    async with raw(served) as talk:
        welcome = await talk.say(m.Hello(1, m.VERSION, "studio", OTHER))
        assert isinstance(welcome, m.Welcome)
        assert welcome.song is None, "another program's song is none of its business"


async def test_a_newer_connection_of_the_same_program_ends_the_older(served: Served) -> None:
    async with talking(served) as old, talking(served) as new:
        assert await old.is_over()
        assert await new.say(m.Ping(3)) == m.Done(3)
    assert [s for s in served.sentences if "gone" in s] == []


async def test_pieces_are_taken_from_their_own_side_and_when_wanted(served: Served) -> None:
    async with talking(served) as talk, talking(served, OTHER) as other:
        assert await talk.say(m.Relay(2, 4, "Local", 10)) == m.Done(2)
        link = str(served.player.told[0][1])
        assert link.startswith("http://127.0.0.1:")
        reader, writer = await asyncio.open_connection("127.0.0.1", int(link.split(":")[2].split("/")[0]))
        writer.write(f"GET /{link.rpartition('/')[2]} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        want = await talk.say()
        assert want == m.Want(1, 4, 0, 10)
        refused = m.Refused(None, "Nobody asked for this piece.")
        assert await other.say(m.Piece(1, b"evil567890")) == refused
        assert await talk.say(m.Piece(2, b"x")) == refused
        assert await talk.say(m.Piece(1, b"12345678901")) == refused, "more than was wanted"
        talk.writer.write(encode(m.Piece(1, b"1234567890")))
        assert (await reader.read()).endswith(b"\r\n\r\n1234567890")
        writer.close()
        await writer.wait_closed()


async def test_a_wanted_piece_is_asked_for_again_after_a_break(served: Served) -> None:
    async with talking(served) as talk:
        await talk.say(m.Relay(2, 4, "Local", 10))
        link = str(served.player.told[0][1])
        reader, writer = await asyncio.open_connection("127.0.0.1", int(link.split(":")[2].split("/")[0]))
        writer.write(f"GET /{link.rpartition('/')[2]} HTTP/1.1\r\nRange: bytes=4-\r\n\r\n".encode())
        want = await talk.say()
    async with raw(served) as talk:
        assert isinstance(await talk.say(m.Hello(1, m.VERSION, "studio", CLIENT)), m.Welcome)
        assert await talk.say() == want == m.Want(1, 4, 4, 6)
        talk.writer.write(encode(m.Piece(1, b"567890")))
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        assert b"206" in head.splitlines()[0]
        assert b"Content-Range: bytes 4-9/10" in head
        assert body == b"567890"
        writer.close()
        await writer.wait_closed()


async def test_a_player_that_cannot_is_told_and_nobody_is_thrown_out(served: Served) -> None:
    served.player.refusal = "mpv has ended."
    async with talking(served) as talk:
        assert await talk.say(m.Load(2, 1, URL, "x")) == m.Refused(2, "mpv has ended.")
        assert await talk.say(m.Ping(3)) == m.Done(3)


def test_limits_count_by_the_clock() -> None:
    now = 0.0
    limits = Limits(per_second=2, burst=3, clock=lambda: now)
    assert [limits.may_command() for _ in range(4)] == [True, True, True, False]
    now = 1.0
    assert [limits.may_command() for _ in range(3)] == [True, True, False]
    assert [limits.may_err() for _ in range(10)] == [True] * 9 + [False]
