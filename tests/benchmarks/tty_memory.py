"""What the program holds once its client of the API is loaded, and after a thousand keys."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from tests.benchmarks.tty_places import PROGRAM, is_checked, start
from tests.benchmarks.tty_program import Program
from tests.e2e.places import Place
from whisul_tui.storage import Database, JobStore

_KEYS = 1000
_BROWSING = ("down",) * 12 + ("pagedown",) * 4 + ("up",) * 6 + ("end", "pageup", "pageup", "home")
_LOADED = 4.0  # seconds in which the client has long asked, and been refused


def held(place: Place) -> Iterator[tuple[str, float]]:
    """Rows and MiB."""
    with Database.open(place.database) as database:
        start(JobStore(database), "one that is due", 60.0, due_in=0.0)
    with Program(PROGRAM, place.environment(), place.folder) as program:
        program.visible("completed")
        program.idle(_LOADED)
        while not is_checked(place.database):
            program.idle(0.5)
        yield "memory with the client, MiB", program.pss()
        for key in islice(cycle(_BROWSING), _KEYS):
            program.press(key, 0.002)
        program.quiet(0.6)
        yield f"memory after {_KEYS:,} keys, MiB", program.pss()
