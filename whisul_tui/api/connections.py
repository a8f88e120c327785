"""The connections to Whisul: kept ones for polls, a fresh one for every submission, made when first needed."""

from __future__ import annotations

import os
import ssl
from collections.abc import Generator
from contextlib import AbstractAsyncContextManager
from functools import lru_cache, partial
from typing import Any
from urllib.parse import SplitResult

import httpx

from whisul_tui import __version__
from whisul_tui.api import poll_connections
from whisul_tui.api.errors import ConfigurationProblem
from whisul_tui.api.poll_connections import PollConnections
from whisul_tui.domain.secret import Secret

TIMEOUT = httpx.Timeout(connect=5.0, read=15.0, write=15.0, pool=5.0)
# A kept connection may have died unseen, and a submission lost on it could not be told from one that was taken.
_SUBMISSIONS = httpx.Limits(max_connections=10, max_keepalive_connections=0)
_PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


class BearerAuth(httpx.Auth):
    """Puts the key on a request to its own origin, and on no other; the key is revealed nowhere else."""

    def __init__(self, key: Secret, base: SplitResult) -> None:
        self._key = key
        self._origin = _base_origin(base)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the Authorization header."""
        if _origin(request.url) == self._origin:
            request.headers["Authorization"] = f"Bearer {self._key.reveal()}"
        yield request


class Connections:
    """httpx clients by scheme and use. Belongs to one event loop.

    Plain http is loopback alone: no certificates are loaded for it (27 ms), and no proxy is asked, which would see the
    key. https is always verified and goes through the proxy that the environment names.
    """

    def __init__(self) -> None:
        self._polls: dict[str, PollConnections] = {}
        self._submissions: dict[str, httpx.AsyncClient] = {}
        self._certificates: ssl.SSLContext | None = None

    def polls(self, scheme: str) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        """A kept connection's client, for what may be asked again."""
        if scheme not in self._polls:
            self._polls[scheme] = PollConnections(partial(self._open, scheme, poll_connections.LIMITS))
        return self._polls[scheme].one()

    def submissions(self, scheme: str) -> httpx.AsyncClient:
        """A connection a request."""
        if scheme not in self._submissions:
            self._submissions[scheme] = self._open(scheme, _SUBMISSIONS)
        return self._submissions[scheme]

    async def aclose(self) -> None:
        """Closes every connection."""
        for ended in (self._polls, self._submissions):
            while ended:
                await ended.popitem()[1].aclose()

    def _open(self, scheme: str, limits: httpx.Limits) -> httpx.AsyncClient:
        settings: dict[str, Any] = {
            "headers": {
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": f"whisul-tui/{__version__}",
            },
            "follow_redirects": False,
            "limits": limits,
            "timeout": TIMEOUT,
        }
        if scheme == "http":
            return _Client(verify=False, trust_env=False, **settings)  # no TLS on loopback
        if self._certificates is None:
            self._certificates = _certificates()
        try:
            return _Client(verify=self._certificates, **settings)
        except (ImportError, ValueError, httpx.InvalidURL):  # socks without its library, a bad scheme, no URL
            names = _named(_PROXY_VARIABLES)
        # The value is not shown: a proxy's URL may hold a password. Raised out here so that nothing hangs on it.
        raise ConfigurationProblem(
            f"The proxy settings cannot be used. Correct or unset {names}: an http:// URL works."
        )


def check_environment(scheme: str) -> None:
    """Raises ConfigurationProblem where the proxy or certificate variables cannot be used for this scheme.

    For a verb's start: what no waiting mends is told at once and not as an absent network.
    """
    Connections().submissions(scheme)


class _NoCookies(httpx.Cookies):
    """Whisul needs no cookies: none are kept, so none are sent."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keeps nothing, and does not look for any: that is a twentieth of a poll."""


class _Client(httpx.AsyncClient):
    """One without cookies."""

    _none = _NoCookies()

    @property
    def cookies(self) -> httpx.Cookies:
        return self._none

    @cookies.setter
    def cookies(self, cookies: object) -> None:
        raise TypeError("Nobody may set cookies.")


def _certificates() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError:  # ssl.SSLError is one too
        names = _named(_CERTIFICATE_VARIABLES)
    raise ConfigurationProblem(f"The certificate settings cannot be used. Correct or unset {names}.")


def _named(variables: tuple[str, ...]) -> str:
    found = [name for name in os.environ if name.upper() in variables]
    return " or ".join(sorted(found)) or f"what stands for {' or '.join(variables)}"


@lru_cache(maxsize=4)
def _base_origin(base: SplitResult) -> tuple[str, str, int]:
    return _origin(httpx.URL(base.geturl()))


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}[url.scheme]
