"""WhisulApp: a table of contents. Sheets, screens, global keys, and the workers that live as long as the program."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import Any

from rich.text import Text
from textual.filter import LineFilter
from textual.screen import Screen
from textual.signal import Signal
from textual.worker import WorkerFailed

from whisul_tui import crashes
from whisul_tui.commands import JobCommands, ThemeCommands
from whisul_tui.desk import Desk, utc_now
from whisul_tui.formatting import counted
from whisul_tui.keymap import bindings
from whisul_tui.messages import (
    CopyWanted,
    DownloadWanted,
    EditWanted,
    JobsChanged,
    SetupLeft,
    SongOpened,
    SoundSteered,
    SoundWanted,
)
from whisul_tui.paths import Paths
from whisul_tui.screens.keys_ahead import KeysAhead
from whisul_tui.screens.main_screens import MAIN_SCREENS, main_screen
from whisul_tui.screens.palette import Palette
from whisul_tui.screens.toasts import Toasts
from whisul_tui.session import Session, open_session
from whisul_tui.settings import Settings
from whisul_tui.storage import StoreError
from whisul_tui.stylesheets import sheets
from whisul_tui.terminal.answers import listen_for_answers
from whisul_tui.terminal.display import OwnDisplay, wants_own
from whisul_tui.terminal.going_on import on_going_on
from whisul_tui.terminal.guard import end_by_force_after, guarded, on_ending_signals
from whisul_tui.terminal.pauses import fewer_pauses
from whisul_tui.terminal.straight_frames import StraightFrames
from whisul_tui.terminal.straight_keys import StraightKeys
from whisul_tui.terminal.wall import Wall
from whisul_tui.workers.configuring import Configured, Configuring
from whisul_tui.workers.news import NewsCame
from whisul_tui.workers.sitting import Sitting

_WALL = Wall()
log = logging.getLogger(__name__)


class WhisulApp(OwnDisplay, StraightKeys, StraightFrames, Configured, KeysAhead, Palette, Toasts):
    """The TUI on an open session, or the setup screen where there is none yet."""

    TITLE = "whisul-tui"
    CSS_PATH = sheets("app", "too_small")  # each screen reads its own
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
        self.own_display = wants_own(settings.text("display") or "auto", os.environ)
        self.sitting: Sitting | None = None
        self._now = now
        self._problem = problem
        self.still_open = self.paused = 0  # jobs, at the end
        self._before_setup = "jobs"
        self._changed: Signal[JobsChanged] = Signal(self, "jobs changed")
        self.configuring = Configuring(self, paths, settings, self._reconfigured)
        if session is not None:
            self.sitting = Sitting(self, session, self._changed, now)
        self.add_mode("setup", self._setup_screen)
        self.add_mode("between", Screen)
        for room in MAIN_SCREENS:
            self.add_mode(room, partial(self._main_screen, room))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Nothing that a terminal obeys leaves with a widget's text, wherever it came from."""
        return [*super().get_line_filters(), _WALL]

    # The session ----------------------------------------------------------------------------------------------------

    @property
    def desk(self) -> Desk | None:
        """What the screens work on, None before the setup."""
        return self.sitting.desk if self.sitting else None

    async def reopen(self, settings: Settings) -> None:
        """Opens a session with these settings in the place of the one that is open."""
        back = self.current_mode if self.current_mode in MAIN_SCREENS else "write"
        await self.switch_mode("between")  # the screen in front cannot be made anew
        if self.sitting is not None:
            for room in MAIN_SCREENS:  # first the screens: they save their drafts
                await self._renew_mode(room)
            sitting, self.sitting = self.sitting, None
            await sitting.end()
        self.settings = settings
        self.configuring.follow(settings)
        try:
            self.sitting = Sitting.opened(self, self.paths, settings, self._changed, self._now)
        except StoreError as error:
            await self.switch_mode("setup")
            self.told_why(str(error))
            return
        self.sitting.start()
        await self.switch_mode(back)
        await self._renew_mode("setup")

    def _reconfigured(self, changed: frozenset[str]) -> None:
        if self.sitting is not None:
            self.sitting.reconfigure(changed)

    async def _renew_mode(self, name: str) -> None:
        """The mode's screen is made anew when it is next shown."""
        await self.remove_mode(name)
        self.add_mode(name, self._setup_screen if name == "setup" else partial(self._main_screen, name))

    async def on_setup_left(self, _: SetupLeft) -> None:
        """Back to where the user came from, or out where there is nothing to go back to."""
        if self.desk is None:
            self.exit(0)
        else:
            await self.switch_mode(self._before_setup)
            await self._renew_mode("setup")

    def on_mount(self) -> None:
        if not self.is_headless:
            on_ending_signals(self.exit)
            on_going_on(self)
            self.call_after_refresh(fewer_pauses)
        if self.sitting is not None:
            self.sitting.start()
        self.configuring.start()
        trouble = self.desk.reading.trouble if self.desk else None
        notice = self.desk.session.notice if self.desk else ""
        for problem in filter(None, (self._problem, notice, trouble, *self.configuring.problems)):
            self.notify(problem, severity="warning", timeout=15, markup=False)

    def on_unmount(self) -> None:
        if self.sitting is not None:
            self.sitting.stop()
            left = self.sitting.desk.session.open_jobs()
            self.paused = sum(job.paused for job in left)
            self.still_open = len(left) - self.paused
        if not self.is_headless:
            end_by_force_after(self.return_code or 0)

    def close(self) -> None:
        """Closes the session that this app has opened, if any; after its end, when the terminal is given back."""
        if self.sitting is not None:
            self.sitting.close()

    @property
    def unsaved(self) -> tuple[str, ...]:
        """Ids of jobs that Whisul has accepted and the store could not take."""
        return self.desk.session.engine.status().unsaved if self.desk else ()

    # News -----------------------------------------------------------------------------------------------------------

    def on_news_came(self, _: NewsCame) -> None:
        """Hands the engine's news on."""
        if self.sitting is not None:
            self.sitting.news.take()

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
        if self.sitting is not None:
            self.sitting.sound.play(message.job, on_host=message.on_host, then=message.then)

    def on_sound_steered(self, message: SoundSteered) -> None:
        if self.sitting is not None:
            self.sitting.sound.steer(message.command, message.amount)

    def on_download_wanted(self, message: DownloadWanted) -> None:
        if self.sitting is not None:
            self.sitting.downloads.keep(message.jobs)

    def on_copy_wanted(self, message: CopyWanted) -> None:
        if self.sitting is not None:
            self.sitting.copying.copy(message.text, message.what)

    # Global keys ----------------------------------------------------------------------------------------------------

    def action_go(self, room: str) -> None:
        """Shows one of the three screens."""
        if self.desk is not None and self.current_mode != "setup":
            self.switch_mode(room)

    def action_help(self) -> None:
        """Shows all keys."""
        from whisul_tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.current_mode, self._keymap))

    def action_setup(self) -> None:
        """Lets the user give a key, or choose the studio."""
        if self.current_mode != "setup":
            self._before_setup = self.current_mode
            self.switch_mode("setup")

    async def action_quit(self) -> None:
        """Ends the TUI; jobs go on and are picked up at the next start."""
        self.exit(0)

    # Screens, imported when they are first shown ---------------------------------------------------------------------

    def _main_screen(self, room: str) -> Screen[Any]:
        if self.desk is None:
            raise RuntimeError("no session is open yet")
        return main_screen(room, self.desk)

    def _setup_screen(self) -> Screen[Any]:
        from whisul_tui.screens.setup import SetupScreen

        return SetupScreen(self.paths, self.settings, has_session=self.desk is not None)

    # The end --------------------------------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Trouble with the store that no read has calmed ends the program with its sentence, not as a crash."""
        if isinstance(error, WorkerFailed) and "on CommandPalette" in str(error.error):
            return  # Textual's palette, closed before its list was there: nothing is lost
        if isinstance(error, StoreError) and self._exception is None:
            self.exit(1, return_code=1, message=Text(str(error)))
        else:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Keeps a crash without local variables (the key may be among them) and leaves one line for the user."""
        error = self._exception or RuntimeError("the app ended without saying why")
        log.error("crash", exc_info=error)
        report = crashes.keep(error, self.paths.crash_dir)
        self._exit_renderables[:] = [Text(crashes.sentence(error, report, self.paths.log_file))]
        self._close_messages_no_wait()


def first_room(session: Session) -> str:
    """The first screen: the jobs where there are any, else a place to write the first prompt."""
    return "jobs" if session.has_jobs() else "write"


def run_tui(paths: Paths, settings: Settings, *, problem: str | None = None) -> int:
    """Runs the TUI to its end and returns the exit code; a `problem` with the settings is told on the screen."""
    with ExitStack() as stack:
        session = stack.enter_context(open_session(paths, settings, only_read=True)) if settings.is_set_up else None
        app = WhisulApp(paths, settings, session, problem=problem)
        stack.callback(app.close)
        listen_for_answers()
        with guarded():
            code = app.run(mouse=settings.flag("mouse"))
    for job_id in app.unsaved:
        sys.stderr.write(f"Whisul accepted job {job_id}, and the store could not take it: note the id down.\n")
    if app.still_open:
        still = counted(app.still_open, "job")
        sys.stderr.write(f"{still} still open: they go on, and the next start picks them up.\n")
    if app.paused:
        sys.stderr.write(f"{counted(app.paused, 'prompt')} paused in the outbox: O shows it, nothing of it is sent.\n")
    return (app.return_code or 0) if code is None else code
