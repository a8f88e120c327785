"""The listener: on the user's machine, plays what a whisul-tui elsewhere asks for, and nothing more than that."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from whisul_tui.listening import remote_messages as m
from whisul_tui.listening.allowed_hosts import Guard, LinkRefused
from whisul_tui.listening.listener_session import Session
from whisul_tui.listening.pulls import Pulls
from whisul_tui.listening.remote_protocol import MAX_LINE
from whisul_tui.listening.session_limits import CONNECTIONS, Limits
from whisul_tui.listening.song_tap import SongTap
from whisul_tui.listening.steering import OnChange, Steer, Steered, SteerError

_TELLING = 0.5  # seconds between two words on where a song is

MakePlayer = Callable[[OnChange], Steered]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose song it is: the program at the other end, and the number that it gave the song."""

    client: str
    name: str
    song: int


class Listener:
    """`name` is this machine's, `player_name` its player's; `tell` shows a sentence to the user who sits here."""

    def __init__(
        self,
        make_player: MakePlayer,
        guard: Guard,
        *,
        name: str,
        player_name: str,
        tell: Callable[[str], None],
        limits: Callable[[], Limits] = Limits,
    ) -> None:
        self._player = make_player(self._changed)
        self._guard = guard
        self._name = name
        self._player_name = player_name
        self._tell = tell
        self._limits = limits
        self._sessions: dict[Session, asyncio.Task[None]] = {}
        self._owner: Owner | None = None
        self._tap = SongTap()
        self._pulls = Pulls(self._send_owner)
        self._told = ""
        self._last_told: Steer | None = None
        self._turn = asyncio.Lock()

    async def serve(self, listening: socket.socket, until: asyncio.Event) -> None:
        """Serves at a bound socket until the event is set; then everything has ended."""
        server = await asyncio.start_unix_server(self._connected, sock=listening, limit=MAX_LINE)
        telling = asyncio.create_task(self._keep_telling())
        try:
            await until.wait()
        finally:
            server.close()
            telling.cancel()
            tasks = list(self._sessions.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(telling, *tasks, return_exceptions=True)
            await self._player.close()
            await self._tap.close()

    # Connections --------------------------------------------------------------------------------------------------

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._sessions) >= CONNECTIONS:
            writer.transport.abort()
            return
        session = Session(reader, writer, handle=self._handle, pieces=self._piece, limits=self._limits())
        self._sessions[session] = task
        try:
            await session.run()
        except asyncio.CancelledError:
            return  # the listener ends
        finally:
            del self._sessions[session]
            if session.client and self._session(session.client) is None:
                playing = self._owner and self._owner.client == session.client and not self._player.state().is_over
                more = " Its song plays on; ctrl+c ends it." if playing else ""
                self._tell(f"The connection to {session.name} is gone.{more}")

    def _session(self, client: str) -> Session | None:
        return next((session for session in self._sessions if session.client == client), None)

    def _send_owner(self, message: m.Answer) -> None:
        session = self._session(self._owner.client) if self._owner else None
        if session is not None:
            session.send(message)

    # Commands -----------------------------------------------------------------------------------------------------

    async def _handle(self, session: Session, command: m.Command) -> m.Answer:
        match command:
            case m.Hello():
                return self._greet(session, command)
            case m.Load():
                await self._load(session, command)
            case m.Relay():
                await self._relay(session, command)
            case m.Pause() | m.Seek() | m.Volume() | m.Stop():
                await self._steer(session, command)
            case m.Ping():
                pass
            case m.Piece() | m.NoPiece():
                raise SteerError("Nobody asked for this piece.")
        return m.Done(command.id)

    def _greet(self, session: Session, hello: m.Hello) -> m.Welcome:
        if hello.version != m.VERSION:
            older = "listener" if hello.version > m.VERSION else "whisul-tui on the server"
            raise SteerError(f"The {older} is too old for the other side (version {m.VERSION} here). Update it.")
        for other in list(self._sessions):  # the connection that this one comes instead of, perhaps half dead
            if other is not session and other.client == session.client:
                other.client = ""
                other.close()
        self._tell(f"{session.name} is connected.")
        if self._owner is not None and self._owner.client == session.client:
            loop = asyncio.get_running_loop()
            loop.call_soon(self._tell_owner)  # after the welcome
            loop.call_soon(self._pulls.again)
        owner = self._owner if self._owner is not None and self._owner.client == session.client else None
        song = owner.song if owner is not None else None
        return m.Welcome(hello.id, m.VERSION, self._name, self._player_name, tuple(sorted(self._player.can)), song)

    async def _load(self, session: Session, load: m.Load) -> None:
        try:
            link = self._guard.checked(load.url)
        except LinkRefused as refused:
            self._tell_once(f"{session.name} wanted a song that was refused: {refused}")
            raise SteerError(str(refused)) from None
        async with self._turn:
            await self._tap.withdraw()
            await self._play(session, load, link)

    async def _relay(self, session: Session, relay: m.Relay) -> None:
        async with self._turn:
            link = await self._tap.offer(relay.size, partial(self._pulls.read, relay.song))
            await self._play(session, relay, link)

    async def _play(self, session: Session, asked: m.Load | m.Relay, link: str) -> None:
        before = self._owner
        if before is not None and before.client != session.client and not self._player.state().is_over:
            self._send_owner(_over(before.song, f"{session.name} plays another song there now."))
        self._owner = None  # what is still told of the song before is nobody's
        owner = Owner(session.client, session.name, asked.song)
        try:
            await self._player.load(link, asked.title or "a song")
        finally:
            self._owner = owner
        self._tell(f"{session.name} plays {asked.title or 'a song'}.")
        self._changed(self._player.state())

    async def _steer(self, session: Session, command: m.Pause | m.Seek | m.Volume | m.Stop) -> None:
        if self._owner is None or self._owner.client != session.client:
            raise SteerError("No song of yours plays here.")
        match command:
            case m.Pause():
                await self._player.pause(command.on)
            case m.Seek():
                await self._player.seek(command.seconds, relative=command.relative)
            case m.Volume():
                await self._player.volume(command.percent, relative=command.relative)
            case m.Stop():
                await self._player.stop()

    def _piece(self, session: Session, piece: m.Piece | m.NoPiece) -> bool:
        return self._owner is not None and session.client == self._owner.client and self._pulls.came(piece)

    # What is told -------------------------------------------------------------------------------------------------

    def _changed(self, state: Steer) -> None:
        if self._owner is None:
            return
        self._tell_owner()
        if state.failed:
            self._tell_once(state.failed)
        elif state.ended:
            self._tell_once(f"{state.title} has ended.")
        else:
            self._told = ""

    def _tell_owner(self) -> None:
        if self._owner is not None:
            self._last_told = self._player.state()
            self._send_owner(_told(self._owner.song, self._last_told))

    def _tell_once(self, sentence: str) -> None:
        if sentence != self._told:
            self._told = sentence
            self._tell(sentence)

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(_TELLING)
            if self._player.state() != self._last_told:  # a paused song may be moved, too
                self._tell_owner()


def _told(song: int, state: Steer) -> m.State:
    position = None if state.position is None else max(0.0, state.position)
    return m.State(
        song=song,
        started=state.started,
        position=position,
        length=state.length,
        paused=state.paused,
        volume=state.volume,
        ended=state.ended,
        failed=state.failed,
    )


def _over(song: int, why: str) -> m.State:
    return m.State(song, True, None, None, False, None, False, why)
