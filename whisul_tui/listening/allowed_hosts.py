"""Whose songs the listener plays: hosts that the user has confirmed on the listener's own terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from whisul_tui.domain.clean import clean_line
from whisul_tui.listening.links import LinkError, checked_link, is_loopback
from whisul_tui.paths import write_private

DEFAULT_HOSTS = ("cdn.whisul.com",)
_MOST = 200
_ENTRY = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?\Z|\[[0-9a-f:]+\](:[1-9][0-9]{0,4})?\Z")
_HEAD = """\
# Hosts whose songs `whisul-tui listen` plays, one a line: name, or name:port for another port than the usual one.
"""


class HostError(ValueError):
    """A host that cannot stand on the list, or a list that cannot be read; the message says what is wrong."""


class LinkRefused(Exception):  # noqa: N818 - the guard's answer, no failure
    """A link that is not played; the message says why."""


class Guard:
    """Lets links pass: http and https, to hosts of the list, and never to this machine itself."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self.hosts = frozenset(checked_host(host) for host in hosts)

    def checked(self, url: object) -> str:
        """The link, written anew. Raises LinkRefused."""
        try:
            link = checked_link(url)
        except LinkError as error:
            raise LinkRefused(str(error)) from None
        host = urlsplit(link).netloc
        if host not in self.hosts:
            if is_loopback(link):
                raise LinkRefused("A link to the listener's own machine is not played.")
            raise LinkRefused(
                f"{clean_line(host, 100)} is not among the hosts that the listener plays from. To allow it, start it"
                f" anew where you sit: whisul-tui listen --allow {clean_line(host, 100)}"
            )
        return link


def checked_host(text: str) -> str:
    """A host, with a port where it is not the usual one, as links have it. Raises HostError."""
    host = text.strip().lower()
    if not _ENTRY.match(host):
        raise HostError(f"{clean_line(text, 60)!r} is no host. Give a name such as cdn.whisul.com, or name:port.")
    try:
        return urlsplit(checked_link(f"https://{host}/")).netloc
    except LinkError as error:
        raise HostError(f"{clean_line(text, 60)!r} is no host. {error}") from None


def read_hosts(path: Path) -> tuple[str, ...] | None:
    """The confirmed hosts, None where nothing was confirmed yet. Raises HostError."""
    try:
        lines = path.read_text("utf-8").splitlines()[:_MOST]
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise HostError(f"{path} cannot be read. Mend it, or remove it to be asked again.") from None
    try:
        return tuple(checked_host(line) for line in lines if line.strip() and not line.startswith("#"))
    except HostError as error:
        raise HostError(f"{path}: {error}") from None


def write_hosts(path: Path, hosts: Iterable[str]) -> None:
    """Keeps the confirmed hosts. Raises OSError."""
    write_private(path, _HEAD + "".join(f"{host}\n" for host in sorted(set(hosts))))
