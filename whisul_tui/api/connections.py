"""The connections to Whisul: kept ones for polls, a fresh one for every submission, made when first needed."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from whisul_tui.api.connection import Connection
from whisul_tui.api.errors import ConfigurationProblem
from whisul_tui.api.proxies import PROXY_VARIABLES, proxy_for, reach

_AT_ONCE = 10  # connections of each use
_WAIT_SECONDS = 5.0  # for one of them
_KEPT = 4
_KEPT_SECONDS = 20.0
_CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


class Origin(NamedTuple):
    """Who is spoken to; `scheme` is http or https."""

    scheme: str
    host: str
    port: int


class Connections:
    """Belongs to one event loop.

    Plain http is loopback alone: no certificates are loaded for it (27 ms), and no proxy is asked, which would see the
    key. https is always verified and goes through the proxy that the environment names.
    """

    def __init__(self) -> None:
        self._resting: list[tuple[Origin, Connection, float]] = []  # with the time until when; the newest at the end
        self._polls, self._submissions = asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_AT_ONCE)
        self._certificates: ssl.SSLContext | None = None
        self._closed = False

    def check(self, scheme: str) -> None:
        """Raises ConfigurationProblem where the environment's proxy or certificates cannot be used for this scheme."""
        if scheme == "http":
            return
        if self._certificates is None:
            self._certificates = _certificates()
        try:
            proxy_for(None)
        except ValueError:  # another scheme, a bad port, no URL
            names = _named(PROXY_VARIABLES)
        else:
            return
        # The value is not shown: a proxy's URL may hold a password. Raised out here so that nothing hangs on it.
        raise ConfigurationProblem(
            f"The proxy settings cannot be used. Correct or unset {names}: an http:// URL works."
        )

    @asynccontextmanager
    async def poll(self, origin: Origin) -> AsyncIterator[Connection]:
        """A connection for what may be asked again: one that was kept, else a fresh one; kept for the next.

        Raises OSError, UnicodeError, h11.ProtocolError and ProxyRefusedError while it connects; `check` comes first.
        """
        async with _one_of(self._polls):
            connection = await self._kept(origin) or await self._reached(origin)
            try:
                yield connection
            except BaseException:  # a cancelled one, too: nobody knows what is still to come on it
                connection.close()
                raise
            if self._closed or len(self._resting) >= _KEPT:
                connection.close()
            elif connection.rest():
                self._resting.append((origin, connection, asyncio.get_running_loop().time() + _KEPT_SECONDS))

    @asynccontextmanager
    async def submission(self, origin: Origin) -> AsyncIterator[Connection]:
        """A fresh connection, for this once; raises as `poll`.

        A kept one may have died unseen, and a submission lost on it could not be told from one that was taken.
        """
        async with _one_of(self._submissions):
            connection = await self._reached(origin)
            try:
                yield connection
            finally:
                connection.close()

    async def aclose(self) -> None:
        """Closes all that are kept; none is kept from now on."""
        self._closed = True
        while self._resting:
            _, connection, _ = self._resting.pop()
            if await connection.wake():
                connection.close()

    async def _reached(self, origin: Origin) -> Connection:
        return await reach(origin.host, origin.port, self._certificates if origin.scheme == "https" else None)

    async def _kept(self, origin: Origin) -> Connection | None:
        now = asyncio.get_running_loop().time()
        while (found := self._next(origin, now)) is not None:
            connection, until = found
            if await connection.wake():
                if until >= now:
                    return connection
                connection.close()
        return None

    def _next(self, origin: Origin, now: float) -> tuple[Connection, float] | None:
        """Takes out one of this origin, or one that has been kept too long."""
        for place in reversed(range(len(self._resting))):
            whose, connection, until = self._resting[place]
            if whose == origin or until < now:
                del self._resting[place]
                return connection, until
        return None


def check_environment(scheme: str) -> None:
    """Raises ConfigurationProblem where the proxy or certificate variables cannot be used for this scheme.

    For a verb's start: what no waiting mends is told at once and not as an absent network.
    """
    Connections().check(scheme)


@asynccontextmanager
async def _one_of(places: asyncio.Semaphore) -> AsyncIterator[None]:
    async with asyncio.timeout(_WAIT_SECONDS):
        await places.acquire()
    try:
        yield
    finally:
        places.release()


def _certificates() -> ssl.SSLContext:
    try:
        file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
        if not (file or folder):
            import certifi  # those that come with Python are not found on every system

            file = certifi.where()
        context = ssl.create_default_context(cafile=file or None, capath=None if file else folder)
        context.set_alpn_protocols(["http/1.1"])
        return context
    except OSError:  # ssl.SSLError is one too
        names = _named(_CERTIFICATE_VARIABLES)
    raise ConfigurationProblem(f"The certificate settings cannot be used. Correct or unset {names}.")


def _named(variables: tuple[str, ...]) -> str:
    found = [name for name in os.environ if name.upper() in variables]
    return " or ".join(sorted(found)) or f"what stands for {' or '.join(variables)}"
