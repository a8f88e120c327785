"""Where Whisul is, and with which key: what every request is built from."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from whisul_tui.api.errors import ConfigurationProblem
from whisul_tui.domain.secret import Secret

_URL = re.compile(r"[\x21-\x7e]{1,2048}\Z")
_NETLOC = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(?::[0-9]{1,5})?\Z")
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[0-9a-z_-]{1,63}\.)*[0-9a-z_-]{1,63}\.?\Z")


class Address(NamedTuple):
    """The base URL of the API, for example `https://whisul.com/api`, and the key; None where there is no key."""

    base_url: str
    key: Secret | None


@lru_cache(maxsize=4)  # it is asked for each request
def check_base_url(base_url: str) -> SplitResult:
    """The parts of a base URL that may get the key: https, or http on loopback; raises ConfigurationProblem."""
    plain = base_url if _URL.match(base_url) and "\\" not in base_url else ""
    try:
        parts = urlsplit(plain.rstrip("/"))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _unusable("it is not a URL") from None
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise _unusable("it must not hold a user name, a ? or a #")
    if parts.scheme not in ("http", "https") or port == 0 or not (_NETLOC.match(parts.netloc) and _is_host(host)):
        raise _unusable("it is not an http or https URL with a host")
    if parts.scheme == "http" and not is_loopback(host):
        raise _unusable("plain http would show the API key on the network, only https may leave this machine")
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name: localhost, 127.0.0.0/8 or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    if ":" in host or re.fullmatch(r"[0-9.]+", host):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True
    return _NAME.match(host) is not None


def _unusable(why: str) -> ConfigurationProblem:
    mend = "Correct base_url in the settings or WHISUL_BASE_URL, for example https://whisul.com/api."
    return ConfigurationProblem(f"The base URL cannot be used: {why}. {mend}")
