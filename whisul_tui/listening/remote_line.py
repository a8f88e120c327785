"""One connection from the TUI to a listener, through the socket that ssh forwards."""

from __future__ import annotations

import asyncio
import os
import pwd
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from whisul_tui.listening import remote_messages as m
from whisul_tui.listening.private_places import PlaceError, own_socket, remove_stale
from whisul_tui.listening.remote_protocol import MAX_LINE, ProtocolError, decode_answer, encode
from whisul_tui.listening.steering import SteerError

_WELCOME_SECONDS = 4.0
_ANSWER_SECONDS = 8.0
_GONE = "The connection to the listener is gone."
NOT_FOUND = (
    "No listener was found. Where you sit, run whisul-tui listen, and connect here with the ssh line that it prints."
)


class NoLine(Exception):  # noqa: N818 - the usual case, and no failure
    """No listener can be reached; the message says why and what to do."""


SHARED = Path("/tmp")  # noqa: S108 - the owner of what stands there is checked


class _UnansweredError(SteerError):
    """The connection has ended, or nobody says anything there."""


def socket_places(setting: str | None, runtime_dir: Path) -> list[Path]:
    """Where the forwarded socket may be: the setting's place alone, else the runtime folder or /tmp.

    The one in /tmp needs no knowledge of this machine: `ssh -R /tmp/whisul-tui-%r.sock:...` fills in the user's name.
    """
    if setting:
        return [Path(setting).expanduser()]
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container's user without a name
        user = str(os.geteuid())
    return [runtime_dir / "listener.sock", SHARED / f"whisul-tui-{user}.sock"]


class RemoteLine:
    """`hear` gets every State and Want; `gone` is called once, when the connection has ended."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        hear: Callable[[m.State | m.Want], None],
        gone: Callable[[RemoteLine], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._hear = hear
        self._gone = gone
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[m.Answer]] = {}
        self._reading = asyncio.create_task(self._read())

    async def greet(self, name: str, client: str) -> m.Welcome:
        """Says hello. Raises NoLine."""
        hello = m.Hello(next(self._numbers), m.VERSION, name, client)
        try:
            answer = await self._asked(hello, _WELCOME_SECONDS)
        except _UnansweredError as error:
            raise NoLine(
                "ssh leads to your machine, but no listener answers there. Run whisul-tui listen where you sit."
            ) from error
        except SteerError as error:
            raise NoLine(str(error)) from error
        if not isinstance(answer, m.Welcome):
            raise NoLine("What answers at the other end is no listener of whisul-tui.")
        return answer

    async def ask(self, make: Callable[[int], m.Command], timeout: float = _ANSWER_SECONDS) -> None:
        """Sends the command that `make` makes of a number, and waits until it is done. Raises SteerError."""
        await self._asked(make(next(self._numbers)), timeout)

    async def send(self, piece: m.Piece | m.NoPiece) -> None:
        """Sends a piece of a song, as fast as the connection takes it."""
        with suppress(OSError):  # `gone` tells it
            self._writer.write(encode(piece))
            await self._writer.drain()

    async def close(self) -> None:
        """Ends the connection without a word to `gone`."""
        self._gone = lambda _: None
        self._reading.cancel()
        await asyncio.wait([self._reading])
        self._writer.transport.abort()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _asked(self, command: m.Command, timeout: float) -> m.Answer:
        number = getattr(command, "id", 0)
        answer: asyncio.Future[m.Answer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            if self._reading.done():
                raise _UnansweredError(_GONE)
            async with asyncio.timeout(timeout):
                self._writer.write(encode(command))
                await self._writer.drain()
                told = await answer
        except TimeoutError:
            raise _UnansweredError(f"The listener has not answered for {timeout:g} seconds.") from None
        except OSError:
            raise _UnansweredError(_GONE) from None
        finally:
            self._waiting.pop(number, None)
            answer.cancel()
        if isinstance(told, m.Refused):
            raise SteerError(told.why)
        return told

    async def _read(self) -> None:
        try:
            while True:
                self._take(decode_answer(await self._reader.readuntil(b"\n")))
        except (OSError, EOFError, asyncio.LimitOverrunError, ProtocolError):
            pass  # broken, or no listener of ours
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(_UnansweredError(_GONE))
            self._writer.close()
        self._gone(self)

    def _take(self, answer: m.Answer) -> None:
        if isinstance(answer, m.State | m.Want):
            self._hear(answer)
            return
        if answer.id is None:  # why the connection ends: whoever waits is told
            waiting = list(self._waiting.values())
        else:
            found = self._waiting.get(answer.id)
            waiting = [found] if found is not None else []
        for future in waiting:
            if not future.done():
                future.set_result(answer)


async def open_line(
    places: list[Path],
    name: str,
    client: str,
    hear: Callable[[m.State | m.Want], None],
    gone: Callable[[RemoteLine], None],
) -> tuple[RemoteLine, m.Welcome]:
    """Connects to the first place where a listener answers. Raises NoLine that says what was found instead."""
    troubles: list[str] = []
    for path in places:
        try:
            if (streams := await _reached(path)) is None:
                continue
            line = RemoteLine(*streams, hear, gone)
            try:
                return line, await line.greet(name, client)
            except BaseException:
                await line.close()
                raise
        except NoLine as error:
            troubles.append(str(error))
    raise NoLine(troubles[0] if troubles else NOT_FOUND)


async def _reached(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    """A connection to the socket, None where there is none. Raises NoLine."""
    try:
        seen = own_socket(path)
    except PlaceError as error:
        raise NoLine(str(error)) from error
    if seen is None:
        return None
    try:
        return await asyncio.open_unix_connection(str(path), limit=MAX_LINE)
    except ConnectionRefusedError:
        raise NoLine(_stale(path, removed=remove_stale(path, seen))) from None
    except OSError as error:
        raise NoLine(f"{path} cannot be used: {error.strerror}.") from error


def _stale(path: Path, *, removed: bool) -> str:
    what = "It has been removed" if removed else f"Remove it (rm {path})"
    return (
        f"{path} was left behind by an SSH connection that is gone. {what}: connect with ssh anew, and the listener is"
        " found. With `StreamLocalBindUnlink yes` in this host's sshd_config, ssh does that by itself."
    )
