"""Keeps how the Jobs screen looks when it is opened, for the first frame of the next start."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.geometry import Region

from whisul_tui.domain import JobState
from whisul_tui.first_frame.look import ALL, FILE, SENT, Look, stamp, written
from whisul_tui.formatting import glyph
from whisul_tui.keymap import KEYS, keys_in_force
from whisul_tui.paths import write_private
from whisul_tui.storage.windows import View
from whisul_tui.terminal.display import OwnDisplay
from whisul_tui.terminal.display_encoder import erases_in_colour
from whisul_tui.widgets.header import Header

if TYPE_CHECKING:
    from whisul_tui.screens.jobs import JobsScreen

_PARTS = ("", "title", "prompt", "figure", "number", "late", *JobState)
_KINDS = ("row", "cursor")


def keep_look(screen: JobsScreen) -> None:
    """Writes the look, or takes it away where the next start is to begin without; a cache that fails costs nothing."""
    paths, settings = screen.session.paths, screen.session.settings
    file = paths.cache_dir / FILE
    try:
        if settings.text("first_frame") == "off" or settings.key_command is not None:
            file.unlink(missing_ok=True)
            return
        look = _look(screen)
        if look is None:
            return
        config = str(paths.config_file)
        stamped = stamp(sys.argv[1:], (screen.size.width, screen.size.height), os.environ, config)
        text = written(look, stamped, config)
        if not file.is_file() or file.read_text("utf-8") != text:
            write_private(file, text)
    except (OSError, UnicodeError):
        return


def _look(screen: JobsScreen) -> Look | None:
    """What is around the rows, and how rows are drawn; None while anything lies over it or is not as at a start."""
    app, table = screen.app, screen.table
    if not isinstance(app, OwnDisplay) or not erases_in_colour(os.environ):
        return None
    lines = app.shown_lines()
    is_plain = len(app.screen_stack) == 1 and app.screen is screen and not app._notifications and not table.news
    if not lines or not is_plain or table.view != View() or not table.total:
        return None
    look = Look()
    look.database = str(screen.session.paths.database)
    look.schema = screen.session.database.version()
    look.base = app.codes_of(table._paint.style("", "row"))
    region = table.region
    look.top, look.left = region.y + 1, region.x
    look.height, look.width = region.height - 1, table.size.width
    look.ellipsis = "…" if screen.desk.unicode else "..."
    facts = screen.facts()
    look.late_after, look.account = facts.usual[1] if facts.usual else float("inf"), facts.account
    hidden = _changing(screen)
    for y, runs in enumerate(lines):
        look.chrome += [piece for x, text, codes in runs for piece in _around(y, x, text, codes, hidden, look.base)]
    for kind in _KINDS:
        look.codes.update({(kind, part): app.codes_of(table._paint.style(part, kind)) for part in _PARTS})
    columns = table.columns
    for column in (columns.state, columns.title, *columns.figures):
        look.columns[column.name] = (column.at, column.width, int(column.is_left))
    look.signs = {str(state): glyph(state, unicode=screen.desk.unicode) for state in JobState}
    look.signs["bonds"] = "├└┌≡" if screen.desk.unicode else "|\\/="
    page, half = table.rows_shown, table.rows_shown // 2
    for way, step in (("down", 1), ("half_down", half), ("page_down", page), ("bottom", ALL)):
        look.keys |= dict.fromkeys(_sent_keys(app, f"move.{way}"), step)
    for way, step in (("up", 1), ("half_up", half), ("page_up", page), ("top", ALL)):
        look.keys |= dict.fromkeys(_sent_keys(app, f"move.{way}"), -step)
    return look


def _sent_keys(app: App[Any], name: str) -> list[str]:
    """The keys of a binding of which is known what terminals send for them."""
    names = keys_in_force(KEYS[name], getattr(app, "_keymap", {}))
    return [key for key in names if key in SENT or (len(key) == 1 and key.isascii())]


def _changing(screen: JobsScreen) -> list[Region]:
    """Where another start shows something else: rows, the page, counts and what the poller does, the line below."""
    table, header, detail = screen.table.region, screen.query_one(Header), screen.detail
    tabs = header._tabs(header.size.width).cell_len
    bar = screen.search_bar.region
    hidden = [
        Region(table.x, table.y + 1, table.width, table.height - 1),
        Region(tabs, header.region.y, header.region.width - tabs, 1),
        bar,
    ]
    return [*hidden, detail.content_region] if detail.display else hidden


def _around(y: int, x: int, text: str, codes: str, hidden: list[Region], base: str) -> list[tuple[int, int, str, str]]:
    """The parts of a run that are outside of what changes, each a piece; none of blanks that are blank anyway."""
    pieces: list[tuple[int, int, str, str]] = []
    for at, letter in enumerate(text, x):
        if any(region.contains(at, y) for region in hidden):
            continue
        if pieces and pieces[-1][1] + len(pieces[-1][2]) == at:
            pieces[-1] = (y, pieces[-1][1], pieces[-1][2] + letter, codes)
        else:
            pieces.append((y, at, letter, codes))
    return [piece for piece in pieces if piece[2].strip() or codes != base]
