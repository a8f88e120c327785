"""What the user types and writes down so that ssh leads a server's socket to the listener here."""

from __future__ import annotations

import shlex
from pathlib import Path

THERE = "/tmp/whisul-tui-%r.sock"  # noqa: S108 - on the server; ssh puts the user's name there for %r
_HOST = "SERVER"


def ssh_command(socket: Path, there: str = THERE) -> str:
    """The one line that connects; SERVER stands for the server's name."""
    return f"ssh -R {shlex.quote(f'{there}:{socket}')} {_HOST}"


def config_lines(socket: Path, there: str = THERE) -> list[str]:
    """The same for `~/.ssh/config`, so that plain `ssh SERVER` does it."""
    return [
        f"Host {_HOST}",
        f"    RemoteForward {_quoted(there)} {_quoted(str(socket))}",
        "    ServerAliveInterval 15",
    ]


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
