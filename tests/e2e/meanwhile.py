"""Plays that mostly wait: all of them begin with the first end-to-end test, and are looked at after the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

Play = Callable[[Path], None]
PLAYS = "play"  # the attribute by which the test of a play is told
_AT_ONCE = 4


class Plays:
    """The plays under way, each in a folder of its own; what a play raises is raised to its test."""

    def __init__(self, plays: Iterable[Play], folder: Path) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, "play")
        self._futures: dict[Play, Future[None]] = {}
        for play in plays:
            own = folder / play.__name__
            own.mkdir()
            self._futures[play] = self._threads.submit(play, own)

    def look_at(self, play: Play) -> None:
        """Waits for the play's end."""
        self._futures[play].result(180)

    def close(self) -> None:
        """Those that have not begun never do; those that have are waited for."""
        self._threads.shutdown(cancel_futures=True)


def meanwhile(play: Play) -> Callable[[Plays], None]:
    """Makes a test of a play, to which its folder is given: it runs beside the other end-to-end tests."""

    def test(plays: Plays) -> None:
        plays.look_at(play)

    test.__name__, test.__doc__, test.__module__ = play.__name__, play.__doc__, play.__module__
    setattr(test, PLAYS, play)
    return test
