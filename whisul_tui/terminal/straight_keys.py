"""A key goes straight to its binding where nobody on its way wants it; Textual hands it from widget to widget before.

From the reader to the app each key is a task of its own there, and each widget above the one in focus gets it, one
after the other, until the app looks at the bindings.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App
from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from whisul_tui.terminal.textual_release import KNOWN, release

if TYPE_CHECKING:
    _Base = App[Any]
else:
    _Base = object

_LOST_AFTER = 1.0  # seconds; a widget that was taken away brings no key back


class StraightKeys(_Base):
    """Stands before App in a program's bases.

    A widget or screen with `on_key` may have a method `wants_key(key)`; without it, it gets every key.
    """

    _under_way: events.Key | None = None  # the last one that was handed to widgets

    async def on_event(self, event: events.Event) -> None:
        """Knows which key is still on its way: no later one may come before it."""
        if not isinstance(event, events.Key):
            await super().on_event(event)
            return
        is_back = event.is_forwarded
        await super().on_event(event)
        if event.is_forwarded:
            self._under_way = None if is_back else event

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Runs the action of a key; with `priority`, which comes first, also of those that nobody else is asked for."""
        if not priority or release() not in KNOWN:
            return await super()._check_bindings(key, priority)
        chain = self.screen._binding_chain  # made anew each time that it is asked for
        if await self._run_first(reversed(chain), key, priority=True):
            return True
        if self._is_one_under_way or self._is_wanted(key):
            return False
        modal = next((at for at, (node, _) in enumerate(chain, 1) if node.is_modal), len(chain))
        return await self._run_first(chain[:modal], key, priority=False)

    async def _run_first(self, chain: Iterable[tuple[DOMNode, BindingsMap]], key: str, *, priority: bool) -> bool:
        """Runs the first action that takes the key."""
        for node, bindings in chain:
            for binding in bindings.key_to_bindings.get(key, ()):
                if binding.priority == priority and await self.run_action(binding.action, node):
                    return True
        return False

    @property
    def _is_one_under_way(self) -> bool:
        key = self._under_way
        return key is not None and not key._stop_propagation and monotonic() - key.time < _LOST_AFTER

    def _is_wanted(self, key: str) -> bool:
        """Whether a widget from the one in focus up, or the screen, may do something with a key itself."""
        node: DOMNode | None = self.focused or self.screen
        while isinstance(node, Widget):
            if takes_keys(type(node)):
                wants = getattr(node, "wants_key", None)
                if wants is None or wants(key):
                    return True
            node = node.parent
        return False


@cache
def takes_keys(kind: type[Widget]) -> bool:
    """Whether widgets of this kind have a handler of keys of their own."""
    own = [parent for parent in kind.__mro__ if issubclass(parent, Widget) and parent not in (Widget, Screen)]
    return any(
        name in ("on_key", "_on_key", "on_event") or name.startswith(("key_", "_key_"))
        for parent in own
        for name in (*vars(parent), *("on_key" for event in vars(parent)["_decorated_handlers"] if event is events.Key))
    )
