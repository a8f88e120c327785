"""The kept connections of polls: one for each poll that is under way at once."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

import httpx

KEPT = 20.0  # seconds that a connection is kept unused
LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=1, keepalive_expiry=KEPT)


class PollConnections:
    """Lends clients that keep a connection each, the one used last first. Belongs to one event loop.

    A client with several looks at all of them, by system calls, when a request begins and when it ends: a fifth of a
    poll where four are under way. `open_client` makes one with these LIMITS.
    """

    def __init__(self, open_client: Callable[[], httpx.AsyncClient], *, clock: Callable[[], float] = monotonic) -> None:
        self._open = open_client
        self._clock = clock
        self._clients: set[httpx.AsyncClient] = set()
        self._free: deque[tuple[float, httpx.AsyncClient]] = deque()  # with the time when it came back

    @asynccontextmanager
    async def one(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client that nobody else uses meanwhile; raises what opening it raises."""
        await self._close_unused()
        client = self._free.pop()[1] if self._free else self._opened()
        try:
            yield client
        finally:
            self._free.append((self._clock(), client))

    async def aclose(self) -> None:
        """Closes every connection, those under way too."""
        self._free.clear()
        while self._clients:
            await self._clients.pop().aclose()

    def _opened(self) -> httpx.AsyncClient:
        client = self._open()
        self._clients.add(client)
        return client

    async def _close_unused(self) -> None:
        """All but one, whose connection its own pool looks after."""
        while len(self._free) > 1 and self._clock() - self._free[0][0] > KEPT:
            _, client = self._free.popleft()
            self._clients.remove(client)
            await client.aclose()
