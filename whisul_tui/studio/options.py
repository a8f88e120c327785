"""The studio's options, from the command line to one value."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

from whisul_tui.domain.secret import Secret
from whisul_tui.studio.errors import StudioError
from whisul_tui.studio.faults import Fault, parse_fault
from whisul_tui.studio.limiter import Limit

KEY_VARIABLE = "WHISUL_STUDIO_KEY"
COMPOSER = "whisul_tui.studio.engine:compose"
SHARED_PACE = 4.0  # seconds: short enough to wait for, long enough to be seen running
SHARED_IDLE_EXIT = 600.0
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Options:
    """How one studio runs. `port` None is the last one, else a free one; `key` None is the one it had, else a new one.

    `shared` is the studio that all of the user's terminals find; another is a server of its own beside it. Seconds:
    `pace` that a job runs at least, `idle_exit` of quiet after which it ends (0: never).
    """

    state_dir: Path
    data_dir: Path
    shared: bool = False
    port: int | None = None
    key: Secret | None = None
    key_file: Path | None = None
    limit: Limit | None = None
    retry_after: bool = True
    faults: Mapping[Fault, float] = field(default_factory=dict)
    seed: int | None = None
    pace: float = 0.0
    idle_exit: float = 0.0
    request_log: Path | None = None
    composer: str = COMPOSER
    ready_fd: int | None = None

    @property
    def name(self) -> str:
        """The stem of its files: the shared studio and a server of its own never meet."""
        return "studio" if self.shared else "studio-server"

    @property
    def folder(self) -> Path:
        """Where book, songs and covers are."""
        return self.data_dir / self.name

    @property
    def own_key_file(self) -> Path:
        """Where a key that it made itself can be read by the user."""
        return self.state_dir / f"{self.name}.key"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that `whisul-tui studio` and `python -m whisul_tui.studio` share; folders are the caller's."""
    add = parser.add_argument
    add(
        "--port",
        type=_read(_port),
        metavar="PORT",
        help="port on 127.0.0.1 (default: that of last time, else a free one)",
    )
    add("--limit", type=_read(Limit.parse), metavar="N/SECONDS", help="answer 429 to more than N requests in SECONDS")
    add("--no-retry-after", action="store_true", help="leave Retry-After out of a 429")
    add(
        "--fault",
        type=_read(parse_fault),
        action="append",
        default=[],
        metavar="KIND=P",
        help=f"go wrong with probability P; KIND is one of {', '.join(Fault)}; may be repeated",
    )
    add("--seed", type=int, metavar="N", help="seed of the faults and the songs (default: random)")
    add("--pace", type=_read(_seconds), metavar="SECONDS", help="a job runs at least this long (default: 0)")
    add("--idle-exit", type=_read(_seconds), metavar="SECONDS", help="end after this long without a job or a request")
    add("--request-log", type=Path, metavar="FILE", help="append every request to FILE as a line of JSON")
    add(
        "--key-file",
        type=Path,
        metavar="FILE",
        help=f"read the key that clients must send from FILE (or {KEY_VARIABLE})",
    )
    add("--shared", action="store_true", help=argparse.SUPPRESS)
    add("--ready-fd", type=int, help=argparse.SUPPRESS)
    add("--composer", default=COMPOSER, help=argparse.SUPPRESS)


def read_options(found: SimpleNamespace, state_dir: Path, data_dir: Path) -> Options:
    """The options in a parsed command line; raises StudioError for a key that cannot be used."""
    shared: bool = found.shared
    key = _given_key(found.key_file)
    return Options(
        state_dir=state_dir.absolute(),
        data_dir=data_dir.absolute(),
        shared=shared,
        port=found.port,
        key=key,
        key_file=found.key_file.absolute() if found.key_file else None,
        limit=found.limit,
        retry_after=not found.no_retry_after,
        faults=dict(found.fault),
        seed=found.seed,
        pace=found.pace if found.pace is not None else SHARED_PACE * shared,
        idle_exit=found.idle_exit if found.idle_exit is not None else SHARED_IDLE_EXIT * shared,
        request_log=found.request_log.absolute() if found.request_log else None,
        composer=found.composer,
        ready_fd=found.ready_fd,
    )


def _given_key(path: Path | None) -> Secret | None:
    """The key from the file or the environment, never from the command line, which every user can read."""
    source = path or KEY_VARIABLE
    try:
        if path is not None:
            with path.open(encoding="utf-8") as file:
                text = file.read(4096)
            return Secret(text)
        text = os.environ.get(KEY_VARIABLE, "")
        return Secret(text) if text else None
    except OSError as error:
        raise StudioError(f"The key file {path} cannot be read: {error.strerror}.") from error
    except ValueError:
        raise StudioError(
            f"{source} holds no usable key: it is 1 to 512 visible ASCII characters, no blanks."
        ) from None


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise ValueError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= 1e9:
        raise ValueError(f"seconds are a number from 0 on, not {text!r}")
    return seconds


def _read(parse: Callable[[str], _Read]) -> Callable[[str], _Read]:
    """The parser as argparse wants it: its sentence reaches the user."""

    def read(text: str) -> _Read:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read
