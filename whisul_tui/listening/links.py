"""Links of songs and covers: checked and written anew, so that none can pass for an option or a command."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

from whisul_tui.domain.clean import clean_url

_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?\Z")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?"


class LinkError(ValueError):
    """A link that must not be opened; the message says what is wrong with it."""


def checked_link(text: object) -> str:
    """An http or https link with a host, written anew from its parts: scheme and host in lower case, all of it ASCII.

    Characters that have no place in a URL are percent-encoded; a link that was already well written stays as it was.
    Raises LinkError.
    """
    link = clean_url(text)
    if link is None:
        raise LinkError("This is no http or https link with a host, so it is not opened.")
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        raise LinkError("The host or port of this link is not valid, so it is not opened.") from None
    authority = _host(parts)
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        authority += f":{port}"
    written = f"{parts.scheme}://{authority}{_encoded(parts.path, _PATH_SAFE) or '/'}"
    if parts.query:
        written += "?" + _encoded(parts.query, _QUERY_SAFE)
    if parts.fragment:
        written += "#" + _encoded(parts.fragment, _QUERY_SAFE)
    return written


def is_loopback(link: str) -> bool:
    """Whether a checked link leads to this very machine, by name or address and without asking a resolver."""
    host = urlsplit(link).hostname or ""
    if host.rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host).compressed}]"
        except ValueError:
            raise LinkError("The address in this link is not valid, so it is not opened.") from None
    if not _HOST_NAME.match(host):
        raise LinkError("The host of this link is not valid, so it is not opened.")
    return host


def _encoded(text: str, safe: str) -> str:
    return quote(_BROKEN_ESCAPE.sub("%25", text), safe=safe)
