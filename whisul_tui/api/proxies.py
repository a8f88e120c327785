"""The way to an https host: straight, or through the proxy that the environment names, which only sees CONNECT."""

from __future__ import annotations

import base64
import ipaddress
import os
import ssl
import sys
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

import h11

from whisul_tui.api.connection import Connection

PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


class ProxyRefusedError(Exception):
    """The proxy did not grant the connection."""


class Proxy(NamedTuple):
    """Where a proxy is; `tls` where it is spoken to by https. `login`: user and password, None where it wants none."""

    host: str
    port: int
    tls: bool
    login: bytes | None

    def __repr__(self) -> str:
        return f"Proxy({self.host}:{self.port})"  # without the password


def proxy_for(host: str | None) -> Proxy | None:
    """The proxy for an https host, or (None) for any; None where there is none. Raises ValueError for an unusable one.

    Variables as everywhere: HTTPS_PROXY before ALL_PROXY, small letters before capitals, and hosts of NO_PROXY are
    reached straight. On macOS the system's settings count where there are no variables.
    """
    if sys.platform != "darwin" and not any(name.upper() in PROXY_VARIABLES for name in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass  # with half an HTTP library: only where there is a proxy

    found = getproxies()
    url = found.get("https") or found.get("all")
    if not url:
        return None
    proxy = _read(url if "://" in url else f"http://{url}")
    return None if host is not None and proxy_bypass(host) else proxy


def _read(url: str) -> Proxy:
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("only http and https proxies are known")
    if ":" in host:
        ipaddress.ip_address(host)
    tls = parts.scheme == "https"
    return Proxy(host, parts.port or (443 if tls else 80), tls, _login(parts))


def _login(parts: SplitResult) -> bytes | None:
    if parts.username is None:
        return None
    return f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()


async def reach(host: str, port: int, tls: ssl.SSLContext | None) -> Connection:
    """A connection to a host; plain ones are loopback's alone, and go straight.

    Raises OSError, UnicodeError, h11.ProtocolError, ProxyRefusedError, and ValueError for an unusable proxy.
    """
    proxy = proxy_for(host) if tls else None
    if proxy is None or tls is None:
        return await Connection.opened(host, port, tls)
    connection = await Connection.opened(proxy.host, proxy.port, tls if proxy.tls else None)
    try:
        await _tunnel(connection, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", proxy)
        return await connection.secured(host, tls)
    except BaseException:  # a cancelled one, too
        connection.close()
        raise


async def _tunnel(connection: Connection, target: str, proxy: Proxy) -> None:
    headers = [("Host", target), ("Accept", "*/*")]
    if proxy.login is not None:
        headers.append(("Proxy-Authorization", f"Basic {base64.b64encode(proxy.login).decode()}"))
    await connection.write(connection.encoded(h11.Request(method="CONNECT", target=target, headers=headers), b""))
    if not 200 <= (await connection.head()).status_code < 300:
        raise ProxyRefusedError
