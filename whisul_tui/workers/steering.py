"""Steering what plays: the listener on the user's own machine, or a player on this one, all by the same commands."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from whisul_tui.workers.loop_thread import LoopThread

if TYPE_CHECKING:
    from whisul_tui.listening.plain_player import Fetch
    from whisul_tui.listening.players import Player
    from whisul_tui.listening.remote import RemoteListener
    from whisul_tui.listening.steering import Steer, Steered
    from whisul_tui.session import Session

Value = TypeVar("Value")
_END_SECONDS = 1.5
NOTHING = "Nothing plays here. {listen.here} lets you listen."


class Steering:
    """At most one song at a time, on an event loop of its own; `changed` is called there when something did.

    A song is known by the number of its job. The methods that wait belong to the screens' loop and never block it.
    """

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        self._session = session
        self._changed = changed
        self._loop = LoopThread("sound")
        self._turn = asyncio.Lock()
        self._listener: RemoteListener | None = None
        self._here: tuple[Player, Steered] | None = None
        self._now: tuple[int, Steered] | None = None

    def seen(self, number: int) -> Steer | None:
        """What was last seen of this job's song; None where it is not the one that was loaded last."""
        now = self._now
        return now[1].state() if now is not None and now[0] == number else None

    @property
    def can(self) -> frozenset[str]:
        """The commands that what plays takes."""
        return self._now[1].can if self._now is not None else frozenset()

    async def listener(self) -> tuple[str | None, str]:
        """The name of the user's machine; or None, and why there is no listener."""
        from whisul_tui.listening.remote import RemoteListener
        from whisul_tui.listening.remote_line import NoLine, socket_places

        async def connect() -> str:
            if self._listener is None:
                places = socket_places(self._session.settings.text("listener_socket"), self._session.paths.runtime_dir)
                self._listener = RemoteListener(places, on_change=lambda _: self._changed())
            return await self._listener.connect()

        try:
            return await self._on_loop(connect), ""
        except NoLine as error:
            return None, str(error)

    async def play_there(self, number: int, url: str, title: str) -> None:
        """Plays a link where the user sits; `listener` was asked before. Raises SteerError."""

        async def there() -> Steered | None:
            return self._listener

        await self._on_loop(lambda: self._load(there, number, url, title))

    async def play_here(self, player: Player, number: int, url: str, title: str, *, where: str, fetch: Fetch) -> None:
        """Plays a link with a player on this machine; `fetch` gets the song for one that plays files only.

        Raises SteerError, PlaceError.
        """

        await self._on_loop(lambda: self._load(lambda: self._player(player, where, fetch), number, url, title))

    async def steer(self, command: str, amount: float, *, relative: bool) -> None:
        """Pauses (or goes on), moves within the song, or sets the volume. Raises SteerError."""
        from whisul_tui.listening.steering import SteerError

        if self._now is None or self._now[1].state().is_over:
            raise SteerError(NOTHING)
        steered = self._now[1]
        if command == "pause":
            await self._on_loop(steered.pause)
        elif command == "seek":
            await self._on_loop(lambda: steered.seek(amount, relative=relative))
        else:
            await self._on_loop(lambda: steered.volume(amount, relative=relative))

    async def stop(self) -> None:
        """Ends the song that plays, if one does. Raises SteerError where it cannot be told to."""
        if self._now is not None:
            await self._on_loop(lambda: self._end(None))

    def close(self) -> None:
        """Ends everything, in a second or two; at the end of the program."""
        if not self._loop.is_running:
            return
        self._now = None

        async def end() -> None:
            parts: list[Steered] = [part for part in (self._here and self._here[1], self._listener) if part is not None]
            await asyncio.wait_for(
                asyncio.gather(*(part.close() for part in parts), return_exceptions=True), _END_SECONDS
            )

        try:
            self._loop.run(end()).result(_END_SECONDS + 0.5)
        except TimeoutError:
            pass  # a listener that does not answer; the song's player ends with the connection or the program
        finally:
            self._loop.stop(0.5)
            self._here = self._listener = None
            self._turn = asyncio.Lock()

    # On the loop ----------------------------------------------------------------------------------------------------

    async def _load(self, get: Callable[[], Awaitable[Steered | None]], number: int, url: str, title: str) -> None:
        async with self._turn:
            if (steered := await get()) is None:
                return  # the program ends
            await self._end(steered)
            await steered.load(url, title)
            self._now = number, steered
        self._changed()

    async def _end(self, unless: Steered | None) -> None:
        """Ends the song; the player `unless` is about to get another one, and ends it by that."""
        now, self._now = self._now, None
        if now is not None and now[1] is not unless and not now[1].state().is_over:
            await now[1].stop()

    async def _player(self, player: Player, where: str, fetch: Fetch) -> Steered:
        """The player on this machine: the one that runs, where it is an mpv, else one of its own for each song."""
        from whisul_tui.listening.mpv_player import MpvPlayer
        from whisul_tui.listening.plain_player import PlainPlayer
        from whisul_tui.listening.players import PlayerKind
        from whisul_tui.listening.private_places import private_folder, socket_path

        is_mpv = player.kind is PlayerKind.MPV
        if self._here is not None:
            if is_mpv and self._here[0] == player and self._here[1].state().where == where:
                return self._here[1]
            before, self._here = self._here[1], None
            self._now = None  # that its song ends is no news of the next one, which may be the same job's
            await before.close()
        steered: Steered
        if is_mpv:
            path = socket_path(private_folder(self._session.paths.runtime_dir) / f"mpv-{os.getpid()}.sock")
            steered = MpvPlayer(player, path, where=where, on_change=lambda _: self._changed())
        else:
            steered = PlainPlayer(player, where=where, fetch=fetch, on_change=lambda _: self._changed())
        self._here = player, steered
        return steered

    async def _on_loop(self, work: Callable[[], Awaitable[Value]]) -> Value:
        async def run() -> Value:
            return await work()

        return await asyncio.wrap_future(self._loop.run(run()))
