"""One connection to the listener: reads lines within bounds, answers each, and ends with whoever does not keep them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from whisul_tui.listening.remote_messages import Answer, Command, Hello, NoPiece, Piece, Refused
from whisul_tui.listening.remote_protocol import MAX_LINE, ProtocolError, decode_command, encode
from whisul_tui.listening.session_limits import HELLO_SECONDS, IDLE_SECONDS, UNREAD_BYTES, Limits
from whisul_tui.listening.steering import SteerError

Handle = Callable[["Session", Command], Awaitable[Answer]]


class EndSession(Exception):  # noqa: N818 - not a failure of ours
    """The connection must end; the message is told to the other side."""


class Session:
    """`handle` carries out a command and gives its answer, or raises SteerError; `pieces` takes what was wanted."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        handle: Handle,
        pieces: Callable[[Session, Piece | NoPiece], bool],
        limits: Limits,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._handle = handle
        self._pieces = pieces
        self._limits = limits
        self.client = ""
        self.name = ""

    async def run(self) -> None:
        """Serves until the other side goes, or is sent away."""
        try:
            await self._greet()
            while True:
                await self._take(await self._line(IDLE_SECONDS))
        except EndSession as end:
            self.send(Refused(None, str(end)))
        except (OSError, EOFError):
            return
        finally:
            self.close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._writer.wait_closed()
            self._writer.transport.abort()

    def send(self, message: Answer) -> None:
        """Sends without waiting; who does not read is cut off."""
        transport = self._writer.transport
        if transport.is_closing():
            return
        if transport.get_write_buffer_size() > UNREAD_BYTES:
            transport.abort()
            return
        self._writer.write(encode(message))

    def close(self) -> None:
        """Ends the connection, once what was sent has left."""
        self._writer.close()

    async def _greet(self) -> None:
        try:
            command = decode_command(await self._line(HELLO_SECONDS))
        except ProtocolError as error:
            raise EndSession(str(error)) from None
        if not isinstance(command, Hello):
            raise EndSession("The first line must be a hello.")
        self.client, self.name = command.client, command.name or "a server"
        try:
            self.send(await self._handle(self, command))
        except SteerError as error:
            raise EndSession(str(error)) from None

    async def _take(self, line: bytes) -> None:
        try:
            command = decode_command(line)
        except ProtocolError as error:
            self._err(str(error))
            return
        if isinstance(command, Piece | NoPiece):
            if not self._pieces(self, command):
                self._err("Nobody asked for this piece.")
            return
        if not self._limits.may_command():
            raise EndSession("Too many commands at once.")
        try:
            self.send(await self._handle(self, command))
        except SteerError as error:
            self.send(Refused(command.id, str(error)))

    def _err(self, why: str) -> None:
        self.send(Refused(None, why))
        if not self._limits.may_err():
            raise EndSession("Too many lines that cannot be understood.")

    async def _line(self, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                line = await self._reader.readuntil(b"\n")
        except TimeoutError:
            raise EndSession(f"Nothing was said for {seconds:g} seconds.") from None
        except asyncio.LimitOverrunError:
            raise EndSession("The line is too long.") from None
        if len(line) > MAX_LINE:
            raise EndSession("The line is too long.")
        return line
