"""The settings while the TUI runs: themes and keys put in force, and what is wrong with them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from whisul_tui.remapping import remap
from whisul_tui.themes import OWN_THEMES

if TYPE_CHECKING:
    from textual.app import App

    from whisul_tui.paths import Paths
    from whisul_tui.settings import Settings


class Configuring:
    """Brings `settings` in force on an app that is being made; `problems` are sentences on what could not be."""

    def __init__(self, app: App[int], paths: Paths, settings: Settings) -> None:
        self._app = app
        self._paths = paths
        self._settings = settings
        self.problems: tuple[str, ...] = ()
        for theme in OWN_THEMES:
            app.register_theme(theme)
        self._use_theme()
        self._use_keys()

    def _use_theme(self) -> None:
        wanted = self._settings.text("theme") or "auto"
        known = self._app.available_themes
        self._app.theme = wanted if wanted in known else "ansi-dark" if "NO_COLOR" in os.environ else "whisul-dark"

    def _use_keys(self) -> None:
        remapped = remap(self._settings.keys, Path(self._paths.config_file).name)
        self._app.set_keymap(remapped.keymap)
        self.problems = remapped.problems
