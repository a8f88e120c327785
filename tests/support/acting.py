"""The program on a stage, with a pilot at its keys: what it shows, says, and asks of the engine."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.pilot import Pilot

from tests.support.stage import Stage, stage
from whisul_tui.app import WhisulApp
from whisul_tui.widgets.prompt_editor import PromptEditor


class Acting:
    """A running program, its pilot, and the stage below it."""

    def __init__(self, app: WhisulApp, pilot: Pilot[int], made: Stage) -> None:
        self.app = app
        self.pilot = pilot
        self.stage = made

    async def press(self, *keys: str) -> None:
        """Presses keys, one after the other, and waits until all of it is done."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Types a text, a newline as ctrl+j."""
        names = {" ": "space", "\n": "ctrl+j", ",": "comma", "?": "question_mark", ".": "full_stop", ":": "colon",
                 "-": "minus"}  # fmt: skip
        await self.press(*(names.get(char, char) for char in text))

    async def paste(self, text: str) -> None:
        """A bracketed paste, as the driver reports it."""
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def tell(self, *numbers: int) -> None:
        """The engine says that these jobs changed."""
        self.stage.engine.tell(*numbers)
        await self.pilot.pause()

    @property
    def mode(self) -> str:
        """Which screen is in front."""
        return str(self.app.current_mode)

    @property
    def sheet(self) -> str:
        """The type of what lies on top."""
        return type(self.app.screen).__name__

    @property
    def editor(self) -> PromptEditor:
        """The editor, whatever lies over it."""
        return next(screen for screen in self.app.screen_stack).query_one(PromptEditor)

    @property
    def toasts(self) -> list[str]:
        """What was said in toasts, the oldest first."""
        return [toast.message for toast in self.app._notifications]

    def called(self, name: str) -> list[tuple[Any, ...]]:
        """What the engine was told under this name, without the name."""
        return [call[1:] for call in self.stage.engine.calls if call[0] == name]

    def lines(self) -> list[str]:
        """What the whole terminal shows."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    def text(self) -> str:
        """What the whole terminal shows, as one text."""
        return "\n".join(self.lines())

    def words(self) -> str:
        """What the whole terminal shows, its lines run together and the lines of boxes left out."""
        return " ".join(re.sub("[\u2500-\u257f]", " ", self.text()).split())


@asynccontextmanager
async def acting(
    first: str = "write",
    jobs: Sequence[dict[str, Any]] = (),
    *,
    size: tuple[int, int] = (80, 24),
    profile: str = "default",
    **settings: Any,
) -> AsyncIterator[Acting]:
    """Shows the screen `first` with these jobs in the store; `settings` replace single ones."""
    with stage(jobs, profile=profile) as made:
        app = made.app(first, **settings)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Acting(app, pilot, made)
        app.close()
