"""Hostile links and files for each player that is installed, under strace: no foreign file, process or request.

    python -m tests.torture.hostile_players [--players mpv,steered,ffplay,vlc,mpg123] [--few]

A link goes to a player as the program would give it, or is refused before. A player that is given files only gets those
whose first bytes passed for a song. `steered` is mpv as it is driven over its IPC. Needs no sound device.
"""

from __future__ import annotations

import argparse
import asyncio
import http.server
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.listening.songs import wav
from tests.torture.hostile_songs import SIDECARS, bodies, links
from whisul_tui.listening.kinds import HEAD_BYTES, song_ending
from whisul_tui.listening.links import LinkError
from whisul_tui.listening.mpv_player import MpvPlayer
from whisul_tui.listening.players import Player, PlayerKind, player_command
from whisul_tui.listening.steering import SteerError

SECONDS = 4.0  # a player that is still at it then is stopped
NOBODY = 65534  # VLC refuses to run as root
WORDS: dict[str, tuple[PlayerKind, str, tuple[str, ...]]] = {
    "mpv": (PlayerKind.MPV, "mpv", ("--ao=null", "--untimed")),
    "steered": (PlayerKind.MPV, "mpv", ("--ao=null", "--untimed")),
    "ffplay": (PlayerKind.FFPLAY, "ffplay", ()),
    "vlc": (PlayerKind.VLC, "vlc", ("--aout=dummy",)),
    "mpg123": (PlayerKind.MPG123, "mpg123", ("-t",)),
}
_CALL = re.compile(r"^(?:(\d+) +)?(execve|openat|open|connect)\((.*)$")


@dataclass
class Seen:
    """What one player did with all that was given to it."""

    refused: int = 0
    run: int = 0
    stopped: int = 0
    sounded: bool = False
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        sound = "plays a good song" if self.sounded else "DID NOT PLAY A GOOD SONG"
        return (
            f"{self.refused} refused before, {self.run} run ({self.stopped} stopped), {sound}; {len(self.wrong)} wrong"
        )


class Server(http.server.ThreadingHTTPServer):
    """Serves the bodies under names without a bait, and notes what was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.bodies: dict[str, bytes] = {}
        self.bait = ""
        self.asked: list[str] = []


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        path = self.path
        self.server.asked.append(path)
        if path.startswith("/redirect-"):
            target = f"file://{self.server.bait}" if path.endswith("file") else "/m3u-link"
            self.send_response(302)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = self.server.bodies.get(path.lstrip("/").split("?")[0], wav(0.2))
        self.send_response(200)
        self.send_header("Content-Type", "audio/mpeg")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # the player has heard enough
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def ground() -> Iterator[tuple[Path, Server]]:
    """A folder with baits of every kind that a player may look for beside a song, and the server."""
    with tempfile.TemporaryDirectory(prefix="whisul-players-") as name, Server() as server:
        folder = Path(name)
        folder.chmod(0o755)
        bait = folder / "BAIT.wav"
        bait.write_bytes(wav(0.2))
        for sidecar in SIDECARS:
            path = folder / "song" / sidecar
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("BAIT")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        server.bait = str(bait)
        server.bodies = bodies(bait, server.address)
        try:
            yield folder, server
        finally:
            server.shutdown()
            thread.join()


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder / "home"), "SDL_AUDIODRIVER": "dummy", "LANG": "C.UTF-8"}


def traced(log: Path, *, as_nobody: bool) -> list[str]:
    """The words that have strace write down what a program opens, starts and calls."""
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if as_nobody else []
    return ["strace", "-f", "-qq", "-s", "400", "-e", "trace=execve,openat,open,connect", "-o", str(log), *user]


def judged(log: Path, own: str, asked: list[str], allowed: set[str]) -> list[str]:
    """What a player did that it must not: `own` is the file it was given, `allowed` what it may ask the server for."""
    wrong = [f"it asked for {path}" for path in asked if "/" + path.lstrip("/") not in allowed]
    first = None
    for line in log.read_text(errors="replace").splitlines():
        match = _CALL.match(line)
        if match is None:
            continue
        pid, call, rest = match[1] or "", match[2], match[3]
        first = pid if first is None else first
        if call == "execve" and pid != first and not rest.endswith("ENOENT (No such file or directory)"):
            wrong.append(f"it started {rest[:120]}")
        elif call in ("openat", "open") and own not in rest and re.search(r"BAIT|/song/|/etc/shadow", rest):
            wrong.append(f"it opened {rest[:120]}")
        elif call == "connect" and "sa_family=AF_INET" in rest and "127.0.0.1" not in rest and "htons(0)" not in rest:
            wrong.append(f"it called {rest[:120]}")
    return wrong


def run_one(argv: list[str], folder: Path, *, as_nobody: bool) -> tuple[Path, bool]:
    """Runs a player under strace; the log, and whether it had to be stopped."""
    log = folder / "strace.log"
    log.unlink(missing_ok=True)
    process = subprocess.Popen(
        [*traced(log, as_nobody=as_nobody), *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=folder,
        env=_environment(folder),
    )
    try:
        process.wait(SECONDS)
        return log, False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return log, True


def try_player(name: str, *, few: bool = False) -> Seen | None:
    """Gives it everything; None where it is not installed."""
    kind, program, words = WORDS[name]
    path = shutil.which(program)
    if path is None:
        return None
    seen, player = Seen(), Player(kind, program, (path, *words))
    with ground() as (folder, server):
        chosen = links(server.address, folder / "BAIT.wav") + [f"{server.address}/{body}" for body in server.bodies]
        files = list(server.bodies.items())
        if few:
            chosen, files = chosen[::9], files[::9]
        if name == "steered":
            asyncio.run(_steered(seen, path, words, folder, server, chosen))
            return seen
        if not player.needs_file:
            for link in chosen:
                _link(seen, player, folder, server, link)
        for label, body in files:
            if song_ending(body[:HEAD_BYTES]) is None and player.needs_file:
                seen.refused += 1  # such a file is never kept, and so never given to it
            else:
                _file(seen, player, folder, server, label, body)
        before = len(seen.wrong)
        seen.sounded = not _file(seen, player, folder, server, "good", wav(0.2)) and len(seen.wrong) == before
    return seen


def _link(seen: Seen, player: Player, folder: Path, server: Server, link: str) -> None:
    try:
        argv = player_command(player, link)
    except LinkError:
        seen.refused += 1
        return
    server.asked.clear()
    log, stopped = run_one(argv, folder, as_nobody=False)
    seen.run, seen.stopped = seen.run + 1, seen.stopped + stopped
    seen.wrong += [f"{link!a}: {why}" for why in judged(log, "\0", server.asked, _own_paths(argv[-1]))]


def _file(seen: Seen, player: Player, folder: Path, server: Server, label: str, body: bytes) -> bool:
    song = folder / "song" / f"song{song_ending(body[:HEAD_BYTES]) or '.mp3'}"
    song.write_bytes(body)
    server.asked.clear()
    as_nobody = player.kind is PlayerKind.VLC and os.geteuid() == 0
    log, stopped = run_one(player_command(player, str(song), local_file=True), folder, as_nobody=as_nobody)
    seen.run, seen.stopped = seen.run + 1, seen.stopped + stopped
    seen.wrong += [f"the file {label}: {why}" for why in judged(log, f'"{song}"', server.asked, set())]
    if str(song) not in log.read_text(errors="replace"):
        seen.wrong.append(f"the file {label}: it was never opened")
    song.unlink()
    return stopped


async def _steered(
    seen: Seen, path: str, words: tuple[str, ...], folder: Path, server: Server, chosen: list[str]
) -> None:
    log = folder / "strace.log"
    for link in [*chosen, f"{server.address}/good"]:
        log.unlink(missing_ok=True)
        server.asked.clear()
        player = Player(PlayerKind.MPV, "mpv", (*traced(log, as_nobody=False), path, *words))
        steered = MpvPlayer(player, folder / "ipc", where="here", environ=_environment(folder))
        try:
            await steered.load(link, "a song")
        except SteerError:
            seen.refused += 1
            continue
        try:
            async with asyncio.timeout(SECONDS):
                while not steered.state().is_over:  # noqa: ASYNC110 - it tells its changes, and a start is none
                    await asyncio.sleep(0.02)
        except TimeoutError:
            seen.stopped += 1
        seen.run += 1
        seen.sounded = steered.state().started  # of the last one, which is good
        await steered.close()
        own = re.escape(str(folder / "ipc"))
        wrong = judged(log, "\0", server.asked, _own_paths(link))
        seen.wrong += [f"{link!a}: {why}" for why in wrong if not re.search(own, why)]


def _own_paths(link: str) -> set[str]:
    """What a player may ask for that was given this link: it, and where a redirect leads on the same server."""
    path = "/" + link.split("://", 1)[-1].partition("/")[2].split("#")[0].lstrip("/")
    return {path, "/m3u-link"} if path == "/redirect-list" else {path}


def main() -> int:
    """Runs it and says what was seen; 1 when a player did what it must not."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--players", default=",".join(WORDS))
    parser.add_argument("--few", action="store_true")
    args = parser.parse_args()
    if shutil.which("strace") is None:
        print("strace is not installed; nothing was shown")
        return 0
    found: Counter[str] = Counter()
    for name in args.players.split(","):
        seen = try_player(name, few=args.few)
        if seen is None:
            print(f"{name}: not installed", flush=True)
            continue
        print(f"{name}: {seen}", *seen.wrong, sep="\n  ", flush=True)
        found["wrong"] += len(seen.wrong) + (not seen.sounded)
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
