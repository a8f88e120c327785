"""A Steered that makes no sound and notes what it was told, and a listener around it on a socket of its own."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from whisul_tui.listening.allowed_hosts import Guard
from whisul_tui.listening.listener import Listener
from whisul_tui.listening.listening_socket import bound
from whisul_tui.listening.session_limits import Limits
from whisul_tui.listening.steering import OnChange, Steer, SteerError

HOST = "cdn.whisul.com"


class FakePlayer:
    """`told` holds each command; `load` may be given something to do with the link."""

    can = frozenset({"pause", "seek", "volume"})

    def __init__(self, on_change: OnChange = lambda _: None) -> None:
        self.told: list[tuple[object, ...]] = []
        self.on_change = on_change
        self.now = Steer("laptop", volume=100.0)
        self.refusal = ""
        self.on_load: Callable[[str], Awaitable[None]] | None = None
        self.closed = False

    def state(self) -> Steer:
        return self.now

    def becomes(self, **changes: object) -> None:
        self.now = replace(self.now, **changes)  # type: ignore[arg-type]
        self.on_change(self.now)

    async def load(self, url: str, title: str) -> None:
        self.told.append(("load", url, title))
        if self.refusal:
            raise SteerError(self.refusal)
        self.now = Steer("laptop", title, volume=self.now.volume)
        if self.on_load is not None:
            await self.on_load(url)

    async def pause(self, on: bool | None = None) -> None:
        self.told.append(("pause", on))
        self.becomes(paused=bool(on))

    async def seek(self, seconds: float, *, relative: bool = False) -> None:
        self.told.append(("seek", seconds, relative))

    async def volume(self, percent: float, *, relative: bool = False) -> None:
        self.told.append(("volume", percent, relative))

    async def stop(self) -> None:
        self.told.append(("stop",))
        self.becomes(ended=True)

    async def close(self) -> None:
        self.closed = True


@dataclass
class Served:
    """A listener that runs: its socket, its player, and what it told the user who sits there."""

    path: Path
    player: FakePlayer
    sentences: list[str] = field(default_factory=list)
    until: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def serving(
    path: Path, *, hosts: tuple[str, ...] = (HOST,), limits: Callable[[], Limits] = Limits
) -> AsyncIterator[Served]:
    player = FakePlayer()
    served = Served(path, player)

    def make(on_change: OnChange) -> FakePlayer:
        player.on_change = on_change
        return player

    listener = Listener(
        make, Guard(hosts), name="laptop", player_name="fake", tell=served.sentences.append, limits=limits
    )
    with bound(path) as listening:
        task = asyncio.create_task(listener.serve(listening, served.until))
        try:
            yield served
        finally:
            served.until.set()
            await task
    assert player.closed


def short_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder whose path is short enough for sockets, wherever pytest's own ones are."""
    return tempfile.TemporaryDirectory(prefix="wl-", dir="/tmp")


async def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for something that another task or process brings about."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(0.005)
