"""The Jobs screen on a stage, and what it asks of the app."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.message import Message
from textual.pilot import Pilot

from tests.support.stage import Stage, stage
from whisul_tui.app import WhisulApp
from whisul_tui.screens.jobs import JobsScreen

ASKED = ("edit_wanted", "song_opened", "sound_wanted", "download_wanted", "copy_wanted")


class Shown:
    """The screen, its pilot, the stage below it, and the messages that reached the app."""

    def __init__(self, app: WhisulApp, pilot: Pilot[int], made: Stage, heard: list[Message]) -> None:
        self.app = app
        self.pilot = pilot
        self.stage = made
        self.heard = heard

    @property
    def screen(self) -> JobsScreen:
        """The Jobs screen, whatever lies over it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, JobsScreen))

    @property
    def state(self) -> str:
        """The state of the job under the cursor."""
        job = self.screen.table.job
        return str(job.state) if job else ""

    @property
    def prompt(self) -> str:
        """The prompt of the job under the cursor."""
        job = self.screen.table.job
        return job.prompt if job else ""

    @property
    def toasts(self) -> list[str]:
        """What was said in toasts, the oldest first."""
        return [toast.message for toast in self.app._notifications]

    @property
    def calls(self) -> list[tuple[Any, ...]]:
        """What the engine was told."""
        return self.stage.engine.calls

    def text(self) -> str:
        """What the whole terminal shows, a line a line."""
        return "\n".join(
            "".join(segment.text for segment in strip) for strip in self.app.screen._compositor.render_strips()
        )

    async def press(self, *keys: str) -> None:
        """Presses keys and lets everything come to rest."""
        await self.pilot.press(*keys)
        for _ in range(3):  # a worker's answer, what it posts, and what that paints
            await self.pilot.pause()

    async def to(self, state: str) -> None:
        """Moves the cursor down to the first job of a state."""
        await self.press("g")
        while self.state != state:
            before = self.screen.table.place.index
            await self.press("j")
            assert self.screen.table.place.index > before, f"no {state} job here"


@asynccontextmanager
async def jobs_shown(
    jobs: Sequence[dict[str, Any]], size: tuple[int, int] = (80, 24), **settings: Any
) -> AsyncIterator[Shown]:
    """The Jobs screen with these jobs; what it asks of the app is heard here and goes no further."""
    heard: list[Message] = []
    with stage(jobs) as made, pytest.MonkeyPatch.context() as patch:
        for name in ASKED:
            patch.setattr(WhisulApp, f"on_{name}", lambda _app, message: heard.append(message))
        app = made.app(first="jobs", **settings)
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            yield Shown(app, pilot, made, heard)
