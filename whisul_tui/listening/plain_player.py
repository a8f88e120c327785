"""Players that take no commands once they run: ffplay, vlc, mpg123, or one of the settings. Load and stop, and a pause
by holding the program still."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from whisul_tui.domain.clean import clean_line
from whisul_tui.listening.links import LinkError
from whisul_tui.listening.players import Player, PlayerError, PlayerKind
from whisul_tui.listening.playing import Playing, PlayingState, launch
from whisul_tui.listening.steering import OnChange, Steer, SteerError

Fetch = Callable[[str], Awaitable[str]]

_HELD_STILL = frozenset({PlayerKind.FFPLAY, PlayerKind.VLC, PlayerKind.MPG123})


class PlainPlayer:
    """A Steered. `fetch` brings a song into a file and gives its path: for a player that must not be given a link."""

    def __init__(
        self,
        player: Player,
        *,
        where: str,
        fetch: Fetch,
        on_change: OnChange = lambda _: None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.can = frozenset({"pause"} if player.kind in _HELD_STILL else ())
        self._player = player
        self._fetch = fetch
        self._on_change = on_change
        self._environ = environ
        self._state = Steer(where)
        self._playing: Playing | None = None
        self._starting: asyncio.Task[None] | None = None

    def state(self) -> Steer:
        """What was last seen: these players tell neither position nor length."""
        return self._state

    async def load(self, url: str, title: str) -> None:
        """Starts the player, or begins to fetch the song for it. Raises SteerError."""
        await self._end()
        self._change(Steer(self._state.where, clean_line(title) or "a song"))
        if self._player.needs_file:
            self._starting = asyncio.create_task(self._fetched(url))
        else:
            self._launch(url, local_file=False)

    async def pause(self, on: bool | None = None) -> None:
        """Holds the player still, or lets it go on."""
        if "pause" not in self.can:
            raise SteerError(f"{self._player.name} cannot be paused from here. Stop it, or install mpv.")
        if self._playing is None or self._state.is_over:
            raise SteerError("Nothing plays now.")
        on = not self._state.paused if on is None else on
        self._playing.hold(on)
        self._change(replace(self._state, paused=on))

    async def seek(self, seconds: float, *, relative: bool = False) -> None:
        """Raises SteerError."""
        raise SteerError(f"{self._player.name} cannot be moved within a song from here; mpv can.")

    async def volume(self, percent: float, *, relative: bool = False) -> None:
        """Raises SteerError."""
        raise SteerError(f"The volume of {self._player.name} cannot be set from here; mpv's can.")

    async def stop(self) -> None:
        """Ends the player."""
        await self._end()

    async def close(self) -> None:
        """Ends the player."""
        await self._end()

    async def _fetched(self, url: str) -> None:
        try:
            path = await self._fetch(url)
            self._launch(path, local_file=True)
        except SteerError as error:
            self._change(replace(self._state, failed=str(error)))

    def _launch(self, target: str, *, local_file: bool) -> None:
        loop = asyncio.get_running_loop()

        def ended(playing: Playing) -> None:
            with suppress(RuntimeError):  # the loop has been closed
                loop.call_soon_threadsafe(self._ended, playing)

        try:
            self._playing = launch(self._player, target, local_file=local_file, on_end=ended, environ=self._environ)
        except (PlayerError, LinkError) as error:
            raise SteerError(str(error)) from error
        self._change(replace(self._state, started=True))

    def _ended(self, playing: Playing) -> None:
        if playing is self._playing:
            self._playing = None
            outcome = playing.state()
            failed = outcome.reason if outcome.state is PlayingState.FAILED else ""
            self._change(replace(self._state, ended=not failed, failed=failed))

    async def _end(self) -> None:
        starting, self._starting = self._starting, None
        if starting is not None:
            starting.cancel()
            await asyncio.wait([starting])
        playing, self._playing = self._playing, None
        if playing is not None:
            await asyncio.to_thread(playing.stop)
        if not self._state.is_over:
            self._change(replace(self._state, ended=True))

    def _change(self, state: Steer) -> None:
        self._state = state
        self._on_change(state)
