"""WhisulApp: a table of contents. Sheets, screens, global keys, and the workers that live as long as the program."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from textual.app import App
from textual.message import Message
from textual.screen import Screen
from textual.signal import Signal

from whisul_tui.commands import JobCommands, ThemeCommands
from whisul_tui.desk import Desk, utc_now
from whisul_tui.formatting import counted
from whisul_tui.keymap import bindings, check_keymap
from whisul_tui.messages import (
    CopyWanted,
    DownloadWanted,
    EditWanted,
    JobsChanged,
    ProfileChosen,
    SongOpened,
    SoundSteered,
    SoundWanted,
)
from whisul_tui.paths import Paths
from whisul_tui.session import Session, open_session
from whisul_tui.settings import Settings, load_settings
from whisul_tui.stylesheets import all_sheets
from whisul_tui.terminal.capabilities import uses_unicode
from whisul_tui.terminal.guard import guarded, on_ending_signals
from whisul_tui.themes import OWN_THEMES, state_colours
from whisul_tui.workers.copying import Copying
from whisul_tui.workers.downloads import Downloads
from whisul_tui.workers.notices import Notices
from whisul_tui.workers.sound import Sound

log = logging.getLogger(__name__)


@dataclass
class NewsCame(Message):
    """The engine's news, posted from its own thread."""

    numbers: frozenset[int]


class WhisulApp(App[int]):
    """The TUI on an open session, or the setup screen where there is none yet."""

    TITLE = "whisul-tui"
    CSS_PATH = all_sheets()
    COMMANDS = {JobCommands, ThemeCommands}
    BINDINGS = bindings("everywhere")

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        session: Session | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
        first: str | None = None,
        problem: str | None = None,
    ) -> None:
        no_color = "NO_COLOR" in os.environ
        self.__dict__["DEFAULT_MODE"] = "setup" if session is None else first or first_room(session)
        super().__init__(ansi_color=True if no_color else None)
        self.paths = paths
        self.settings = settings
        self.desk: Desk | None = None
        self._now = now
        self._problem = problem
        self._open = ExitStack()
        self._changed: Signal[JobsChanged] = Signal(self, "jobs changed")
        for theme in OWN_THEMES:
            self.register_theme(theme)
        wanted = settings.text("theme") or "auto"
        self.theme = wanted if wanted in self.available_themes else "ansi-dark" if no_color else "whisul-dark"
        self.set_keymap(dict(settings.keys))
        if session is not None:
            self._take(session)
        self.add_mode("setup", self._setup_screen)
        for room in ("write", "jobs", "listen"):
            self.add_mode(room, partial(self._main_screen, room))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return state_colours(self.current_theme)

    # The session ----------------------------------------------------------------------------------------------------

    def _take(self, session: Session) -> None:
        unicode = uses_unicode(self.settings.text("glyphs") or "auto")
        self.desk = Desk(session, self._changed, self._now, unicode)
        self.notices = Notices(self, self.desk)
        self.sound = Sound(self, self.desk)
        self.downloads = Downloads(self, self.desk)
        self.copying = Copying(self)
        self._open.callback(session.engine.subscribe(lambda numbers: self.post_message(NewsCame(numbers))))

    def on_profile_chosen(self, message: ProfileChosen) -> None:
        """Opens the session that the setup screen has made possible."""
        self.settings = load_settings(self.paths, profile=message.name)
        session = self._open.enter_context(open_session(self.paths, self.settings))
        self._take(session)
        self.switch_mode("write")

    def on_mount(self) -> None:
        if not self.is_headless:
            on_ending_signals(self.exit)
        for problem in (*filter(None, [self._problem]), *check_keymap(dict(self.settings.keys))):
            self.notify(problem, severity="warning", timeout=15, markup=False)

    def on_unmount(self) -> None:
        if self.desk is not None:
            self.sound.stop()
            self.downloads.stop()
        self._open.close()

    # News -----------------------------------------------------------------------------------------------------------

    def on_news_came(self, message: NewsCame) -> None:
        """Hands the engine's news to every screen."""
        self.notices.look(message.numbers)
        self._changed.publish(JobsChanged(message.numbers))

    # What screens ask for -------------------------------------------------------------------------------------------

    async def on_edit_wanted(self, message: EditWanted) -> None:
        from whisul_tui.screens.write import WriteScreen

        await self.switch_mode("write")  # a screen shown for the first time has no widgets before
        if isinstance(self.screen, WriteScreen):
            self.screen.edit(message.job)

    async def on_song_opened(self, message: SongOpened) -> None:
        from whisul_tui.screens.listen import ListenScreen

        await self.switch_mode("listen")
        if isinstance(self.screen, ListenScreen):
            self.screen.open_song(message.number)

    def on_sound_wanted(self, message: SoundWanted) -> None:
        self.sound.play(message.job, on_host=message.on_host)

    def on_sound_steered(self, message: SoundSteered) -> None:
        self.sound.steer(message.command, message.amount)

    def on_download_wanted(self, message: DownloadWanted) -> None:
        self.downloads.keep(message.jobs)

    def on_copy_wanted(self, message: CopyWanted) -> None:
        self.copying.copy(message.text, message.what)

    # Global keys ----------------------------------------------------------------------------------------------------

    def action_go(self, room: str) -> None:
        """Shows one of the three screens."""
        if self.desk is not None:
            self.switch_mode(room)

    def action_help(self) -> None:
        """Shows all keys."""
        from whisul_tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.current_mode, dict(self.settings.keys)))

    def action_setup(self) -> None:
        """Lets the user give a key, or choose the studio."""
        if self.current_mode != "setup" and self.desk is None:
            self.switch_mode("setup")
        elif self.desk is not None:
            self.push_screen(self._setup_screen())

    async def action_quit(self) -> None:
        """Ends the TUI; jobs go on and are picked up at the next start."""
        self.exit(0)

    # Screens, imported when they are first shown ---------------------------------------------------------------------

    def _main_screen(self, room: str) -> Screen[Any]:
        desk = self.desk
        if desk is None:
            raise RuntimeError("no session is open yet")
        if room == "write":
            from whisul_tui.screens.write import WriteScreen

            return WriteScreen(desk)
        if room == "listen":
            from whisul_tui.screens.listen import ListenScreen

            return ListenScreen(desk)
        from whisul_tui.screens.jobs import JobsScreen

        return JobsScreen(desk)

    def _setup_screen(self) -> Screen[Any]:
        from whisul_tui.screens.setup import SetupScreen

        return SetupScreen(self.paths, self.settings)

    # The end --------------------------------------------------------------------------------------------------------

    def _fatal_error(self) -> None:
        """Logs a crash without local variables (the key may be among them) and leaves one line for the user."""
        log.error("crash", exc_info=self._exception)
        self._exit_renderables[:] = [f"whisul-tui ended by an error of its own; it is in {self.paths.log_file}"]
        self._close_messages_no_wait()


def first_room(session: Session) -> str:
    """The first screen: the jobs where there are any, else a place to write the first prompt."""
    return "jobs" if session.has_jobs() else "write"


def run_tui(paths: Paths, settings: Settings, *, problem: str | None = None) -> int:
    """Runs the TUI to its end and returns the exit code; a `problem` with the settings is told on the screen."""
    with ExitStack() as stack:
        session = stack.enter_context(open_session(paths, settings)) if settings.is_set_up else None
        app = WhisulApp(paths, settings, session, problem=problem)
        with guarded():
            code = app.run(mouse=settings.flag("mouse"))
        running = len(app.desk.session.open_jobs()) if app.desk else 0
    if running:
        sys.stderr.write(f"{counted(running, 'job')} still open: they go on, and the next start picks them up.\n")
    return (app.return_code or 0) if code is None else code
