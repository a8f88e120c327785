"""The listener as the TUI sees it: a Steered whose connection may break, says so at once, and heals by itself."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from whisul_tui.domain.clean import clean_line
from whisul_tui.listening import remote_messages as m
from whisul_tui.listening.links import LinkError, checked_link, is_loopback
from whisul_tui.listening.relaying import Relaying
from whisul_tui.listening.remote_line import NoLine, RemoteLine, open_line
from whisul_tui.listening.song_source import SongSource, SourceError, Stream
from whisul_tui.listening.steering import OnChange, Steer, SteerError

if TYPE_CHECKING:
    from whisul_tui.listening.downloads import Downloader

_PING_SECONDS = 5.0
_AGAIN_SECONDS = 1.0  # between two looks for a connection that broke
_ANEW = "The listener on your machine was started anew and has lost the song: it can be played again."


class RemoteListener:
    """Everything on one event loop, but `state` and `name`. Songs on this host's own loopback go through the line."""

    def __init__(
        self, places: list[Path], *, on_change: OnChange = lambda _: None, host: str = "", stream: Stream | None = None
    ) -> None:
        """`places`: see `socket_places`. `stream` reads songs from loopback; a Downloader's unless given."""
        self.name: str | None = None
        self.can: frozenset[str] = frozenset()
        self._places = places
        self._on_change = on_change
        self._host = host or clean_line(socket.gethostname(), 60) or "a server"
        self._client = secrets.token_hex(16)
        self._stream = stream
        self._downloader: Downloader | None = None
        self._state = Steer("your machine")
        self._song = 0
        self._line: RemoteLine | None = None
        self._connecting = asyncio.Lock()
        self._keeping: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()
        self._relaying: Relaying | None = None

    def state(self) -> Steer:
        """What was last seen."""
        return self._state

    async def connect(self) -> str:
        """The name of the user's machine; up to some seconds. Raises NoLine with the sentence for the user."""
        async with self._connecting:
            if self._line is None:
                line, welcome = await open_line(self._places, self._host, self._client, self._hear, self._gone)
                self._line = line
                self._welcomed(welcome)
            if self._keeping is None:
                self._keeping = asyncio.create_task(self._keep())
        return self.name or "your machine"

    async def load(self, url: str, title: str) -> None:
        """Plays a link there; a song on this host's loopback is read here. Raises SteerError."""
        try:
            link = checked_link(url)
            await self.connect()
        except (LinkError, NoLine) as error:
            raise SteerError(str(error)) from None
        await self._end_relaying()
        self._song = song = self._song + 1
        title = clean_line(title) or "a song"
        make: Callable[[int], m.Command]
        if is_loopback(link):
            size = await self._relay(link, song)
            make = lambda number: m.Relay(number, song, title, size)  # noqa: E731 - the song's own way to be asked for
        else:
            make = lambda number: m.Load(number, song, link, title)  # noqa: E731
        self._set(Steer(self.name or "your machine", title, volume=self._state.volume))
        try:
            await self._ask(make)
        except SteerError as error:
            if self._song == song:
                self._set(replace(self._state, failed=str(error)))
                await self._end_relaying()
            raise

    async def pause(self, on: bool | None = None) -> None:
        """Pauses, goes on, or does the other of both."""
        wanted = not self._state.paused if on is None else on
        await self._ask(lambda number: m.Pause(number, wanted))
        if not self._state.is_over:
            self._set(replace(self._state, paused=wanted))

    async def seek(self, seconds: float, *, relative: bool = False) -> None:
        """Goes to a place, or by so many seconds."""
        await self._ask(lambda number: m.Seek(number, float(seconds), relative))

    async def volume(self, percent: float, *, relative: bool = False) -> None:
        """Sets the volume, or changes it."""
        await self._ask(lambda number: m.Volume(number, float(percent), relative))

    async def ping(self) -> None:
        """Asks whether the listener is there. Raises SteerError."""
        await self._ask(m.Ping)

    async def stop(self) -> None:
        """Ends the song there."""
        if not self._state.is_over:
            await self._ask(m.Stop)
            self._set(replace(self._state, ended=True))
        await self._end_relaying()

    async def close(self) -> None:
        """Ends the song, where the listener can still be told, and the connection."""
        with suppress(SteerError):
            await self.stop()
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        await self._end_relaying()
        await self._drop()
        if self._downloader is not None:
            await self._downloader.aclose()

    # The connection -----------------------------------------------------------------------------------------------

    async def _ask(self, make: Callable[[int], m.Command]) -> None:
        if self._line is None:
            raise SteerError(self._state.away or "No listener is connected.")
        await self._line.ask(make)

    def _welcomed(self, welcome: m.Welcome) -> None:
        self.name = welcome.name or "your machine"
        self.can = frozenset(welcome.can)
        self._lost.clear()
        state = replace(self._state, where=self.name, away="")
        if not state.is_over and welcome.song != self._song:
            state = replace(state, failed=_ANEW)
        self._set(state)

    def _gone(self, line: RemoteLine) -> None:
        if line is self._line:
            self._line = None
            self._lost.set()
            self._set(
                replace(self._state, away=f"The connection to {self.name} is broken; it is taken up when ssh is back.")
            )

    async def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.close()

    async def _keep(self) -> None:
        """Asks now and then whether the listener is there, and connects again after a break, until it is cancelled."""
        while True:
            if self._line is None:
                await asyncio.sleep(_AGAIN_SECONDS)
                with suppress(NoLine):
                    await self.connect()
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(_PING_SECONDS):
                    await self._lost.wait()
                continue
            if (line := self._line) is not None:
                try:
                    await line.ask(m.Ping)
                except SteerError:
                    self._gone(line)
                    await line.close()

    # What the listener says ---------------------------------------------------------------------------------------

    def _hear(self, told: m.State | m.Want) -> None:
        if told.song != self._song:
            return  # of a song before
        if isinstance(told, m.Want):
            if self._relaying is not None:
                self._relaying.want(told)
            return
        state = replace(
            self._state,
            started=told.started,
            position=told.position,
            length=told.length,
            paused=told.paused,
            volume=told.volume,
            ended=told.ended,
            failed=told.failed,
        )
        self._set(state)

    def _set(self, state: Steer) -> None:
        before, self._state = self._state, state
        if state.is_news_after(before):
            self._on_change(state)

    # Songs on this host -------------------------------------------------------------------------------------------

    async def _relay(self, link: str, song: int) -> int:
        if self._stream is None:
            from whisul_tui.listening.downloads import Downloader

            self._downloader = Downloader()
            self._stream = self._downloader.stream
        source = SongSource(self._stream, link)
        try:
            size = await source.open()
        except SourceError as error:
            await source.close()
            raise SteerError(str(error)) from error
        self._relaying = Relaying(source, self._send_piece)
        return size

    async def _send_piece(self, piece: m.Piece | m.NoPiece) -> None:
        if self._line is not None:  # else the listener asks again, once it is back
            await self._line.send(piece)

    async def _end_relaying(self) -> None:
        relaying, self._relaying = self._relaying, None
        if relaying is not None:
            await relaying.close()


async def probe(places: list[Path]) -> tuple[str, float]:
    """The name of the machine that a listener answers from, and the seconds of a round trip. Raises NoLine."""
    remote = RemoteListener(places)
    try:
        name = await remote.connect()
        began = asyncio.get_running_loop().time()
        await remote.ping()
        return name, asyncio.get_running_loop().time() - began
    except SteerError as error:
        raise NoLine(str(error)) from error
    finally:
        await remote.close()
