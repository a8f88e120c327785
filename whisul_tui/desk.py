"""What every screen works with, handed to it when it is made: so that none of them needs to know the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.signal import Signal

from whisul_tui.messages import JobsChanged
from whisul_tui.reading import Reading

if TYPE_CHECKING:
    from whisul_tui.domain import Job
    from whisul_tui.listening.pictures import Picture
    from whisul_tui.listening.steering import Steer
    from whisul_tui.session import Session


def utc_now() -> datetime:
    """Now, as an aware datetime in UTC."""
    return datetime.now(UTC)


def _nothing_seen() -> Steer | None:
    return None


@dataclass(slots=True)
class Hearing:
    """What sounds now: the job's number and name, where or why not in a sentence, whether a player of ours has it.

    `seen` gives what that player told last: position, length, volume, and whether it is paused or out of reach.
    """

    number: int | None = None
    name: str = ""
    sentence: str = ""
    playing: bool = False
    failed: bool = False
    seen: Callable[[], Steer | None] = _nothing_seen

    def clear(self) -> None:
        """Nothing sounds, and nothing is to be said."""
        self.number, self.name, self.sentence, self.playing, self.failed = None, "", "", False, False
        self.seen = _nothing_seen


def _no_picture(job: Job, columns: int, rows: int) -> Picture | None:
    return None


def _not_painted(picture: Picture, x: int, y: int) -> None:
    pass


def _not_erased(picture: Picture) -> None:
    pass


@dataclass(slots=True)
class Art:
    """Covers, as their worker gives them.

    `look`: what is to be shown in so many cells, None for no cover at all; it may begin to load, and the signal tells
    when there is more. `paint` draws at a cell of the screen, `erase` undoes it.
    """

    look: Callable[[Job, int, int], Picture | None] = _no_picture
    paint: Callable[[Picture, int, int], None] = _not_painted
    erase: Callable[[Picture], None] = _not_erased


@dataclass(slots=True)
class Keeping:
    """How far one download is: bytes on disk of `total` (None: not said), then the sentence that ends it."""

    done: int = 0
    total: int | None = None
    piece: str = "song"
    sentence: str = ""
    failed: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return bool(self.sentence)


@dataclass(slots=True)
class Desk:
    """The open session, the signal that tells of changed jobs, the clock, and whether signs may be Unicode now.

    `reading` knows whether the store can be read; reads of `session` do not raise.

    `hearing` and `keeping` (by job number) are the plain state of sound and downloads; workers write, widgets show.
    """

    session: Session
    changed: Signal[JobsChanged]
    now: Callable[[], datetime] = utc_now
    unicode: bool = True
    hearing: Hearing = field(default_factory=Hearing)
    keeping: dict[int, Keeping] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    art: Art = field(default_factory=Art)

    @property
    def calm(self) -> bool:
        """Whether nothing on the screen may move by itself."""
        return self.session.settings.flag("calm")
