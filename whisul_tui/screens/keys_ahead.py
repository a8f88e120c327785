"""Keys that are typed before the dialog they are for stands: in one breath, or on a slow link."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode

_PATIENCE = 2.0  # seconds; a dialog stands within hundredths


class KeysAhead(App[int]):
    """Runs one action after the other on the screen that the one before has opened, once that has its widgets."""

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Runs the action as Textual does, once there is somebody to run it on."""
        if not (screen := self.screen).is_mounted:
            try:
                await asyncio.wait_for(screen._mounted_event.wait(), _PATIENCE)
            except TimeoutError:
                return False  # rather a key too few than a program that takes none any more
        done = await super().run_action(action, default_namespace, namespaces)
        await asyncio.sleep(0)  # an action that opens a dialog and waits for its answer has begun only now
        return done
