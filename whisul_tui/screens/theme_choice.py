"""The colours: each theme is seen as one moves, Enter keeps it, escape brings the one before back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.messages import SettingsSaved
from whisul_tui.paths import Paths
from whisul_tui.screens.dialog import Dialog
from whisul_tui.settings import Settings, SettingsError, change
from whisul_tui.stylesheets import sheets
from whisul_tui.theme_files import OwnFiles
from whisul_tui.themes import described, in_order
from whisul_tui.widgets.choice_list import ChoiceList


class ThemeChoice(Dialog[None]):
    """All themes in the order of use: the program's own, the terminal's palette, the user's, Textual's."""

    CSS_PATH = sheets("settings")
    BINDINGS = bindings("choice")
    AUTO_FOCUS = "ChoiceList"

    def __init__(self, paths: Paths, settings: Settings) -> None:
        super().__init__()
        self._paths = paths
        self._settings = settings
        self._before = ""
        self._names: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="choice-box") as box:
            box.border_title = "Theme"
            box.border_subtitle = Content(named(self, "{choice.take} keeps it  {choice.close} changes nothing"))
            yield ChoiceList(compact=True)
            yield Static("", classes="told", markup=False)

    def on_mount(self) -> None:
        files = OwnFiles.read(self._paths.themes_dir)
        for theme in files.themes:
            self.app.register_theme(theme)
        self._before = self.app.theme
        self._names = in_order(self.app.available_themes)
        own = {theme.name for theme in files.themes}
        width = max(map(len, self._names))
        options = self.query_one(ChoiceList)
        themes = [(name, self.app.get_theme(name)) for name in self._names]
        options.add_options(
            [Option(f"{name:<{width}}  {described(theme, own)}", id=name) for name, theme in themes if theme]
        )
        if self._before in self._names:
            options.highlighted = self._names.index(self._before)
        told = [*files.problems[:3]] or ["Your own: NAME.toml in the folder of themes that `config path` tells."]
        self.query_one(".told", Static).update("\n".join(told))

    def action_move(self, step: int) -> None:
        """To the next theme, or the one before."""
        options = self.query_one(ChoiceList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_id and event.option_id != self.app.theme:
            self.app.theme = event.option_id

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Writes the theme to the config file."""
        try:
            change(self._paths, "theme", self.app.theme, profile=self._settings.profile.name)
        except SettingsError as error:
            self.notify(f"The theme is not kept. {error}", severity="warning", timeout=10, markup=False)
        else:
            self.app.post_message(SettingsSaved())
        self.dismiss()

    def action_close(self) -> None:
        """Brings back what was there."""
        self.app.theme = self._before
        self.dismiss()
