"""The settings while the TUI runs: put in force, looked at in the file, and taken over or refused with the reason."""

from __future__ import annotations

import logging
import os
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App, SuspendNotSupported
from textual.theme import Theme
from textual.timer import Timer

from whisul_tui.key_words import named
from whisul_tui.messages import ProfileChosen, SettingsSaved
from whisul_tui.parsed_sheets import SheetsInTime, parse_once
from whisul_tui.remapping import remap
from whisul_tui.settings import Settings, SettingsError, load_settings, with_key
from whisul_tui.settings.live import when
from whisul_tui.settings.shown import in_words, shown
from whisul_tui.terminal.mouse import set_mouse
from whisul_tui.theme_files import OwnFiles
from whisul_tui.themes import OWN_THEMES, brings_all, offered, state_colours

if TYPE_CHECKING:
    from whisul_tui.paths import Paths

EVERY_SECONDS = 5.0
log = logging.getLogger(__name__)
_Stamp = tuple[int, int, int] | None


class Configuring:
    """Brings `settings` in force on an app that is being made; `problems` are sentences on what could not be.

    From `start` on the file is looked at every five seconds, and whenever the terminal has the focus again. `changed`
    is called with the names of settings that are others now.
    """

    def __init__(
        self, app: App[int], paths: Paths, settings: Settings, changed: Callable[[frozenset[str]], None]
    ) -> None:
        self._app = app
        self._paths = paths
        self._settings = settings
        self._changed = changed
        self._seen = self._stamp()
        self._usual = ""
        self._timer: Timer | None = None
        self._doubted: _Stamp = None
        files = OwnFiles.read(paths.themes_dir)
        for theme in (*OWN_THEMES, *files.themes):
            app.register_theme(theme)
        self.problems = (*files.problems, *self._use_theme(), *self._use_keys())
        parse_once(app)

    def start(self) -> None:
        """Begins to look; once the app runs. Where all is to be calm only the focus is a reason to."""
        try:
            self._usual = self._usual_profile()
        except SettingsError:
            self._usual = self._settings.profile.name
        self._keep_looking()

    def _keep_looking(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        is_calm = self._settings.flag("calm")
        self._timer = None if is_calm else self._app.set_interval(EVERY_SECONDS, self.look, name="look at the settings")

    def follow(self, settings: Settings) -> None:
        """Other settings are in force from now on: those of another profile."""
        self._settings = settings
        self._use_theme()
        self._use_keys()
        self._keep_looking()

    # The file -------------------------------------------------------------------------------------------------------

    def look(self, *, saved: bool = False) -> None:
        """Takes over what was changed in the file; `saved`: on the settings screen, which needs no words for it."""
        stamp = self._stamp()
        if stamp == self._seen:
            return
        try:
            newer = load_settings(self._paths, profile=self._settings.profile.name).with_flags_of(self._settings)
            usual = self._usual_profile()
        except SettingsError as error:
            if stamp == self._doubted or saved:  # the second look: an editor may have been at work at the first
                self._seen, self._doubted = stamp, None
                self._say(f"{error} The settings from before stay in force.", bad=True)
            else:
                self._doubted = stamp
            return
        self._seen, self._doubted = stamp, None
        later = [name for name in newer.values if self._is_later(name, newer)]
        changed = self._settings.adopt(newer)
        self._use(changed)
        other, self._usual = usual != self._usual, usual
        if not saved and (changed or later or other):
            self._say(self._told(changed, later, usual if other else None))

    def _is_later(self, name: str, newer: Settings) -> bool:
        return when(name) != "at once" and name != "profile" and shown(newer, name) != shown(self._settings, name)

    def _told(self, changed: frozenset[str], later: list[str], profile: str | None) -> str:
        told = [f"{name} is {in_words(shown(self._settings, name))} now" for name in sorted(changed - {"keys"})]
        told += ["the keys are others now"] if "keys" in changed else []
        told += [self._profile_words(profile)] if profile is not None else []
        told += [f"{name} is in force {when(name)}" for name in later]
        more = f"; and {len(told) - 4} more" if len(told) > 4 else ""
        return f"{self._paths.config_file.name}: {'; '.join(told[:4])}{more}."

    def _profile_words(self, name: str) -> str:
        if environ := os.environ.get("WHISUL_PROFILE", "").strip():
            return f"profile is {name} there, but WHISUL_PROFILE says {environ}"
        return f"profile {name} is in force {when('profile')}, {named(self._app, '{profile}')} opens it now"

    def _usual_profile(self) -> str:
        """The profile that the file names, whichever is open; raises SettingsError for one that does not exist."""
        return load_settings(self._paths, environ={}).profile.name

    def _stamp(self) -> _Stamp:
        try:
            found = Path(self._paths.config_file).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    # In force -------------------------------------------------------------------------------------------------------

    def _use(self, changed: frozenset[str]) -> None:
        problems = [
            *(self._use_theme() if "theme" in changed else ()),
            *(self._use_keys() if "keys" in changed else ()),
        ]
        if "mouse" in changed:
            set_mouse(self._app._driver, self._settings.flag("mouse"))
        if changed:
            self._changed(changed)
        for problem in problems:
            self._say(problem, bad=True)

    def _use_theme(self) -> list[str]:
        wanted = self._settings.text("theme") or "auto"
        known = self._app.available_themes
        few = "NO_COLOR" in os.environ or self._app.console.color_system == "standard"
        usual = "ansi-dark" if few else "whisul-dark"  # of sixteen colours the nearest may be that of the ground
        self._app.theme = wanted if wanted in known else usual
        if wanted in known or wanted == "auto":
            return []
        return [f"There is no theme {wanted!r}: {usual} is in force. The palette finds all of them under Theme."]

    def _use_keys(self) -> tuple[str, ...]:
        remapped = remap(self._settings.keys, self._paths.config_file.name)
        self._app.set_keymap(remapped.keymap)
        return remapped.problems

    def _say(self, sentence: str, *, bad: bool = False) -> None:
        log.info("%s", sentence)
        if self._app.is_running:
            self._app.notify(sentence, severity="warning" if bad else "information", timeout=10, markup=False)


class Configured(SheetsInTime):
    """What the program's app has of its settings: looks at the file when it matters, and themes as they are offered."""

    configuring: Configuring
    paths: Paths
    settings: Settings

    @abstractmethod
    async def reopen(self, settings: Settings) -> None:
        """Opens a session with these settings in the place of the one that is open."""

    def on_profile_chosen(self, message: ProfileChosen) -> None:
        """Opens the session of a profile, or with a key just given; says why where that cannot be."""
        try:
            settings = load_settings(self.paths, profile=message.name).with_flags_of(self.settings)
            settings = replace(settings, key=message.key) if message.key else with_key_asked(self, settings)
        except SettingsError as error:
            self.told_why(str(error))
        else:
            self.run_worker(self.reopen(settings), name="open the session", group="session", exclusive=True)

    def told_why(self, problem: str) -> None:
        """Says why a profile could not be opened: on the setup screen, where it was chosen there, else in a toast."""
        from whisul_tui.screens.setup import SetupScreen

        if isinstance(self.screen, SetupScreen):
            self.screen.failed(problem)
        else:
            self.notify(problem, severity="error", timeout=15, markup=False)

    def get_theme(self, theme_name: str) -> Theme | None:
        """A theme by name; Textual's own with every text readable."""
        return offered(theme_name) or super().get_theme(theme_name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of states for the themes that bring none."""
        theme = self.current_theme
        return {} if brings_all(theme) else state_colours(theme)

    def on_app_focus(self) -> None:
        """The user is back, perhaps from an editor."""
        self.configuring.look()

    def on_settings_saved(self, _: SettingsSaved) -> None:
        """Puts in force what the screen has written."""
        self.configuring.look(saved=True)


def with_key_asked(app: App[int], settings: Settings) -> Settings:
    """The settings with the key that a command prints, which has the terminal meanwhile: it may ask for a phrase.

    Raises SettingsError.
    """
    if settings.key is not None or settings.key_command is None:
        return settings
    try:
        with app.suspend():
            return with_key(settings)
    except SuspendNotSupported:
        return with_key(settings)
