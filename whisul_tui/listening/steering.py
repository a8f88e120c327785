"""What steers a song that plays, wherever it plays: one surface for the listener and for a player on this host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol


class SteerError(Exception):
    """A command that was not carried out; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Steer:
    """What was last seen of a song. Times in seconds, `volume` in percent; None: not known.

    `started`: sound has begun. `ended`: it is over, by itself or by `stop`. `failed` says why it could not be played,
    `away` that nothing is heard from the player now, and why; both are empty while all is well.
    """

    where: str
    title: str = ""
    started: bool = False
    position: float | None = None
    length: float | None = None
    paused: bool = False
    volume: float | None = None
    ended: bool = False
    failed: str = ""
    away: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing plays any more, or nothing was loaded."""
        return self.ended or bool(self.failed) or not self.title

    def is_news_after(self, before: Steer) -> bool:
        """Whether more has changed than the place that a song comes to by itself."""
        return (self != before) if self.paused else replace(self, position=None) != replace(before, position=None)


OnChange = Callable[[Steer], None]


class Steered(Protocol):
    """One song at a time. Every command belongs to one event loop; `state` may be asked from any thread.

    `can` holds what it does besides load and stop: "pause", "seek", "volume". Commands raise SteerError.
    """

    @property
    def can(self) -> frozenset[str]:
        """The commands it knows besides load and stop."""
        ...

    def state(self) -> Steer:
        """What was last seen."""
        ...

    async def load(self, url: str, title: str) -> None:
        """Plays a link instead of what played; whether it sounds, `state` tells."""
        ...

    async def pause(self, on: bool | None = None) -> None:
        """Pauses or goes on; without `on` whichever it does not do now."""
        ...

    async def seek(self, seconds: float, *, relative: bool = False) -> None:
        """Goes to a place, or by so many seconds."""
        ...

    async def volume(self, percent: float, *, relative: bool = False) -> None:
        """Sets the volume from 0 to 100, or changes it by so much."""
        ...

    async def stop(self) -> None:
        """Ends the song."""
        ...

    async def close(self) -> None:
        """Ends the song and lets go of everything."""
        ...
