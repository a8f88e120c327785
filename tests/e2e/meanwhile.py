"""Plays that mostly wait: all of them begin with the first end-to-end test, and are looked at after the others."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.e2e.terminal import pause

Play = Callable[[Path], None]
PLAY = "play"  # the attribute by which the test of a play is told
_AT_ONCE = 4
_SECONDS = 240.0


class Plays:
    """The plays under way, each in a folder of its own below one that the workers of a test run share.

    Who makes a play's folder plays it, and leaves beside it what became of it: nothing, or the traceback.
    """

    def __init__(self, plays: Iterable[Play], folder: Path) -> None:
        self._folder = folder
        self._looked: set[Play] = set()
        self._threads = ThreadPoolExecutor(_AT_ONCE, "play")
        for play in plays:
            self._threads.submit(self._begin, play)

    def look_at(self, play: Play) -> None:
        """Waits for the play's end; looked at again, as a second chance, it is played anew."""
        if play in self._looked:
            again = self._folder / f"{play.__name__}-{time.monotonic_ns()}"
            again.mkdir()
            play(again)
            return
        self._looked.add(play)
        deadline = time.monotonic() + _SECONDS
        while not self._told(play).exists():
            assert time.monotonic() < deadline, f"the play did not end within {_SECONDS} s"
            pause(0.1)
        if told := self._told(play).read_text():
            raise AssertionError(told)

    def close(self) -> None:
        """Those that have not begun never do; those that have are waited for."""
        self._threads.shutdown(cancel_futures=True)

    def _begin(self, play: Play) -> None:
        own = self._folder / play.__name__
        try:
            own.mkdir()
        except FileExistsError:
            return  # another worker plays it
        became = ""
        try:
            play(own)
        except Exception:  # noqa: BLE001 - whatever it is, the play's test raises it
            became = traceback.format_exc()
        draft = own.with_suffix(".new")
        draft.write_text(became)
        draft.rename(self._told(play))

    def _told(self, play: Play) -> Path:
        return self._folder / f"{play.__name__}.told"


def meanwhile(play: Play) -> Callable[[Plays], None]:
    """Makes a test of a play, to which its folder is given: it runs beside the other end-to-end tests."""

    def test(plays: Plays) -> None:
        plays.look_at(play)

    test.__name__, test.__doc__, test.__module__ = play.__name__, play.__doc__, play.__module__
    setattr(test, PLAY, play)
    return test
