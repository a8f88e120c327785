"""Covers for the screens: which way the terminal shows pictures, and the pictures, made beside the screens' loop."""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import sys
import termios
from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.messages import JobsChanged
from whisul_tui.session import wake_studio
from whisul_tui.terminal.answers import ANSWERS
from whisul_tui.terminal.remembered import recall
from whisul_tui.workers.loop_thread import LoopThread
from whisul_tui.workers.terminal_writing import write_terminal
from whisul_tui.workers.threads import aside, tell

if TYPE_CHECKING:
    from whisul_tui.listening.pictures import Box, Picture, Way

_ANSWER_SECONDS = 2.0  # then half blocks; an answer that comes later is still taken
_DECODE_SECONDS = 5.0
_REMEMBERED = 30  # pictures
_KITTY_TERMS = ("xterm-kitty", "xterm-ghostty")

Key = tuple[str, str, int, int, tuple[int, int]]


class Covers:
    """Fills `desk.art`. One picture is made at a time, and only such as are still looked at."""

    def __init__(self, app: App[int], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._thread = LoopThread("covers")
        self._pictures: OrderedDict[Key, Picture] = OrderedDict()
        self._wanted: Key | None = None
        self._loading: set[Key] = set()
        self._turn = asyncio.Lock()
        self._is_late = False  # the terminal has not answered in time
        self._seen = way_by_eyes(recall(desk.session.paths.state_dir, os.environ))
        self._setting = desk.session.settings.text("covers") or "auto"
        if self._setting != "off":
            desk.art.look, desk.art.paint, desk.art.erase = self.look, self.paint, self.erase

    def look(self, job: Job, columns: int, rows: int) -> Picture | None:
        """The cover in so many cells, as far as it is there; None where there is none to be shown."""
        from whisul_tui.listening.pictures import Box, Picture

        url = job.song.image_url if job.song else None
        if url is None:
            return None
        way = self._way()
        if way is None:
            return Picture(label="cover")
        cell = cell_size() or ANSWERS.told.cell or (10, 20)
        key = (url, str(way), columns, rows, cell)
        self._wanted = key
        if (picture := self._pictures.get(key)) is not None:
            self._pictures.move_to_end(key)
            return picture
        if key not in self._loading:
            self._loading.add(key)
            self._thread.run(self._load(job, key, way, Box(columns, rows, cell)))
        return Picture(label="cover")

    def paint(self, picture: Picture, x: int, y: int) -> None:
        """Draws a picture at a cell of the screen, after all that was drawn before."""
        write_terminal(self._app, f"\x1b7\x1b[m\x1b[{y + 1};{x + 1}H{picture.draw}\x1b8")

    def erase(self, picture: Picture) -> None:
        """Takes a picture away; what is under it is drawn anew in whole, also by a layer that sends only changes."""
        if picture.erase:
            write_terminal(self._app, picture.erase)
        forget = getattr(self._app, "forget_display", None)
        if callable(forget):
            forget()

    def stop(self) -> None:
        """Ends what is being loaded."""
        self._thread.stop(0.5)
        self._turn = asyncio.Lock()

    def _way(self) -> Way | None:
        """How pictures are shown here; None while that is not known, and where no colours are."""
        from whisul_tui.listening.pictures import Way

        if self._setting != "auto":
            return Way(self._setting)
        if self._app.console.color_system not in ("truecolor", "256") or "NO_COLOR" in os.environ:
            return None
        named = self._seen or way_by_name(os.environ)
        if named is not None or not ANSWERS.is_listening:
            return Way(named or "blocks") if self._desk.unicode else None
        if ANSWERS.told.sixel is None and not self._is_late:
            if not ANSWERS.was_asked:
                ANSWERS.ask(partial(write_terminal, self._app), partial(tell, self._app, self._publish))
                self._app.set_timer(_ANSWER_SECONDS, self._late)
            return None
        if ANSWERS.told.sixel and (cell_size() or ANSWERS.told.cell):
            return Way.SIXEL
        return Way.BLOCKS if self._desk.unicode else None

    def _late(self) -> None:
        self._is_late = ANSWERS.told.sixel is None
        self._publish()

    async def _load(self, job: Job, key: Key, way: Way, box: Box) -> None:
        from whisul_tui.listening.pictures import Picture, PictureError, picture_of
        from whisul_tui.studio.errors import StudioError

        picture: Picture | None = None
        try:
            async with self._turn:
                if key == self._wanted:  # the user may have gone on meanwhile
                    data = await self._data(job, key[0])
                    async with asyncio.timeout(_DECODE_SECONDS):
                        picture = await aside(partial(picture_of, data, way, box), "decode a cover")
        except (PictureError, StudioError) as error:
            picture = Picture(label=str(error))
        except TimeoutError:
            picture = Picture(label="cover: takes too long")
        finally:
            tell(self._app, self._came, key, picture)

    async def _data(self, job: Job, url: str) -> bytes:
        from whisul_tui.listening.covers import CoverShelf
        from whisul_tui.listening.downloads import Downloader

        shelf = CoverShelf(self._desk.session.paths.cache_dir / "covers")
        kept = await aside(partial(shelf.kept, url), "look for a cover")
        if kept is not None:
            return kept
        await aside(partial(wake_studio, self._desk.session.paths, job), "wake the studio")
        downloader = Downloader()
        try:
            data = await shelf.cover(url, downloader)
        finally:
            await downloader.aclose()
        await aside(partial(shelf.keep, url, data), "keep a cover")
        return data

    def _came(self, key: Key, picture: Picture | None) -> None:
        self._loading.discard(key)
        if picture is not None:
            self._pictures[key] = picture
            while len(self._pictures) > _REMEMBERED:
                self._pictures.popitem(last=False)
        self._publish()

    def _publish(self) -> None:
        self._desk.changed.publish(JobsChanged(frozenset()))


def way_by_name(environ: Mapping[str, str]) -> str | None:
    """How pictures are shown by a terminal that tells its name; None: it must be asked.

    tmux and screen pass no pictures on, unless their user has seen to it: `covers` in the settings is for that.
    """
    term = environ.get("TERM", "")
    if environ.get("TMUX") or term.startswith(("screen", "tmux")):
        return "blocks"
    if term in _KITTY_TERMS or environ.get("KITTY_WINDOW_ID") or environ.get("TERM_PROGRAM") == "ghostty":
        return "kitty"
    return "blocks" if term in ("linux", "dumb") else None


def way_by_eyes(answers: Mapping[str, bool]) -> str | None:
    """How pictures are shown, as the user has seen it in this terminal with `doctor --terminal`; None: never told."""
    seen = [way for way in ("kitty", "sixel") if answers.get(way)]
    return seen[0] if seen else "blocks" if answers.get("kitty") is answers.get("sixel") is False else None


def cell_size() -> tuple[int, int] | None:
    """The pixels of a cell (width, height), where the terminal tells them with its size; ssh passes them on."""
    try:
        stream = sys.__stderr__ or sys.__stdout__
        packed = fcntl.ioctl(stream.fileno(), termios.TIOCGWINSZ, b"\0" * 8) if stream is not None else b"\0" * 8
    except (OSError, ValueError):
        return None
    rows, columns, width, height = struct.unpack("HHHH", packed)
    cell = (width // columns, height // rows) if rows and columns else (0, 0)
    return cell if min(cell) > 0 else None
