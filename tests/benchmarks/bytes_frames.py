"""Bytes of single actions, exact and without a clock: each frame that Textual paints, as the display layer sends it.

python -m tests.benchmarks.bytes_frames
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.color import ColorSystem
from textual.pilot import Pilot

from tests.support.stage import Stage, stage
from tests.terminal.twin import Twin
from whisul_tui.screens.jobs import JobsScreen
from whisul_tui.widgets.job_detail import JobDetail

_LINE = "neon rain lofi piano velvet thunder marimba drift solar glass canyon disco paper tiger waltz copper"
_WORDS = _LINE.split()


def jobs(count: int, *, running: int = 0) -> list[dict[str, Any]]:
    """Completed jobs with titles that differ, and running ones after them."""
    made: list[dict[str, Any]] = [
        {
            "prompt": f"{_WORDS[n % 16]} {_WORDS[n * 7 % 16]} with {_WORDS[n * 5 % 16]}, take {n}",
            "title": f"{_WORDS[n * 3 % 16]} {_WORDS[n * 11 % 16]} {n}".title(),
            "ago": 3600.0 + 60 * (count - n),
            "took": 40.0 + n % 90,
            "bpm": 60 + n % 120,
            "seconds": 90 + n % 180,
            "state": "failed" if n % 23 == 7 else "completed",
        }
        for n in range(count)
    ]
    return made + [{"prompt": f"runs {n}", "state": "running", "ago": 20.0 + 7 * n} for n in range(running)]


async def measured(colours: ColorSystem, *, running: int = 0) -> dict[str, int]:
    """Bytes by action on 120 x 40; fails where the two terminals differ."""
    figures: dict[str, int] = {}
    with stage(jobs(200, running=running)) as here:
        made = here.app("jobs", theme="whisul-dark")
        app = Twin(made.paths, made.settings, here.session, now=lambda: here.now)
        app.own_display = True
        app.draws_in(colours)
        async with app.run_test(size=(120, 40)) as pilot:

            async def count(name: str, act: Callable[[], Awaitable[object]]) -> None:
                before = app.sent
                await act()
                for _ in range(10):  # until a while without a frame has passed
                    frames = app.frames
                    await pilot.pause(0.05)
                    if frames == app.frames:
                        break
                figures[name] = app.sent - before

            await pilot.pause(0.1)
            figures["start"] = app.sent
            if not running:  # they cost the same then
                await _keys(pilot, count)
            await count("a second passes", lambda: _second(here, app))
            await pilot.press("w")
            await pilot.pause(0.05)
            await count("one job's second", lambda: _second(here, app))
            await pilot.press("w")
            await pilot.pause(0.05)
            await count("a second in which nothing changes", lambda: _still(app))
    return figures


async def _keys(pilot: Pilot[Any], count: Callable[[str, Callable[[], Awaitable[object]]], Awaitable[None]]) -> None:
    async def press(*keys: str) -> None:
        await pilot.press(*keys)

    JobDetail.follows_after = 0.5
    await count("Down, page beside", lambda: press("down"))
    await count("the page follows", lambda: pilot.pause(0.6))
    await press(*["down"] * 38)
    await count("Down that scrolls, page beside", lambda: press("down"))
    JobDetail.follows_after = 0
    await press("g")
    await count("the table over the whole width", lambda: press("w"))
    await count("Down", lambda: press("down"))
    for _ in range(40):
        await press("down")
    await count("Down that scrolls", lambda: press("down"))
    await count("PageDown", lambda: press("pagedown"))
    await count("End", lambda: press("G"))
    await count("Up that scrolls", lambda: press(*["up"] * 37))
    await count("Home", lambda: press("g"))
    await press("w")
    for name, key in (("Listen", "3"), ("Jobs", "2"), ("Listen", "3"), ("Jobs", "2"), ("Write", "1")):
        await count(f"to {name}", lambda key=key: press(key))
    await count("back to Jobs", lambda: press("escape"))


async def _second(here: Stage, app: Twin) -> None:
    here.now += timedelta(seconds=1)
    await _still(app)


async def _still(app: Twin) -> None:
    if isinstance(app.screen, JobsScreen):
        app.screen.tick()


def run(colours: ColorSystem, *, running: int = 0) -> dict[str, int]:
    """Measures in a home of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME", "RUNTIME_DIR"):
            (Path(folder) / name).mkdir(mode=0o700)
            os.environ[f"XDG_{name}"] = str(Path(folder) / name)
        return asyncio.run(measured(colours, running=running))


if __name__ == "__main__":
    os.environ.setdefault("TERM", "xterm-256color")
    for running in (0, 1, 20):
        print(f"{running} running:")
        for action, size in run(ColorSystem.TRUECOLOR, running=running).items():
            print(f"  {action:40}{size:>8,}")
