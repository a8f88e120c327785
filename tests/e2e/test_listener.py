"""Listening over SSH: a real sshd on loopback, a laptop and a server with homes of their own, mpv without sound."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from tests.e2e.over_ssh import WHISUL, Laptop, Sshd, laptop, needs_ssh, own_address, places, wait_for_socket
from tests.listening.fake_player import short_folder, until
from tests.listening.server import Cdn, Served
from tests.listening.songs import wav
from whisul_tui.listening.remote import RemoteListener
from whisul_tui.listening.remote_line import NoLine

pytestmark = needs_ssh


def test_a_song_plays_on_the_laptop_and_is_steered_from_the_server(sshd: Sshd, there: str) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address but loopback, and the listener plays no link to that")
    with Cdn(address) as cdn:
        cdn.files["/song.wav"] = Served(wav(60), kind="audio/wav")
        url = cdn.url("/song.wav")
        host = url.split("/")[2]
        with laptop(there, "--allow", host) as here, sshd.connected(here.line) as ssh:
            wait_for_socket(places(there)[0], ssh)
            asyncio.run(_steered(here, places(there), url))


async def _steered(here: Laptop, where: list[Path], url: str) -> None:
    remote = RemoteListener(where, host="server")
    try:
        assert await remote.connect() == socket.gethostname()
        await remote.load(url, "Night Rain")
        await until(lambda: (remote.state().position or 0) > 0.2)
        assert remote.state().length == pytest.approx(60, abs=0.1)
        assert await here.look("path") == url, "the laptop's mpv fetches the song itself"
        await remote.pause()
        assert await here.look("pause") is True
        await remote.seek(30)
        await until(lambda: abs((remote.state().position or 0) - 30) < 0.5)
        assert await here.look("time-pos") == pytest.approx(30, abs=0.5)
        await remote.volume(35)
        assert await here.look("volume") == 35
        await remote.pause()
        assert await here.look("pause") is False
        times = []
        for _ in range(20):
            before = monotonic()
            await remote.volume(1, relative=True)
            times.append(monotonic() - before)
        assert sorted(times)[10] < 0.02, times
        await remote.stop()
        assert await here.look("idle-active") is True
    finally:
        await remote.close()


def test_a_song_of_the_studio_is_heard_through_the_tunnel(sshd: Sshd, there: str) -> None:
    with short_folder() as server, laptop(there) as here, sshd.connected(here.line) as ssh:
        environ = {"HOME": server, "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": server, "LANG": "C.UTF-8"}
        made = subprocess.run(
            [*WHISUL, "--local", "generate", "--wait", "--json", "short soft rain"],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        song = json.loads(made.stdout)
        record = json.loads(next((Path(server) / ".local/state/whisul-tui").glob("**/studio*.json")).read_text())
        wait_for_socket(places(there)[0], ssh)
        try:
            asyncio.run(_heard(here, places(there), song))
        finally:
            os.kill(record["pid"], signal.SIGTERM)  # the studio that the command has started


async def _heard(here: Laptop, where: list[Path], song: dict[str, object]) -> None:
    remote = RemoteListener(where, host="server")
    try:
        assert str(song["song_url"]).startswith("http://127.0.0.1:")
        await remote.load(str(song["song_url"]), str(song["title"]))
        await until(lambda: (remote.state().position or 0) > 0.2)
        assert remote.state().length == pytest.approx(song["seconds"], abs=1)
        assert str(await here.look("path")).startswith("http://127.0.0.1:")
        assert await here.look("path") != song["song_url"]
        await remote.seek(float(str(song["seconds"])) - 2)
        await until(lambda: remote.state().ended)
        assert not remote.state().failed
    finally:
        await remote.close()


def test_ssh_is_killed_and_comes_back(sshd: Sshd, there: str) -> None:
    where = places(there)
    with Cdn() as cdn, laptop(there) as here, ExitStack() as stack:
        cdn.files["/song.wav"] = Served(wav(60), kind="audio/wav")
        ssh = stack.enter_context(sshd.connected(here.line))
        wait_for_socket(where[0], ssh)
        asyncio.run(_back_again(sshd, here, where, ssh, cdn.url("/song.wav")))
        assert where[0].is_socket()


async def _back_again(sshd: Sshd, here: Laptop, where: list[Path], ssh: subprocess.Popen[str], url: str) -> None:
    remote = RemoteListener(where, host="server")
    try:
        await remote.load(url, "Night Rain")
        await until(lambda: (remote.state().position or 0) > 0.2)
        ssh.kill()
        before = monotonic()
        await until(lambda: bool(remote.state().away))
        assert monotonic() - before < 2
        # sshd leaves its socket behind; it is cleared away, or the next ssh could not have its place.
        await until(lambda: not where[0].exists())
        assert await here.look("idle-active") is False, "the song plays on"
        at = remote.state().position or 0
        with sshd.connected(here.line) as again:
            await asyncio.to_thread(wait_for_socket, where[0], again)
            await until(lambda: not remote.state().away)
            await until(lambda: (remote.state().position or 0) > at)
            assert not remote.state().is_over
            await remote.pause(True)
            assert await here.look("pause") is True
            await remote.seek(50)  # bytes that had not come before the break
            await until(lambda: abs((remote.state().position or 0) - 50) < 0.5)
    finally:
        await remote.close()


def test_what_ssh_left_behind_is_explained_and_cleared_away(sshd: Sshd, there: str) -> None:
    where = places(there)
    with laptop(there) as here:
        with sshd.connected(here.line) as ssh:
            wait_for_socket(where[0], ssh)
        with sshd.connected(here.line) as ssh:
            assert ssh.stderr is not None
            assert "remote port forwarding failed" in ssh.stderr.read(), "so it is: sshd does not take the place"
        assert "StreamLocalBindUnlink" in asyncio.run(_trouble(where))
        with sshd.connected(here.line) as ssh:
            wait_for_socket(where[0], ssh)
            assert asyncio.run(_trouble(where)) == ""
            here.process.send_signal(signal.SIGINT)
            here.process.wait(20)
            assert "no listener answers there" in asyncio.run(_trouble(where))


async def _trouble(where: list[Path]) -> str:
    remote = RemoteListener(where, host="server")
    try:
        await remote.connect()
    except NoLine as error:
        return str(error)
    else:
        return ""
    finally:
        await remote.close()
