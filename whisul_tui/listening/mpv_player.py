"""mpv, steered over its IPC: on this host for `p`, and on the user's machine for the listener."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from whisul_tui.domain.clean import clean_line
from whisul_tui.listening.links import LinkError, checked_link
from whisul_tui.listening.mpv_ipc import Event, MpvError, MpvIpc
from whisul_tui.listening.players import Player, PlayerError, steered_mpv_command
from whisul_tui.listening.playing import Playing, registered
from whisul_tui.listening.steering import OnChange, Steer, SteerError

_SEEN = ("time-pos", "duration", "pause", "volume")


class MpvPlayer:
    """A Steered: its mpv starts with the first song and, unless it `stays`, ends with each.

    `socket_path` is in a private folder. `on_change` hears, on the loop, of every change but that of the place that the
    song comes to by itself.
    """

    can = frozenset({"pause", "seek", "volume"})

    def __init__(
        self,
        player: Player,
        socket_path: Path,
        *,
        where: str,
        stays: bool = False,
        on_change: OnChange = lambda _: None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._player = player
        self._socket_path = socket_path
        self._stays = stays
        self._on_change = on_change
        self._environ = environ
        self._state = Steer(where)
        self._lock = asyncio.Lock()
        self._playing: Playing | None = None
        self._ipc: MpvIpc | None = None
        self._entry: int | None = None  # the song that was asked for, as mpv counts them
        self._file: int | None = None  # the song that mpv is at
        self._sounded = False
        self._ends: dict[int, Event] = {}
        self._seen: dict[str, Any] = {}
        self._asked_volume: float | None = None  # until mpv tells the same: what it tells before is older
        self._ending: asyncio.Task[None] | None = None

    def state(self) -> Steer:
        """What was last seen."""
        return self._state

    async def load(self, url: str, title: str) -> None:
        """Plays a checked link. Raises SteerError."""
        try:
            link = checked_link(url)
        except LinkError as error:
            raise SteerError(str(error)) from None
        async with self._lock:
            volume = self._state.volume
            self._entry = None
            self._state = Steer(self._state.where, clean_line(title) or "a song", volume=volume)
            try:
                if self._ipc is not None and self._ipc.has_ended:
                    await self._let_go()  # it was killed a moment ago, and `_end_idle` has not come to it yet
                ipc = self._ipc or await self._start()
                await self._tell(ipc, "set_property", "pause", False)
                if volume is not None:
                    await self._tell(ipc, "set_property", "volume", volume)
                answer = await self._tell(ipc, "loadfile", link, "replace")
            except SteerError as error:
                self._change(replace(self._state, failed=str(error)))
                raise
            self._entry = answer.get("playlist_entry_id") if isinstance(answer, dict) else None
            self._ends = {entry: end for entry, end in self._ends.items() if entry == self._entry}
        self._refresh(always=True)

    async def pause(self, on: bool | None = None) -> None:
        """Pauses, goes on, or does the other of both."""
        await self._do("set_property", "pause", not self._state.paused if on is None else on)

    async def seek(self, seconds: float, *, relative: bool = False) -> None:
        """Goes to a place in the song, not before its beginning."""
        await self._do("seek", seconds if relative else max(0.0, seconds), "relative" if relative else "absolute")

    async def volume(self, percent: float, *, relative: bool = False) -> None:
        """Sets the volume; what is more or less than there is becomes the most or the least."""
        wanted = percent + (self._state.volume or 0.0) if relative else percent
        wanted = min(100.0, max(0.0, wanted))
        await self._do("set_property", "volume", wanted)
        self._asked_volume = wanted
        self._state = replace(self._state, volume=wanted)  # the next change and the next song count from here

    async def stop(self) -> None:
        """Ends the song."""
        async with self._lock:
            if self._ipc is not None and not self._state.is_over:
                await self._tell(self._ipc, "stop")
                self._change(replace(self._state, ended=True))

    async def close(self) -> None:
        """Ends mpv."""
        async with self._lock:
            await self._end()
        if self._ending is not None and self._ending is not asyncio.current_task():
            await asyncio.wait([self._ending])

    async def _start(self) -> MpvIpc:
        here, there = socket.socketpair()
        try:
            argv = steered_mpv_command(self._player, str(self._socket_path), there.fileno())
            self._playing = registered(
                Playing(
                    argv,
                    self._player.name,
                    kind=self._player.kind,
                    environ=self._environ,
                    pass_fds=(there.fileno(),),
                )
            )
            self._entry = self._file = None
            self._ends, self._seen, self._sounded, self._asked_volume = {}, {}, False, None
            self._ipc = ipc = await MpvIpc.over(here, self._on_event)
        except PlayerError as error:
            here.close()
            raise SteerError(str(error)) from error
        except BaseException:
            here.close()
            raise
        finally:
            there.close()
        try:
            for number, name in enumerate(_SEEN, 1):
                await ipc.command("observe_property", number, name)
        except MpvError as error:
            raise SteerError(
                f"{self._player.name} did not start ({error}). mpv 0.33 or newer is needed; see the setting player."
            ) from error
        return ipc

    async def _end(self) -> None:
        await self._let_go()
        if not self._state.is_over:
            self._change(replace(self._state, ended=True))

    async def _let_go(self) -> None:
        ipc, self._ipc = self._ipc, None
        playing, self._playing = self._playing, None
        if ipc is not None:
            await ipc.close()
        if playing is not None:
            await asyncio.to_thread(playing.stop)
            with suppress(OSError):  # mpv leaves it behind
                self._socket_path.unlink(missing_ok=True)

    async def _do(self, *words: object) -> None:
        if self._ipc is None or self._state.is_over:
            raise SteerError("Nothing plays now.")
        await self._tell(self._ipc, *words)

    async def _tell(self, ipc: MpvIpc, *words: object) -> Any:
        try:
            return await ipc.command(*words)
        except MpvError as error:
            if not self._state.started and words[0] == "seek":
                raise SteerError("The song has not begun yet.") from error
            raise SteerError(f"{error}.") from error

    def _on_event(self, event: Event) -> None:
        kind, entry = event.get("event"), event.get("playlist_entry_id")
        if kind == "gone":
            self._gone()
            return
        if kind == "start-file":
            self._file, self._sounded = entry, False
            self._seen.pop("time-pos", None)
            self._seen.pop("duration", None)
        elif kind == "playback-restart":
            self._sounded = True
        elif kind == "end-file" and isinstance(entry, int):
            self._ends[entry] = event
        elif kind == "property-change" and event.get("name") in _SEEN:
            self._seen[event["name"]] = event.get("data")
            if event["name"] == "volume" and _number(event.get("data")) == self._asked_volume:
                self._asked_volume = None
        else:
            return
        self._refresh()

    def _refresh(self, *, always: bool = False) -> None:
        """Makes the state anew from what mpv has told; a song that was asked for and not yet come to tells nothing."""
        if self._entry is None or self._state.is_over:
            return
        volume = _number(self._seen.get("volume")) if self._asked_volume is None else self._asked_volume
        state = replace(self._state, paused=bool(self._seen.get("pause")), volume=volume)
        if self._file == self._entry:
            position, length = (_number(self._seen.get(name)) for name in ("time-pos", "duration"))
            state = replace(state, started=state.started or self._sounded)
            state = replace(state, position=state.position if position is None else position)
            state = replace(state, length=state.length if length is None else length)
        if end := self._ends.get(self._entry):
            if end.get("reason") in ("eof", "stop", "quit"):
                state = replace(state, ended=True)
            else:
                why = clean_line(end.get("file_error"), 100) or "it is no song"
                state = replace(state, failed=f"{self._player.name} could not play it: {why}.")
        self._change(state, always=always)

    def _change(self, state: Steer, *, always: bool = False) -> None:
        before, self._state = self._state, state
        if always or state.is_news_after(before):
            self._on_change(state)
        if state.is_over and not self._stays and self._ipc is not None and self._ending is None:
            self._ending = asyncio.create_task(self._end_idle())

    async def _end_idle(self) -> None:
        async with self._lock:
            self._ending = None
            if self._state.is_over:  # another song may have been asked for meanwhile
                await self._end()

    def _gone(self) -> None:
        if not self._state.is_over and self._ipc is not None:
            self._change(replace(self._state, failed=f"{self._player.name} has ended by itself."))
        if self._ipc is not None and self._ending is None:
            self._ending = asyncio.create_task(self._end_idle())


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
