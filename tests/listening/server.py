"""A CDN on loopback that does as it is told: breaks off, lies, ignores ranges, never ends."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType


@dataclass
class Asked:
    """A request: path and headers (names in lower case)."""

    path: str
    headers: dict[str, str]

    @property
    def start(self) -> int | None:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(match[1]) if match else None


@dataclass
class Reply:
    """What goes out; the connection is closed after it. A `length` of None sends no Content-Length."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    raw_head: Iterable[bytes] | None = None


@dataclass
class Served:
    """A file, served with ranges as a good server does; `cut` bytes of body a request at most, then it breaks off."""

    body: bytes
    kind: str = "audio/mpeg"
    etag: str = '"v1"'
    changed: str = ""
    cut: int | None = None
    more: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Reply:
        headers = {"Content-Type": self.kind, **self.more}
        if self.etag:
            headers["ETag"] = self.etag
        if self.changed:
            headers["Last-Modified"] = self.changed
        start, total = asked.start, len(self.body)
        same = asked.headers.get("if-range") in (None, self.etag, self.changed)
        if start is None or not same:
            return Reply(200, self.body[: self.cut], headers, total)
        if start >= total:
            return Reply(416, b"", {"Content-Range": f"bytes */{total}"}, 0)
        rest = self.body[start:]
        headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        return Reply(206, rest[: self.cut], headers, len(rest))


Answering = Callable[[Asked], Reply]


class Cdn:
    """Serves `files` (path to Answering), on loopback unless told otherwise, and notes what was `asked`."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.files: dict[str, Answering] = {}
        self.asked: list[Asked] = []
        self.ending = threading.Event()
        cdn = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 30

            def handle(self) -> None:
                try:
                    cdn._answer(self)
                except OSError:
                    return  # the client went away

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = False
            block_on_close = True
            request_queue_size = 64

        self._server = Server((host, 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def url(self, path: str) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}{path}"

    def __enter__(self) -> Cdn:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.ending.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, handler: socketserver.StreamRequestHandler) -> None:
        line = handler.rfile.readline().decode("latin-1").split()
        headers = {}
        while (header := handler.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        asked = Asked(line[1], headers)
        self.asked.append(asked)
        answering = self.files.get(asked.path.split("?")[0])
        reply = answering(asked) if answering else Reply(404, b"gone", {}, 4)
        out = handler.wfile
        if reply.raw_head is not None:
            for piece in reply.raw_head:
                out.write(piece)
            return
        lines = [f"HTTP/1.1 {reply.status} X", "Connection: close", *(f"{k}: {v}" for k, v in reply.headers.items())]
        if reply.length is not None:
            lines.append(f"Content-Length: {reply.length}")
        out.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        for piece in [reply.body] if isinstance(reply.body, bytes) else reply.body:
            out.write(piece)
            if self.ending.is_set():
                return


def chunked(pieces: Iterable[bytes], *, whole: bool = True) -> Iterable[bytes]:
    """A body in chunks; without its end where it is not `whole`."""
    for piece in pieces:
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    if whole:
        yield b"0\r\n\r\n"
