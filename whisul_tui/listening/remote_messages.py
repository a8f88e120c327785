"""What whisul-tui on a server and the listener on the user's machine say to each other.

The server's side connects. It says Hello first, and then commands, each answered by Done or Refused with its `id`.
The listener sends State whenever something changes, twice a second while a song plays, and Want where it needs a piece
of a song that only the server can reach. Seconds and percent are numbers; a `song` is counted by the server's side.
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = 1
PIECE_BYTES = 32_768  # at most, in one Piece


@dataclass(frozen=True, slots=True)
class Hello:
    """The first line: who speaks; `client` is the same for every connection of one program."""

    id: int
    version: int
    name: str
    client: str


@dataclass(frozen=True, slots=True)
class Load:
    """Play a link that the listener's machine fetches itself."""

    id: int
    song: int
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Relay:
    """Play a song of `size` bytes that is to be had from the server's side alone, through this connection."""

    id: int
    song: int
    title: str
    size: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause, or go on."""

    id: int
    on: bool


@dataclass(frozen=True, slots=True)
class Seek:
    """Go to a place, or by so many seconds."""

    id: int
    seconds: float
    relative: bool


@dataclass(frozen=True, slots=True)
class Volume:
    """Set the volume, or change it."""

    id: int
    percent: float
    relative: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """End the song."""

    id: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Nothing but: are you there?"""

    id: int


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes that a Want asked for; fewer than wanted at the song's end alone."""

    want: int
    data: bytes


@dataclass(frozen=True, slots=True)
class NoPiece:
    """They cannot be had."""

    want: int
    why: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """The answer to Hello: the listener's machine, its player, what can be done besides load and stop.

    `song` is the one of this `client` that the listener is still at; after a break it goes on.
    """

    id: int
    version: int
    name: str
    player: str
    can: tuple[str, ...]
    song: int | None


@dataclass(frozen=True, slots=True)
class Done:
    """A command was carried out."""

    id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A command was not carried out, or a line was not understood (then without `id`)."""

    id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class State:
    """What is seen of a song."""

    song: int
    started: bool
    position: float | None
    length: float | None
    paused: bool
    volume: float | None
    ended: bool
    failed: str


@dataclass(frozen=True, slots=True)
class Want:
    """Send `count` bytes of a relayed song from byte `at` on."""

    want: int
    song: int
    at: int
    count: int


Command = Hello | Load | Relay | Pause | Seek | Volume | Stop | Ping | Piece | NoPiece
Answer = Welcome | Done | Refused | State | Want
