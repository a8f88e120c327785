"""Hostile lines in hostile chunks against the listener.

`python -m tests.benchmarks.listener_fuzz [--lines N] [--seed N]`

Real sockets, the real player code, and in mpv's place a program that writes down every command that reaches it. Prints
what was sent, answered and passed on, and how much memory it took; ends with 1 where anything got through.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import psutil

from tests.benchmarks.hostile_lines import HOST, lines
from tests.listening.fake_player import short_folder
from whisul_tui.listening import listener_session
from whisul_tui.listening import remote_messages as m
from whisul_tui.listening.allowed_hosts import Guard
from whisul_tui.listening.listener import Listener
from whisul_tui.listening.listening_socket import bound
from whisul_tui.listening.mpv_player import MpvPlayer
from whisul_tui.listening.players import Player, PlayerKind
from whisul_tui.listening.remote_protocol import encode
from whisul_tui.listening.session_limits import Limits

_RECORDER = """\
#!{python}
import json, socket, sys
number = next(word for word in sys.argv if word.startswith("--input-ipc-client=fd://")).rpartition("/")[2]
ipc = socket.socket(fileno=int(number)).makefile("rwb", buffering=0)
entry = 0
with open({log!r}, "ab", buffering=0) as log:
    while line := ipc.readline():
        log.write(line)
        message, data = json.loads(line), None
        if message["command"][0] == "loadfile":
            entry += 1
            data = {{"playlist_entry_id": entry}}
            ipc.write(b'{{"event":"start-file","playlist_entry_id":%d}}\\n{{"event":"playback-restart"}}\\n' % entry)
        answer = {{"request_id": message["request_id"], "error": "success", "data": data}}
        ipc.write(json.dumps(answer).encode() + b"\\n")
"""


@dataclass
class Report:
    """What came of it."""

    sent: int = 0
    read: int = 0
    connections: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    grown: int = 0
    alive: bool = False
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Nothing got through, nothing broke, and the listener still answers."""
        return self.alive and not self.leaks and not self.faults and self.grown < 20_000_000


def allowed(command: object) -> bool:
    """Whether a command that has reached mpv is one of the few that may."""
    match command:
        case ["observe_property", int(), "time-pos" | "duration" | "pause" | "volume"]:
            return True
        case ["set_property", "pause", bool()] | ["stop"]:
            return True
        case ["set_property", "volume", int() | float() as percent]:
            return 0 <= percent <= 100
        case ["seek", int() | float() as seconds, "relative" | "absolute"]:
            return abs(seconds) <= 86_400
        case ["loadfile", str() as url, "replace"]:
            parts = urlsplit(url)
            own = parts.scheme == "http" and parts.hostname == "127.0.0.1" and len(parts.path) == 44
            return own or (parts.scheme in ("http", "https") and parts.netloc == HOST)
    return False


async def fuzz(count: int, seed: int) -> Report:
    """Has the listener read `count` lines, and looks at what came of it."""
    dice = random.Random(seed)
    report = Report()
    began = monotonic()
    with short_folder() as name:
        folder = Path(name)
        program, log = folder / "mpv", folder / "log"
        program.write_text(_RECORDER.format(python=sys.executable, log=str(log)))
        program.chmod(0o755)
        log.touch()
        asyncio.get_running_loop().set_exception_handler(lambda _, told: report.faults.append(str(told)))
        player = Player(PlayerKind.MPV, "mpv", (str(program),))
        listener = Listener(
            lambda told: MpvPlayer(player, folder / "mpv.sock", where="laptop", stays=True, on_change=told),
            Guard([HOST]),
            name="laptop",
            player_name="mpv",
            tell=lambda _: None,
            limits=lambda: Limits() if dice.random() < 0.3 else Limits(per_second=1e9, burst=1e9, strikes=1_000_000),
        )
        until = asyncio.Event()
        with bound(folder / "s") as listening, _counted(report):
            serving = asyncio.create_task(listener.serve(listening, until))
            try:
                await _send_all(folder / "s", dice, count, report)
                report.alive = await _answers(folder / "s")
            finally:
                until.set()
                await serving
        for line in log.read_bytes().splitlines():
            command = json.loads(line)["command"]
            report.passed[str(command[0])] += 1
            if not allowed(command):
                report.leaks.append(line.decode()[:200])
    report.seconds = monotonic() - began
    return report


@contextmanager
def _counted(report: Report) -> Iterator[None]:
    """Counts the lines that the listener takes for one."""
    decode = listener_session.decode_command

    def counting(line: bytes) -> m.Command:
        report.read += 1
        return decode(line)

    listener_session.decode_command = counting
    try:
        yield
    finally:
        listener_session.decode_command = decode


async def _send_all(path: Path, dice: random.Random, count: int, report: Report) -> None:
    stream = lines(dice)
    process = psutil.Process()
    early = 0
    while report.read < count:
        if not early and report.read > count / 10:
            early = process.memory_info().rss
        await _connection(path, dice, stream, dice.randint(1, 200), report)
    report.grown = max(0, process.memory_info().rss - early)


async def _connection(path: Path, dice: random.Random, stream: Iterator[bytes], count: int, report: Report) -> None:
    reader, writer = await asyncio.open_unix_connection(str(path))
    report.connections += 1
    hearing = asyncio.create_task(_hear(reader, report))
    try:
        if dice.random() < 0.95:
            writer.write(encode(m.Hello(1, m.VERSION, "fuzz", dice.choice("abc") * 32)))
        pending = b""
        for _ in range(count):
            if writer.transport.is_closing() or hearing.done():
                break
            pending += next(stream) + b"\n"
            report.sent += 1
            while len(pending) > 400:  # cut anywhere but where lines end
                cut = dice.randint(1, len(pending))
                writer.write(pending[:cut])
                pending = pending[cut:]
                await writer.drain()
                await asyncio.sleep(0)  # the listener's turn: both live on one loop here
        if dice.random() < 0.7:  # else the last line never comes to its end
            writer.write(pending)
            if dice.random() < 0.5:
                writer.write_eof()
            await writer.drain()
        await asyncio.wait([hearing], timeout=0.05 if dice.random() < 0.9 else 0)
    except OSError:
        pass  # sent away
    finally:
        hearing.cancel()
        await asyncio.wait([hearing])
        writer.transport.abort()


async def _hear(reader: asyncio.StreamReader, report: Report) -> None:
    with suppress(OSError):
        while line := await reader.readline():
            report.answered[str(json.loads(line)["say"])] += 1


async def _answers(path: Path) -> bool:
    async with asyncio.timeout(10):
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_unix_connection(str(path))
                writer.write(encode(m.Hello(1, m.VERSION, "fuzz", "d" * 32)))
                answer = await reader.readline()
                writer.transport.abort()
                if b"welcome" in answer:
                    return True
            await asyncio.sleep(0.05)  # the last connections are still ending


def main() -> int:
    """Runs and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    found = parser.parse_args()
    report = asyncio.run(fuzz(found.lines, found.seed))
    print(f"{report.read:,} lines read of {report.sent:,} sent on {report.connections:,} connections")
    print(f"seconds: {report.seconds:.0f}")
    print(f"answers: {dict(report.answered)}")
    print(f"commands that reached mpv: {dict(report.passed)}; none else: {not report.leaks}")
    print(f"memory grown: {report.grown / 1e6:.1f} MB; faults: {len(report.faults)}; still answers: {report.alive}")
    for line in [*report.leaks, *report.faults][:20]:
        print(line)
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
