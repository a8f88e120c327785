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
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.screen import Screen
from textual.widget import Widget

from whisul_tui.terminal.textual_release import KNOWN, release

if TYPE_CHECKING:
    _Base = App[Any]
else:
    _Base = object

_Bound = tuple[DOMNode, list[Binding]]
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
        bound = self.bound(key)
        if await self._run_first(reversed(bound), priority=True):
            return True
        if self._is_one_under_way or self._is_wanted(key):
            return False
        modal = next((at for at, (node, _) in enumerate(bound, 1) if node.is_modal), len(bound))
        return await self._run_first(bound[:modal], priority=False)

    def bound(self, key: str) -> list[_Bound]:
        """What a key is bound to from the focus up: of `Screen._binding_chain`, which copies the bindings of all keys,
        this one's part."""
        screen, focused = self.screen, self.screen.focused
        if self._keymap:
            return [(node, bindings.key_to_bindings.get(key, [])) for node, bindings in screen._binding_chain]
        nodes = [screen, self] if focused is None or focused.loading else focused.ancestors_with_self
        bound: list[_Bound] = []
        is_taken = False  # by a field, say, in which it writes
        for node in nodes:
            bound.append((node, [] if is_taken else node._bindings.key_to_bindings.get(key, [])))
            if not is_taken and type(node).check_consume_key is not DOMNode.check_consume_key:
                is_taken = node.check_consume_key(key, key_to_character(key))  # it seeks all names of Unicode: .8 MiB
        return bound

    async def _run_first(self, bound: Iterable[_Bound], *, priority: bool) -> bool:
        """Runs the first action that takes the key."""
        for node, bindings in bound:
            for binding in bindings:
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
