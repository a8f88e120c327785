"""A real HTTP server on loopback that follows a script: one step a request, hostile ones included.

    async with ScriptedServer(reply(202, {"job_id": "j1"}), reset()) as server:
        ... talk to server.url ...
    assert server.requests[0].json == {"prompt": "rain"}

`running(server)` does the same from a thread of its own, for tests without a loop. A request after the last step gets
`otherwise` (a 599 by default, which no program under test takes for success).
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived. `at`: monotonic seconds when its head was read; `connection` counts from 0."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    connection: int

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Step:
    """What the server does with one request. `at_accept`: already when the connection comes, nothing being read."""

    act: Callable[[Request | None, asyncio.StreamWriter], Awaitable[None]]
    at_accept: bool = False


def raw(data: bytes, *, close: bool = True, at_accept: bool = False) -> Step:
    """These bytes and nothing else; then the connection is closed, unless told otherwise."""

    async def act(_request: Request | None, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        if close:
            writer.close()

    return Step(act, at_accept)


def reply(status: int, body: object = b"", headers: Mapping[str, str] | None = None) -> Step:
    """A well-formed answer on a kept connection; what is not bytes is sent as JSON."""
    return raw(answer(status, body, headers), close=False)


def answer(status: int, body: object = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a well-formed answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    fields = {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content


def responds(function: Callable[[Request], bytes]) -> Step:
    """Answers with the bytes that a function makes of the request."""

    async def act(request: Request | None, writer: asyncio.StreamWriter) -> None:
        assert request is not None
        writer.write(function(request))
        await writer.drain()

    return Step(act)


def drip(data: bytes, every: float, *, at_once: int = 0) -> Step:
    """The first `at_once` bytes together, then one byte every so many seconds, until the other side goes."""

    async def act(_request: Request | None, writer: asyncio.StreamWriter) -> None:
        writer.write(data[:at_once])
        for byte in data[at_once:]:
            await writer.drain()
            await asyncio.sleep(every)
            writer.write(bytes([byte]))
        writer.close()

    return Step(act)


def endless(head: bytes, chunk: bytes, *, at_most: int = 1 << 30) -> Step:
    """A head, then the same chunk over and over, until the other side goes or `at_most` bytes went out."""

    async def act(_request: Request | None, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for _ in range(at_most // len(chunk)):
            writer.write(chunk)
            await writer.drain()
        writer.close()

    return Step(act)


def silence() -> Step:
    """Reads the request and never answers."""

    async def act(_request: Request | None, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    return Step(act)


def reset(data: bytes = b"", *, at_accept: bool = False) -> Step:
    """These bytes, then a TCP reset: after the request was read, or already when the connection comes."""

    async def act(_request: Request | None, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        linger = struct.pack("ii", 1, 0)  # close() then sends RST in place of FIN
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    return Step(act, at_accept)


class ScriptedServer:
    """The server; `url` is its base, `requests` what it got, `connections` how many came, `faults` what broke in it."""

    def __init__(self, *steps: Step, otherwise: Step | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.steps = list(steps)
        self.otherwise = otherwise or reply(599, {"error": "The script is at its end."})
        self.requests: list[Request] = []
        self.connections = 0
        self.faults: list[BaseException] = []
        self.url = ""
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._connection(reader, writer, self.connections))
        self.connections += 1
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        try:
            if self.steps and self.steps[0].at_accept:
                await self.steps.pop(0).act(None, writer)
                return
            while not writer.is_closing() and (request := await _read_request(reader, number)) is not None:
                self.requests.append(request)
                step = self.steps.pop(0) if self.steps else self.otherwise
                await step.act(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side went: that is its right
        except Exception as error:  # noqa: BLE001 - a fault of the script itself must reach the test
            self.faults.append(error)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _read_request(reader: asyncio.StreamReader, connection: int) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    at = time.monotonic()
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    fields = (line.split(":", 1) for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, value in fields}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body, at, connection)


@contextmanager
def running(server: ScriptedServer) -> Iterator[ScriptedServer]:
    """Runs a server on a thread and loop of its own."""
    ready, over = threading.Event(), threading.Event()
    broken: list[BaseException] = []

    async def serve() -> None:
        async with server:
            ready.set()
            await asyncio.to_thread(over.wait)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - handed to the test's thread
            broken.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="scripted-server")
    thread.start()
    ready.wait()
    try:
        if broken:
            raise broken[0]
        yield server
    finally:
        over.set()
        thread.join()
