"""A stage for the workers: songs on a loopback CDN, players that are scripts, a display without sound."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.listening.server import Cdn
from tests.support.acting import Acting
from whisul_tui.desk import Desk
from whisul_tui.domain import Job


def song(cdn: Cdn, name: str, **more: Any) -> dict[str, Any]:
    """A completed job whose song and cover are to be on the CDN."""
    return {"title": name, "song_url": cdn.url(f"/{name}.mp3"), "image_url": cdn.url(f"/{name}.png"), **more}


def script(folder: Path, body: str, name: str = "player.sh") -> str:
    """A program that does this, as a setting names it; `$1` is the link."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return f"'{path}' {{url}}"


def desk_of(shown: Acting) -> Desk:
    """What the workers write into."""
    assert shown.app.desk is not None
    return shown.app.desk


def job_of(shown: Acting, place: int = 0) -> Job:
    """One of the stage's jobs."""
    job = shown.stage.store.get(shown.stage.numbers[place])
    assert job is not None
    return job


async def until(shown: Acting, true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Waits, while the program runs, for what a thread or process brings about."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - threads and processes set no events
            await asyncio.sleep(0.01)
    await shown.pilot.pause()
