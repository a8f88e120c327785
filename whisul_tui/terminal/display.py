"""The display layer: of each frame that Textual paints, only what the terminal does not show already is sent.

This module, `display_updates`, `loop_reader` and the three `straight_*` lean on Textual's internals. Where those are
not the known ones, or anything in here fails, Textual's own output is used, which needs to know nothing of what was
there before.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Self

from rich.color import ColorSystem
from rich.style import Style
from textual import events
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.app import App
from textual.strip import Strip

from whisul_tui.terminal.display_cells import Cells, ControlError, UnsureWidthError
from whisul_tui.terminal.display_encoder import erases_in_colour
from whisul_tui.terminal.display_front import Front, Span
from whisul_tui.terminal.display_pens import RESET, codes_of, pen_of
from whisul_tui.terminal.display_updates import partial_update
from whisul_tui.terminal.going_on import only_after_a_stop
from whisul_tui.terminal.handed_over import Painted, take_over
from whisul_tui.terminal.loop_reader import read_in_loop
from whisul_tui.terminal.straight_output import write_straight
from whisul_tui.terminal.textual_release import KNOWN, release

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.screen import Screen

    _Base = App[Any]
else:
    _Base = object

_Line = tuple[int, list[tuple[int, Strip]]]  # y, and strips with their x
_NEEDED = ("_display", "_begin_update", "_end_update", "post_display_hook", "on_event")
_OTHER_SCREEN = "\x1b[?1049h"
_KEPT_BACK = 0.15  # seconds
_AT_ONCE = 1000  # characters that come in one packet and are drawn in one go, so that nothing need be said of it
log = logging.getLogger(__name__)


def is_known(version: str, app: type = App) -> bool:
    """Whether Textual's internals are those that this module was written for."""
    return version in KNOWN and all(callable(getattr(app, name, None)) for name in _NEEDED)


def wants_own(setting: str, environ: Mapping[str, str]) -> bool:
    """Whether the layer is to be used: the environment's WHISUL_DISPLAY before the setting, `auto` or `stock`."""
    return (environ.get("WHISUL_DISPLAY", "").strip() or setting) != "stock" and is_known(release())


class OwnDisplay(_Base):
    """Stands before App in a program's bases; `own_display` switches the layer on."""

    own_display = False
    _front: Front | None = None
    _cells: Cells | None = None
    _writes_through: object = None
    _told_by: object = None
    _has_drawn = False
    _painted: Painted | None = None

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        only_after_a_stop(driver)
        read_in_loop(driver)
        if self.own_display:
            write_straight(driver)
        start, stop = driver.start_application_mode, driver.stop_application_mode

        def starting() -> None:
            painted = take_over()
            if painted is None:
                start()
                return
            write = driver.write
            if self.own_display:  # the screen is there already, and would be cleared
                self._painted = painted
                driver.write = lambda data: None if data == _OTHER_SCREEN else write(data)  # type: ignore[method-assign]
            start()
            driver.__dict__.pop("write", None)
            driver.attrs_before = painted.found  # type: ignore[attr-defined]  # not those of the first frame

        def stopping() -> None:
            self._draw_plainly()
            stop()

        driver.start_application_mode = starting  # type: ignore[method-assign]
        driver.stop_application_mode = stopping  # type: ignore[method-assign]
        return driver

    def _draw_plainly(self) -> None:
        """Whoever writes next to the terminal finds the plain pen: this layer leaves it as its last frame had it."""
        if self._driver is not None and self._has_drawn:
            self._has_drawn = False
            self._driver.write(RESET)

    def shown_lines(self) -> list[list[tuple[int, str, str]]] | None:
        """What the terminal shows, line by line as (cell, text, SGR codes), where that is known."""
        front = self._front
        if not self.own_display or front is None or front.is_kept_back:
            return None
        lines = [front.runs_of(y) for y in range(front.height)]
        return [[(x, text, codes_of(pen)) for x, text, pen in line] for line in lines] if all(lines) else None

    def codes_of(self, style: Style) -> str:
        """The SGR codes of a style, as in `shown_lines`."""
        colours = self.console._color_system or ColorSystem.TRUECOLOR
        return codes_of(pen_of(Strip.render_ansi(style, colours)))

    def forget_display(self) -> None:
        """Somebody else may have drawn on the terminal: all is sent again when it is next painted."""
        self._let_go()
        self._front = None

    async def on_event(self, event: events.Event) -> None:
        """After a new size, or back in front (tmux attached again), a terminal may show anything.

        Whoever types sees at once what it brings.
        """
        if isinstance(event, events.AppFocus) or (isinstance(event, events.Resize) and not self._is_announced(event)):
            self.forget_display()
        if isinstance(event, events.Key):
            self._let_go()
        await super().on_event(event)

    def _is_announced(self, event: events.Resize) -> bool:
        """Whether it only tells the size that there is: once when the driver starts, once when reports are begun."""
        driver, front = self._driver, self._front
        if front is None:
            return True
        teller = (getattr(driver, "_writer_thread", None), getattr(driver, "_in_band_window_resize", False))
        first, self._told_by = teller != self._told_by, teller
        return first and (front.width, front.height) == event.size

    def refresh(self, *, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """With `layout` all is drawn anew, as after a stop that nobody saw; without, it is for a reactive's sake."""
        if layout:
            self.forget_display()
        return super().refresh(repaint=repaint, layout=layout, recompose=recompose)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if self._batch_count or renderable is None:
            super()._display(screen, renderable)
        elif not self._can_show(renderable):
            self._display_stock(screen, renderable)
        else:
            compositor = screen._compositor
            if "render_partial_update" not in compositor.__dict__:
                compositor.render_partial_update = partial(self._partial_update, compositor)  # type: ignore[method-assign]
            frame = self._frame(renderable, is_half=screen._layout_required and screen._repaint_required)
            if frame is None:
                self._display_stock(screen, renderable)
                return
            if frame:
                self._send(frame)
            self.post_display_hook()

    def _display_stock(self, screen: Screen[Any], renderable: Any) -> None:
        self.forget_display()
        self._draw_plainly()
        super()._display(screen, renderable)

    def _can_show(self, renderable: object) -> bool:
        return (
            self.own_display
            and isinstance(renderable, LayoutUpdate | ChopsUpdate)
            and self._running
            and not self._closed
            and not self.is_headless
            and self._driver is not None
            and not self._driver.is_inline
        )

    def _partial_update(self, compositor: Compositor) -> ChopsUpdate | None:
        """What has become dirty, composed anew."""
        dirty = set(compositor._dirty_regions)
        if self.own_display:
            try:
                return partial_update(compositor)
            except Exception:
                log.exception("what is dirty could not be composed; Textual does it from now on")
                self.own_display = False
                compositor._dirty_regions = dirty
        return Compositor.render_partial_update(compositor)

    def _frame(self, update: LayoutUpdate | ChopsUpdate, *, is_half: bool) -> str | None:
        """What is to be sent, or None where Textual's own output is needed.

        `is_half`: a screen's new layout; Textual draws the whole screen once more behind it, with what it lacks.
        """
        try:
            return self._difference(update, is_half=is_half)
        except ControlError:
            return None
        except Exception:
            log.exception("the display layer failed; Textual's own output is used from now on")
            self.own_display = False
            return None

    def _difference(self, update: LayoutUpdate | ChopsUpdate, *, is_half: bool) -> str | None:
        width, height = self.size
        writer, front = getattr(self._driver, "_writer_thread", None), self._front
        if writer is not self._writes_through:  # application mode was begun anew, after a stop or an editor
            front, self._writes_through = self._taken_over(), writer
        if front is None or (front.width, front.height) != (width, height):
            front = self._front = Front(width, height, erases=erases_in_colour(os.environ))
        colours = self.console._color_system or ColorSystem.TRUECOLOR
        if self._cells is None or self._cells.colours is not colours:
            self._cells = Cells(colours)
        spans = list(_spans(update, self._cells, self._render))
        if any(s.y >= height or s.y < 0 or s.x < 0 or s.x + len(s.cells or ()) > width for s in spans):
            return None
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        self._previous_cursor_position = cursor
        return front.frame(spans, (cursor.x, cursor.y) if cursor else None, is_half=is_half)

    def _taken_over(self) -> Front | None:
        """What the first frame has drawn. The screen's first frames lack half of it: they are kept back, to be one."""
        painted, self._painted = self._painted, None
        if painted is None or (painted.columns, painted.rows) != self.size:
            return None
        front = self._front = Front(*self.size, erases=erases_in_colour(os.environ))
        front.primed(painted)
        self.set_timer(_KEPT_BACK, self._let_go, name="the first frame is over")
        return front

    def _let_go(self) -> None:
        front = self._front
        if isinstance(front, Front) and front.is_kept_back and (frame := front.let_go(None)):
            self._send(frame)

    def _render(self, strip: Strip) -> str:
        return strip.render(self.console)

    def _send(self, frame: str) -> None:
        driver = self._driver
        if driver is None:
            return
        self._has_drawn = True
        if len(frame) < _AT_ONCE:
            driver.write(frame)
        else:
            self._begin_update()
            try:
                driver.write(frame)
            finally:
                self._end_update()
        driver.flush()


def _spans(update: LayoutUpdate | ChopsUpdate, cells: Cells, render: Callable[[Strip], str]) -> Iterator[Span]:
    """What an update draws where, as Textual's own `render_segments` does.

    A line with text of unsure width is written as Textual writes it: a layout's strips in one go, chops one by one.
    """
    is_layout = isinstance(update, LayoutUpdate)
    for y, parts in _layout_lines(update) if isinstance(update, LayoutUpdate) else _chops_lines(update):
        try:
            yield from [Span(y, x, cells.of(strip)) for x, strip in parts]
        except UnsureWidthError:
            if is_layout:
                yield Span(y, parts[0][0], None, "".join(render(strip) for _, strip in parts))
            else:
                yield from (Span(y, x, None, render(strip)) for x, strip in parts)


def _layout_lines(update: LayoutUpdate) -> Iterator[_Line]:
    for y, line in enumerate(update.strips, update.region.y):
        x, parts = update.region.x, []
        for strip in line:
            parts.append((x, strip))
            x += strip.cell_length
        yield y, parts


def _chops_lines(update: ChopsUpdate) -> Iterator[_Line]:
    for y, spans in groupby(update.spans, itemgetter(0)):
        parts = []
        for _, x1, x2 in spans:
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is not None and x <= x2 and end > x1:
                    parts.append((x, strip if x2 > x >= x1 and end <= x2 else strip.crop(0, min(end, x2) - x)))
        yield y, parts
