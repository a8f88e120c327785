"""With a real mpv and a sound that goes nowhere."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.listening.fake_player import short_folder, until
from tests.listening.server import Asked, Cdn, Reply, Served
from tests.listening.songs import wav
from whisul_tui.listening.mpv_ipc import MpvError, MpvIpc
from whisul_tui.listening.mpv_player import MpvPlayer
from whisul_tui.listening.players import Player, PlayerKind
from whisul_tui.listening.steering import Steer, SteerError

MPV = shutil.which("mpv")
pytestmark = pytest.mark.skipif(MPV is None, reason="mpv is not installed")
SILENT = Player(PlayerKind.MPV, "mpv", (str(MPV), "--ao=null"))


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as name:
        yield Path(name)


@pytest.fixture
async def mpv(folder: Path) -> AsyncIterator[MpvPlayer]:
    player = MpvPlayer(SILENT, folder / "mpv.sock", where="laptop", stays=True)
    yield player
    await player.close()


@pytest.fixture
def song(cdn: Cdn) -> str:
    cdn.files["/song.wav"] = Served(wav(60), kind="audio/wav")
    return cdn.url("/song.wav")


async def look(folder: Path, name: str) -> object:
    """A property, as mpv itself tells it to another client."""
    ipc = await MpvIpc.at(str(folder / "mpv.sock"), lambda _: None)
    try:
        return await ipc.command("get_property", name)
    finally:
        await ipc.close()


def mpvs() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it ended between the two looks
            if child.name() == "mpv":
                found.append(child)
    return found


async def test_plays_and_is_steered_as_mpv_itself_says(mpv: MpvPlayer, folder: Path, song: str) -> None:
    await mpv.load(song, "Night Rain")
    assert mpv.state().title == "Night Rain"
    await until(lambda: mpv.state().started and (mpv.state().position or 0) > 0.1)
    assert mpv.state().length == pytest.approx(60, abs=0.1)
    await mpv.pause()
    assert await look(folder, "pause") is True
    await mpv.seek(30)
    await until(lambda: abs((mpv.state().position or 0) - 30) < 0.5)
    await mpv.seek(-10, relative=True)
    await until(lambda: abs((mpv.state().position or 0) - 20) < 0.5)
    assert await look(folder, "time-pos") == pytest.approx(20, abs=0.5)
    await mpv.volume(40)
    await mpv.volume(-5, relative=True)
    assert await look(folder, "volume") == 35
    await mpv.volume(-100, relative=True)
    await mpv.volume(-100, relative=True)
    assert await look(folder, "volume") == 0
    await mpv.volume(500)
    assert await look(folder, "volume") == 100
    await mpv.pause()
    assert await look(folder, "pause") is False
    await mpv.stop()
    assert mpv.state().ended
    assert await look(folder, "idle-active") is True


async def test_a_second_song_takes_the_place_of_the_first_and_keeps_the_volume(
    mpv: MpvPlayer, folder: Path, song: str
) -> None:
    await mpv.load(song, "One")
    await until(lambda: mpv.state().started)
    await mpv.volume(20)
    await mpv.pause(True)
    for number in range(20):
        await mpv.load(f"{song}?{number}", f"Song {number}")

    def as_wanted() -> bool:
        state = mpv.state()
        seen = (state.title, state.started, state.ended, state.failed, state.paused, state.volume)
        return seen == ("Song 19", True, False, "", False, 20)

    await until(as_wanted)
    assert str(await look(folder, "path")).endswith("?19")


async def test_an_end_and_a_failure_are_told(mpv: MpvPlayer, cdn: Cdn) -> None:
    cdn.files["/short.wav"] = Served(wav(0.4), kind="audio/wav")
    await mpv.load(cdn.url("/short.wav"), "Short")
    await until(lambda: mpv.state().ended)
    assert mpv.state().started
    await mpv.load(cdn.url("/gone.wav"), "Gone")
    await until(lambda: bool(mpv.state().failed))
    assert mpv.state().failed == "mpv could not play it: loading failed."
    with pytest.raises(SteerError, match="Nothing plays now"):
        await mpv.pause()


async def test_a_song_is_not_moved_before_it_has_begun(mpv: MpvPlayer, cdn: Cdn) -> None:
    may_come = threading.Event()

    def slow(asked: Asked) -> Reply:
        may_come.wait(10)
        return Served(wav(1))(asked)

    cdn.files["/slow.wav"] = slow
    await mpv.load(cdn.url("/slow.wav"), "Slow")
    with pytest.raises(SteerError, match="has not begun yet"):
        await mpv.seek(3)
    may_come.set()


@pytest.mark.parametrize(
    "content", [b"#EXTM3U\n{secret}\n", b"# mpv EDL v0\n{secret}\n", b"ffconcat version 1.0\nfile {secret}\n"]
)
async def test_a_song_that_is_a_list_of_other_files_opens_none_of_them(
    mpv: MpvPlayer, folder: Path, cdn: Cdn, tmp_path: Path, content: bytes
) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(wav(5))
    cdn.files["/other.wav"] = Served(wav(5))
    for target in (str(secret), cdn.url("/other.wav")):
        cdn.files["/song.mp3"] = Served(content.replace(b"{secret}", target.encode()) + b"\n" * 600)
        cdn.asked.clear()
        await mpv.load(cdn.url("/song.mp3"), "List")
        await until(lambda: mpv.state().is_over)
        assert mpv.state().failed
        assert "/other.wav" not in [asked.path for asked in cdn.asked]


async def test_mpv_ends_with_its_song_unless_it_stays(folder: Path, cdn: Cdn) -> None:
    cdn.files["/short.wav"] = Served(wav(0.3), kind="audio/wav")
    told: list[Steer] = []
    player = MpvPlayer(SILENT, folder / "mpv.sock", where="this host", on_change=told.append)
    await player.load(cdn.url("/short.wav"), "Short")
    await until(lambda: len(mpvs()) == 1 or player.state().ended)
    await until(lambda: player.state().ended)
    await until(lambda: not mpvs())
    await until(lambda: not (folder / "mpv.sock").exists())
    await player.load(cdn.url("/short.wav"), "Again")
    await until(lambda: player.state().started or player.state().ended)
    await player.close()
    await until(lambda: not mpvs())
    assert told[-1].ended
    assert [state.title for state in told if state.started and not state.ended]


async def test_mpv_that_is_killed_or_refuses_to_start_is_told(folder: Path, song: str) -> None:
    player = MpvPlayer(SILENT, folder / "mpv.sock", where="laptop", stays=True)
    await player.load(song, "Song")
    await until(lambda: player.state().started)
    mpvs()[0].kill()
    await until(lambda: bool(player.state().failed))
    assert player.state().failed == "mpv has ended by itself."
    await player.load(song, "Again")
    await until(lambda: player.state().started)
    await player.close()
    broken = MpvPlayer(
        Player(PlayerKind.MPV, "mpv", (str(MPV), "--no-such-option")), folder / "mpv.sock", where="laptop"
    )
    with pytest.raises(SteerError, match=r"did not start .* mpv 0\.33 or newer"):
        await broken.load(song, "Song")
    assert broken.state().failed
    await broken.close()
    with pytest.raises(SteerError, match="could not be started"):
        await MpvPlayer(Player(PlayerKind.MPV, "mpv", ("/nowhere",)), folder / "x", where="laptop").load(song, "S")


async def test_no_other_thing_than_a_web_link_is_loaded(mpv: MpvPlayer) -> None:
    for url in ("/etc/passwd", "file:///etc/passwd", "edl:///etc/passwd", "--script=x", "lavf://concat:/etc/passwd"):
        with pytest.raises(SteerError):
            await mpv.load(url, "x")
    assert mpvs() == [], "it has not even been started"


def test_mpv_goes_when_its_program_is_killed(folder: Path, cdn: Cdn) -> None:
    cdn.files["/song.wav"] = Served(wav(60), kind="audio/wav")
    program = f"""
import asyncio, sys
from pathlib import Path
from whisul_tui.listening.mpv_player import MpvPlayer
from whisul_tui.listening.players import Player, PlayerKind

async def main():
    silent = Player(PlayerKind.MPV, "mpv", ({MPV!r}, "--ao=null"))
    player = MpvPlayer(silent, Path({str(folder)!r}) / "mpv.sock", where="x")
    await player.load({cdn.url("/song.wav")!r}, "Song")
    while not player.state().started:
        await asyncio.sleep(0.01)
    print("plays", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "plays\n"
        players = mpvs()
        assert len(players) == 1
        os.kill(running.pid, signal.SIGKILL)
    gone, _ = psutil.wait_procs(players, timeout=5)
    assert gone == players


async def test_a_silent_or_babbling_mpv_is_not_waited_for(folder: Path) -> None:
    lines: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        await reader.readline()
        writer.write(b'[]\nno json\n{"request_id":[1]}\n{"request_id":77,"error":"success"}\n{"event":"x"}\n')
        await reader.readline()
        writer.write(b"x" * 3_000_000)
        await writer.drain()

    server = await asyncio.start_unix_server(answer, str(folder / "s"))
    heard: list[object] = []
    ipc = await MpvIpc.at(str(folder / "s"), lambda event: heard.append(event["event"]))
    with pytest.raises(MpvError, match=r"not answered for 0\.2 s"):
        await ipc.command("get_property", "pause", timeout=0.2)
    with pytest.raises(MpvError, match="has ended"):
        await ipc.command("get_property", "pause")
    assert heard == ["x", "gone"]
    with pytest.raises(MpvError, match="has ended"):
        await ipc.command("get_property", "pause")
    await ipc.close()
    for writer in lines:
        writer.transport.abort()
    server.close()
    await server.wait_closed()
