"""What the three main screens have in common: header above, hints below, the body between, redrawn on a signal."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from whisul_tui.desk import Desk
from whisul_tui.messages import JobsChanged
from whisul_tui.terminal.handed_over import place_ahead
from whisul_tui.widgets import too_small
from whisul_tui.widgets.header import Header
from whisul_tui.widgets.hints import Hints
from whisul_tui.widgets.one_ground import OneGround


class MainScreen(Screen[None], OneGround):
    """A screen of its own room: a subclass gives `ROOM`, `HINTS`, `body()`, and `jobs_changed()` for the signal."""

    ROOM = ""
    HINTS: tuple[str, ...] = ()
    HORIZONTAL_BREAKPOINTS = [(0, "-thin"), (too_small.COLUMNS, "-narrow"), (100, "-medium"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (too_small.ROWS, "-low"), (16, "-high")]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.session = desk.session
        self.moved_ahead = place_ahead()  # before the first screen was there

    def compose(self) -> ComposeResult:
        self.sized(*self.app.size)  # once more at the first resize; by then there would be widgets to be drawn anew
        yield Header(self.desk, self.ROOM)
        yield from self.body()
        yield Hints(self.HINTS)
        yield too_small.TooSmall()

    def sized(self, width: int, height: int) -> None:
        """The screen is, or will be, of this size."""
        for length, classes in ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS)):
            self.add_class(max((least, name) for least, name in classes if least <= length)[1])

    def body(self) -> Iterable[Widget]:
        """The widgets between header and hints."""
        return ()

    def on_mount(self) -> None:
        self.jobs_changed(JobsChanged(frozenset()))
        self.desk.changed.subscribe(self, self._on_changed)
        if not self.desk.calm:
            self.set_interval(1.0, self.second)

    def second(self) -> None:
        """A second has passed: all that tells time does so now, in one frame."""
        self.query_one(Header).second()

    def _on_changed(self, change: JobsChanged) -> None:
        if self.is_attached:
            self.jobs_changed(change)

    def jobs_changed(self, change: JobsChanged) -> None:
        """Redraws what the change concerns; called once at the start with no numbers."""

    def on_screen_resume(self) -> None:
        """Back in front: what passed meanwhile is looked at."""
        self.query_one(Header).look()

    @property
    def is_shown(self) -> bool:
        """Whether this screen is the one of the three that is in front; a sheet may lie over it."""
        return self.is_attached and self in self.app.screen_stack

    # Settings, from wherever one is ----------------------------------------------------------------------------------

    def action_settings(self) -> None:
        """Shows all settings, to be changed."""
        from whisul_tui.screens.settings_screen import SettingsScreen

        self.app.push_screen(SettingsScreen(self.session.paths, self.session.settings))

    def action_outbox(self) -> None:
        """Shows what is not sent yet, to be arranged."""
        from whisul_tui.screens.outbox import OutboxScreen

        self.app.push_screen(OutboxScreen(self.desk))

    def action_themes(self) -> None:
        """Lets the user choose the colours."""
        from whisul_tui.screens.theme_choice import ThemeChoice

        self.app.push_screen(ThemeChoice(self.session.paths, self.session.settings))

    def action_profiles(self) -> None:
        """Lets the user choose the account to work with."""
        from whisul_tui.screens.profile_choice import ProfileChoice

        self.app.push_screen(ProfileChoice(self.session))

    @cached_property
    def hints(self) -> Hints:
        """The bottom line."""
        return self.query_one(Hints)

    def hint(self, ids: tuple[str, ...]) -> None:
        """Shows other keys in the bottom line."""
        self.hints.show(ids)
