"""The program with two terminals at once: one gets what the display layer sends, the other Textual's own output."""

from __future__ import annotations

from typing import Any

from rich.color import ColorSystem
from textual import events
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App

from tests.support.sgr import colours
from tests.terminal.emulated import Emulated
from whisul_tui.app import WhisulApp
from whisul_tui.terminal.display_front import Front


class DifferentError(AssertionError):
    """The two terminals do not show the same."""


class Twin(WhisulApp):
    """Compares both terminals after every frame that is whole; the same frames go to both, so that none is missed.

    `frames` counts the frames, `sent` and `stock_sent` the bytes of both outputs, `used` the frames that were the
    layer's own.
    """

    terminals: tuple[Emulated, Emulated] | None = None
    frames = used = sent = stock_sent = 0
    _is_drawing = False
    _both: tuple[object, ChopsUpdate | None] = (None, None)  # what the layer composes, and Textual itself at that time

    def draws_in(self, colours: ColorSystem) -> None:
        """Chooses the system of colours."""
        self.console._color_system = colours

    @property
    def is_headless(self) -> bool:
        return False if self._is_drawing else super().is_headless

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize) and self.terminals and tuple(event.size) != self._emulated_size():
            for terminal in self.terminals:
                terminal.resize(event.size.height, event.size.width)
        await super().on_event(event)

    def _emulated_size(self) -> tuple[int, int]:
        assert self.terminals is not None
        return self.terminals[0].columns, self.terminals[0].lines

    def _partial_update(self, compositor: Compositor) -> ChopsUpdate | None:
        dirty = set(compositor._dirty_regions)
        ours = super()._partial_update(compositor)
        compositor._dirty_regions = set(dirty)  # a copy: it is cleared
        theirs = Compositor.render_partial_update(compositor)
        if any(widget._repaint_regions for widget in compositor.visible_widgets):  # to compose has changed something
            compositor._dirty_regions = dirty
            ours = super()._partial_update(compositor)
        self._both = ours, theirs
        return ours

    def _display(self, screen: Any, renderable: Any) -> None:
        ours, theirs = self._both
        if renderable is not ours or theirs is None:  # all of the screen, or what was composed for another frame
            theirs = renderable
        self._both = None, None
        if renderable is None or self._batch_count or not self._running or self._driver is None:
            super()._display(screen, renderable)
            return
        if self.terminals is None:
            self.terminals = Emulated(*self.size), Emulated(*self.size)
            for terminal in self.terminals:
                terminal.reset_mode(7 << 5)  # Textual switches line wrap off
        own, stock = self.terminals
        self._is_drawing = True
        written: list[str] = []
        self._driver.write = written.append  # type: ignore[method-assign]
        try:
            App._display(self, screen, theirs)
            stock_sent = "".join(written)
            written.clear()
            super()._display(screen, renderable)
            sent = "".join(written)
        finally:
            del self._driver.write
            self._is_drawing = False
        own.feed(sent)
        stock.feed(stock_sent)
        if self.no_color and (found := colours(sent.encode())):
            raise DifferentError(f"frame {self.frames}: there are colours: {sorted(found)}")
        self.frames += 1
        self.used += sent != stock_sent
        self.sent += len(sent.encode())
        self.stock_sent += len(stock_sent.encode())
        if not self.is_behind:
            self.compare()

    def _send(self, frame: str) -> None:
        if self._is_drawing or self.terminals is None:
            super()._send(frame)
        else:  # half a frame that somebody does not wait for
            self.terminals[0].feed(frame)
            self.sent += len(frame.encode())

    @property
    def is_behind(self) -> bool:
        """Whether a half frame waits for its other half."""
        return isinstance(self._front, Front) and self._front.is_kept_back

    def compare(self) -> None:
        """Raises DifferentError, with the first lines that differ."""
        assert self.terminals is not None
        own, stock = self.terminals
        seen = ((y, own.seen(y), stock.seen(y)) for y in sorted(own.dirty | stock.dirty))
        lines = [
            f"line {y}\n  ours  {[(x, a) for x, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b][:4]}\n"
            f"  stock {[(x, b) for x, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b][:4]}\n"
            f"  {own.display[y]}\n  {stock.display[y]}"
            for y, ours, theirs in seen
            if ours != theirs
        ]
        own.dirty.clear()
        stock.dirty.clear()
        if lines:
            raise DifferentError(f"frame {self.frames}: " + "\n".join(lines[:3]))
        places = [(terminal.cursor.x, terminal.cursor.y) for terminal in self.terminals]
        if places[0] != places[1] != (0, 0):  # where nobody has asked for it, it stays where it was
            raise DifferentError(f"frame {self.frames}: the cursor is at {places[0]} instead of {places[1]}")
        if own.margins is not None:
            raise DifferentError(f"frame {self.frames}: margins were left set")
