"""One session of the TUI from its opening to its end: the desk that screens work on, and the workers around it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial

from textual.app import App
from textual.signal import Signal

from whisul_tui.desk import Desk
from whisul_tui.messages import JobsChanged
from whisul_tui.paths import Paths
from whisul_tui.reading import Reading, calm
from whisul_tui.session import Session, budget_of, open_session
from whisul_tui.settings import Settings
from whisul_tui.storage import StoreDamaged, StoreError
from whisul_tui.storage.mending import check_pages
from whisul_tui.terminal.capabilities import uses_unicode
from whisul_tui.workers.copying import Copying
from whisul_tui.workers.covers import Covers
from whisul_tui.workers.downloads import Downloads
from whisul_tui.workers.news import News
from whisul_tui.workers.notices import Notices
from whisul_tui.workers.sound import Sound
from whisul_tui.workers.threads import aside, tell

log = logging.getLogger(__name__)


class Sitting:
    """A session that is open, `desk` and workers with it, until it `end`s; its account and key never change."""

    def __init__(
        self,
        app: App[int],
        session: Session,
        changed: Signal[JobsChanged],
        now: Callable[[], datetime],
        *,
        owned: ExitStack | None = None,
    ) -> None:
        self._app = app
        self._open = owned or ExitStack()  # what is to be closed at the end
        reading = Reading(self._trouble)
        unicode = uses_unicode(session.settings.text("glyphs") or "auto")
        self.desk = Desk(calm(session, reading), changed, now, unicode, reading=reading)
        self.news = News(app, self._show)
        self._notices = Notices(app, self.desk)
        self.downloads = Downloads(app, self.desk)
        self.sound = Sound(app, self.desk, self.downloads)
        self.copying = Copying(app)
        self._covers = Covers(app, self.desk)

    @classmethod
    def opened(
        cls,
        app: App[int],
        paths: Paths,
        settings: Settings,
        changed: Signal[JobsChanged],
        now: Callable[[], datetime],
    ) -> Sitting:
        """Opens a session, which is this one's to close. Raises StoreError."""
        owned = ExitStack()
        session = owned.enter_context(open_session(paths, settings, only_read=True))
        session.engine.key_changed()  # also where it is the refused one again: the user wants it tried
        return cls(app, session, changed, now, owned=owned)

    def start(self) -> None:
        """Sets the workers to work; once the app runs."""
        session = self.desk.session
        self._open.callback(session.engine.subscribe(self.news.came))
        if session.hook is not None:
            session.hook.failed = lambda sentence: tell(self._app, self._trouble, sentence)
        self._notices.start()
        self._app.run_worker(self._check_pages(session), name="check the store", group="check", exclusive=True)

    def _show(self, numbers: frozenset[int]) -> None:
        """Hands the engine's news to whoever tells the user, and to every screen."""
        self._notices.look()
        self.desk.changed.publish(JobsChanged(numbers))

    def reconfigure(self, changed: frozenset[str]) -> None:
        """Brings changed settings in force that somebody has taken note of before."""
        settings = self.desk.session.settings
        self.desk.session.engine.undo_seconds = settings.number("undo_seconds")
        self.desk.session.engine.budget = budget_of(settings)
        self.desk.unicode = uses_unicode(settings.text("glyphs") or "auto")
        if "title" in changed:
            self._notices.stop()
            self._notices.start()
        self._show(frozenset())
        for screen in self._app.screen_stack:
            screen.refresh(layout=True, recompose=False)

    def stop(self) -> None:
        """Ends the workers; the engine goes on until the session is closed."""
        self.news.stop()
        self._notices.stop()
        self.sound.stop()
        self.downloads.stop()
        self._covers.stop()

    async def end(self) -> None:
        """Ends workers and engine, and closes the session where it is this one's."""
        self.stop()
        await aside(self.desk.session.engine.stop, "stop the engine")
        self._open.close()

    def close(self) -> None:
        """Closes the session where it is this one's; after the app's end, when the terminal is given back."""
        self._open.close()

    async def _check_pages(self, session: Session) -> None:
        """Reads the whole store once, beside everything else: damage is told now, and mended at the next start."""
        try:
            await aside(partial(check_pages, session.database), "check the store", in_no_hurry=True)
        except StoreDamaged as error:
            self._trouble(f"{error} The next start sets it aside by itself and keeps what can be read.")
        except StoreError as error:
            log.warning("the store could not be checked: %s", error)

    def _trouble(self, sentence: str) -> None:
        if self._app.is_running:
            self._app.notify(sentence, severity="error", timeout=15, markup=False)
