"""The short form of `python -m tests.benchmarks.listener_fuzz`, proof that its judge can fail, and a real mpv."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from tests.benchmarks.listener_fuzz import HOST, allowed, fuzz
from tests.listening.fake_player import short_folder, until
from tests.listening.songs import wav
from whisul_tui.listening.allowed_hosts import Guard
from whisul_tui.listening.listener import Listener
from whisul_tui.listening.listening_socket import bound
from whisul_tui.listening.mpv_ipc import MpvError, MpvIpc
from whisul_tui.listening.mpv_player import MpvPlayer
from whisul_tui.listening.players import Player, PlayerKind


def test_hostile_lines_reach_mpv_as_the_few_commands_or_not_at_all() -> None:
    report = asyncio.run(fuzz(2000, seed=3))
    assert report.is_clean, (report.leaks[:3], report.faults[:3], report.grown)
    assert report.read >= 2000
    assert report.answered["refused"] > 500
    assert report.passed["loadfile"] > 10, "what may pass does"


@pytest.mark.parametrize(
    "command",
    [
        ["run", "touch", "/tmp/x"],
        ["loadfile", "/etc/passwd", "replace"],
        ["loadfile", "edl:///etc/passwd", "replace"],
        ["loadfile", "http://127.0.0.1:631/", "replace"],
        ["loadfile", f"https://{HOST}/a", "append"],
        ["loadfile", f"https://{HOST}/a", "replace", "script=/x"],
        ["loadfile", f"https://{HOST}@evil.example/", "replace"],
        ["set_property", "volume", 400],
        ["set_property", "input-commands", "x"],
        ["set_property", "pause", "x"],
        {"name": "subprocess"},
        [],
    ],
)
def test_the_judge_knows_what_must_not_pass(command: object) -> None:
    assert not allowed(command)


def test_a_real_mpv_behind_the_listener_runs_nothing_and_opens_no_file(tmp_path: Path) -> None:
    program = shutil.which("mpv")
    if program is None:
        pytest.skip("mpv is not installed")
    asyncio.run(_attacked(program, tmp_path))


async def _attacked(program: str, tmp_path: Path) -> None:
    witness, song = tmp_path / "pwned", tmp_path / "song.wav"
    song.write_bytes(wav(5))
    script = tmp_path / "x.lua"
    script.write_text(f"io.open({str(witness)!r}, 'w'):close()")
    attacks: list[object] = [
        {"command": ["run", "touch", str(witness)]},
        {"command": ["loadfile", str(song)]},
        {"command": ["load-script", str(script)]},
        {"say": "run", "id": 2, "args": ["touch", str(witness)]},
        *(
            {"say": "load", "id": 2, "song": 1, "title": "x", "url": url}
            for url in (str(song), f"file://{song}", f"edl://{song}", f"--script={script}", f"https://{HOST}/\n{song}")
        ),
    ]
    with short_folder() as name, bound(Path(name) / "s") as listening:
        folder = Path(name)
        player = Player(PlayerKind.MPV, "mpv", (program, "--ao=null"))
        listener = Listener(
            lambda told: MpvPlayer(player, folder / "mpv.sock", where="laptop", stays=True, on_change=told),
            Guard([HOST]),
            name="laptop",
            player_name="mpv",
            tell=lambda _: None,
        )
        end = asyncio.Event()
        serving = asyncio.create_task(listener.serve(listening, end))
        reader, writer = await asyncio.open_unix_connection(str(folder / "s"))
        hello = {"say": "hello", "id": 1, "version": 1, "name": "evil", "client": "e" * 32}
        wake = {"say": "relay", "id": 2, "song": 1, "title": "mpv runs from here on", "size": 5}
        for line in (hello, wake):
            writer.write(json.dumps(line).encode() + b"\n")
        await until((folder / "mpv.sock").is_socket)
        for attack in attacks:
            writer.write(json.dumps(attack).encode() + b"\n")
        refused = 0
        while refused < len(attacks):
            refused += b"refused" in await reader.readline()
        ipc = await MpvIpc.at(str(folder / "mpv.sock"), lambda _: None)
        assert (await _path(ipc)).startswith("http://127.0.0.1:")
        assert await ipc.command("get_property", "playlist-count") == 1
        await ipc.command("run", "touch", str(witness))  # so it would be without the guard
        await until(witness.exists)
        witness.unlink()
        await ipc.close()
        writer.transport.abort()
        end.set()
        await serving
    assert not witness.exists()


async def _path(ipc: MpvIpc) -> str:
    """What mpv plays, once it has taken up the song that it was given."""
    async with asyncio.timeout(20):
        while True:
            try:
                return str(await ipc.command("get_property", "path"))
            except MpvError:  # it answers before it has read the command that loads
                await asyncio.sleep(0.02)
