"""What an action has changed is painted before anything else has its turn.

In Textual a widget tells itself that it is to be painted, then its screen, then a timer does it: four turns of the
event loop, and whatever else waits for its own turn comes between.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import constants
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen

from whisul_tui.terminal.textual_release import KNOWN, release

if TYPE_CHECKING:
    _Base = App[Any]
else:
    _Base = object

_SLOT = 1 / constants.MAX_FPS  # seconds between two frames at least


class StraightFrames(_Base):
    """Stands before App in a program's bases."""

    _painted_at = 0.0

    async def _dispatch_action(self, namespace: DOMNode, action_name: str, params: Any) -> bool:
        """Runs an action, and paints what it has changed where no other key waits and no frame was a moment ago."""
        done = await super()._dispatch_action(namespace, action_name, params)
        if done and release() in KNOWN and not (self.message_queue_size or self._batch_count):
            screen = self.screen
            if monotonic() - self._painted_at >= _SLOT and is_ready(screen):
                paint(screen)
        return done

    def post_display_hook(self) -> None:
        """A frame was sent."""
        self._painted_at = monotonic()
        super().post_display_hook()


def is_ready(screen: Screen[Any]) -> bool:
    """Whether there is something to be painted, and nothing to be laid out, made anew or styled before that."""
    if screen._layout_required or screen._recompose_required or screen._repaint_required or not screen.is_mounted:
        return False
    widgets = screen._compositor.visible_widgets
    is_dirty = False
    for widget in widgets:
        if widget._layout_required or widget._recompose_required or widget._refresh_styles_required:
            return False
        is_dirty = is_dirty or widget._repaint_required or widget._scroll_required
    return is_dirty


def paint(screen: Screen[Any]) -> None:
    """What `Widget._check_refresh`, the screen's handlers of their messages and its timer do, one after the other."""
    for widget in screen._compositor.visible_widgets:
        if widget._scroll_required:
            widget._scroll_required = False
            screen._scroll_required = True
        if widget._repaint_required:
            widget._repaint_required = False
            screen._dirty_widgets.add(widget)
    screen._on_timer_update()
