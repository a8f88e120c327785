"""The process around the API: one studio a folder, its port and key, its place in the state directory, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import uvicorn

from whisul_tui.studio.address import HOST, Record, new_key, read_record, record_path, write_private, write_record
from whisul_tui.studio.asked import RequestLog
from whisul_tui.studio.bench import Bench
from whisul_tui.studio.book import Book
from whisul_tui.studio.errors import StudioError
from whisul_tui.studio.faults import Faults
from whisul_tui.studio.idle import Idle
from whisul_tui.studio.limiter import Limiter
from whisul_tui.studio.locking import locked
from whisul_tui.studio.options import Options
from whisul_tui.studio.parts import Studio
from whisul_tui.studio.server import create_app
from whisul_tui.studio.shelf import Shelf

_LOOK = 0.5  # seconds between two looks at whether it is idle
_PATIENCE = 5.0  # seconds for a studio that is just ending to give the folder free


class Server(uvicorn.Server):
    """uvicorn without its signal handling, which would end the process by the signal again, before anything is told."""

    on_ready: Callable[[], None] = staticmethod(lambda: None)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Signals are the host's."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then says so."""
        await super().startup(sockets)
        self.on_ready()

    def end(self) -> None:
        """Ends, and answers no new connection from here on: whoever looks for a studio must not find a dying one."""
        self.should_exit = True
        for listening in getattr(self, "servers", ()):
            listening.close()

    def drop(self, client: tuple[str, int]) -> None:
        """Closes a client's connection at once, without another byte."""
        for connection in list(self.server_state.connections):
            if getattr(connection, "client", None) == tuple(client):
                connection.transport.abort()


@dataclass(frozen=True, slots=True)
class Hosted:
    """A studio that is set up and listens once `run` is called."""

    server: Server
    listener: socket.socket
    studio: Studio

    def run(self, on_ready: Callable[[], None], *, signals: bool = True) -> None:
        """Serves until `server.should_exit`, SIGTERM, SIGINT, SIGHUP or the quiet's end."""
        self.server.on_ready = on_ready
        asyncio.run(self._serve(signals=signals))

    async def _serve(self, *, signals: bool) -> None:
        if signals:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.add_signal_handler(number, self._end)
        watch = asyncio.create_task(self._watch_idle())
        try:
            await self.server.serve(sockets=[self.listener])
        finally:
            watch.cancel()

    def _end(self) -> None:
        """Ends; the workers at once, for the server takes a moment to notice."""
        self.server.end()
        self.studio.bench.cancel()

    async def _watch_idle(self) -> None:
        studio = self.studio
        while not studio.idle.is_over(busy=studio.book.is_busy(studio.clock())):  # noqa: ASYNC110 - no event is quiet
            await asyncio.sleep(_LOOK)
        self.server.end()


@contextmanager
def set_up(options: Options, *, clock: Callable[[], float] = time.time) -> Iterator[Hosted]:
    """Takes folder, key and port, opens the book, and leaves all in order at the end; raises StudioError."""
    with contextlib.ExitStack() as stack:
        try:
            hosted = _open(options, clock, stack)
        except OSError as error:
            raise StudioError(f"The studio cannot work in {options.folder}: {error}.") from error
        yield hosted


def _open(options: Options, clock: Callable[[], float], stack: contextlib.ExitStack) -> Hosted:
    for folder in (options.state_dir, options.folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = record_path(options.state_dir, options.name)
    if not stack.enter_context(locked(options.folder / "studio.lock", _PATIENCE)):
        other = read_record(path)
        who = f" (process {other.pid})" if other and other.pid else ""
        raise StudioError(f"Another studio{who} works in {options.folder}: use or end it, or give another --data-dir.")
    before = read_record(path)
    listener = stack.enter_context(_listen(options.port, before.port if before else None))
    port: int = listener.getsockname()[1]
    key = options.key or (before.key if before else new_key())
    shelf = Shelf(options.folder)
    shelf.sweep()
    book = stack.enter_context(contextlib.closing(Book(options.folder / "studio.db", pace=options.pace)))
    studio = Studio(
        key=key,
        port=port,
        book=book,
        bench=Bench(book, options.folder, options.composer, lanes=os.cpu_count() or 1, clock=clock),
        shelf=shelf,
        limiter=Limiter(options.limit, clock),
        faults=Faults(options.faults, random.Random(options.seed)),  # noqa: S311 - a die, not a secret
        requests=stack.enter_context(RequestLog(options.request_log)),
        idle=Idle(options.idle_exit),
        drop=lambda client: server.drop(client),
        clock=clock,
        seeds=random.Random(options.seed),  # noqa: S311
        retry_after=options.retry_after,
    )
    server = Server(_config(studio))
    record = Record(key, port, os.getpid())
    write_record(path, record)
    stack.callback(_sign_off, options, record)
    if not options.shared and options.key is None:
        write_private(options.own_key_file, key.reveal() + "\n")
    return Hosted(server, listener, studio)


def _config(studio: Studio) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(studio),
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # nobody's X-Forwarded-For may rename a client
        server_header=False,
        timeout_keep_alive=75,  # longer than a client's pause between two polls: it must not find the line cut
        timeout_graceful_shutdown=0,  # a player that keeps a song open must not hold the end up
    )


def _listen(wanted: int | None, last: int | None) -> socket.socket:
    """A listening socket: at the wanted port, else where the studio was last time, else at any free one."""
    for port in [wanted] if wanted else [last, 0] if last else [0]:
        # The protocol by name: asyncio turns Nagle's delay off (40 ms an answer) only where it says TCP.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port))
            listener.listen(128)
            return listener
        except OSError as error:
            listener.close()
            if port == wanted:
                raise StudioError(f"Port {port} cannot be used ({error.strerror}): give another --port.") from error
            if port == 0:
                raise
    raise StudioError("No port of 127.0.0.1 can be used.")


def _sign_off(options: Options, record: Record) -> None:
    """Takes the process out of the record; key and port stay for the next studio."""
    path = record_path(options.state_dir, options.name)
    with contextlib.suppress(OSError):  # a state directory that was deleted meanwhile is nobody's loss
        now = read_record(path)
        if now is not None and now.pid == record.pid:
            write_record(path, replace(record, pid=None))
