"""Settings: all of them, with value and origin, changed in place and written to the config file at once."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.messages import SettingsSaved
from whisul_tui.paths import Paths
from whisul_tui.screens.dialog import Dialog
from whisul_tui.settings import UNSET, Settings, SettingsError, change, load_settings
from whisul_tui.settings.live import groups, when
from whisul_tui.settings.shown import in_words, shown, whence
from whisul_tui.settings.table import BY_NAME, Row
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.cells import cut, fit
from whisul_tui.widgets.choice_list import ChoiceList

_NAME, _VALUE = 21, 30  # cells
_ELSEWHERE = {
    "api_key": "{setup} takes a key and saves it; it is never shown.",
    "profile": "{profile} chooses another profile.",
}


class SettingsScreen(Dialog[None]):
    """The rows of the table of settings by group; what is written posts `SettingsSaved`."""

    CSS_PATH = sheets("settings")
    BINDINGS = bindings("settings")
    AUTO_FOCUS = "ChoiceList"
    COMPONENT_CLASSES = {f"settings-screen--{part}" for part in ("group", "name", "value", "origin", "waits")}

    def __init__(self, paths: Paths, settings: Settings) -> None:
        super().__init__()
        self._paths = paths
        self._in_force = settings
        self._written = settings
        self._rows = [row for _, rows in groups() for row in rows]

    def compose(self) -> ComposeResult:
        with Vertical(id="settings-box") as box:
            box.border_title = "Settings"
            box.border_subtitle = Content(
                named(self, "{settings.change} changes  {settings.default} default  {settings.close} closes")
            )
            yield ChoiceList(compact=True)
            yield Static("", id="settings-told", markup=False)
            yield Input(compact=True, id="settings-field")
            yield Static("", id="settings-problem", markup=False)

    def on_mount(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = field.display = False
        self.query_one("#settings-problem").display = False
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show())
        self._show()

    def on_resize(self) -> None:
        self._show()

    # What is shown --------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """All rows anew, as the file and the environment have them now."""
        try:
            self._written = load_settings(self._paths, profile=self._in_force.profile.name)
        except SettingsError as error:
            self._say(str(error))
        options = self.query_one(ChoiceList)
        at = options.highlighted
        options.clear_options()
        for title, rows in groups():
            options.add_options([Option(Text(title, self._style("group")), disabled=True)])
            options.add_options([Option(self._line(row), id=row.name) for row in rows])
        options.highlighted = 1 if at is None else at
        self._tell()

    def _line(self, row: Row) -> Text:
        # The profile was asked for by its name; a key that a command has printed is written nowhere.
        printed = row.secret and self._written.key is None and self._written.key_command is not None
        told = self._in_force if row.name == "profile" or printed else self._written
        value = shown(told, row.name)
        waits = when(row.name) != "at once" and value != shown(self._in_force, row.name)
        origin = "not yet in force" if waits else "api_key_command" if printed else whence(told, row.name)
        line = Text(fit(row.name, _NAME), self._style("name"), no_wrap=True, end="")
        line.append(fit(in_words(value), _VALUE), self._style("value"))
        room = max(0, self._width - _NAME - _VALUE - 3)
        return line.append(f" {cut(origin, room)}", self._style("waits" if waits else "origin"))

    @property
    def _width(self) -> int:
        return self.query_one(ChoiceList).size.width or 70

    def _style(self, part: str) -> Any:
        return self.get_component_rich_style(f"settings-screen--{part}", partial=True)

    @property
    def _row(self) -> Row | None:
        options = self.query_one(ChoiceList)
        option = options.highlighted_option
        return BY_NAME.get(option.id or "") if option else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._say("")
        self._tell()

    def _tell(self) -> None:
        row = self._row
        if row is None:
            return
        also = f" {row.environment} in the environment wins over the file." if row.environment else ""
        told = (
            f"{row.help[0].upper()}{row.help[1:]}.",
            f"Allowed: {row.allowed}.{also}",
            f"In force {when(row.name)}.",
        )
        self.query_one("#settings-told", Static).update("\n".join(told))

    def _say(self, problem: str) -> None:
        line = self.query_one("#settings-problem", Static)
        line.update(problem.replace(str(self._paths.config_file), self._paths.config_file.name))
        line.display = bool(problem)

    # Changing -------------------------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """To the next setting, or the one before."""
        options = self.query_one(ChoiceList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()

    def action_top(self) -> None:
        """To the first setting."""
        self.query_one(ChoiceList).action_first()

    def action_bottom(self) -> None:
        """To the last setting."""
        self.query_one(ChoiceList).action_last()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_change(1)

    def action_change(self, step: int) -> None:
        """The next value where there are few, else a field to type it into."""
        row = self._row
        if row is None:
            return
        if row.name in _ELSEWHERE:
            self._say(named(self, _ELSEWHERE[row.name]))
        elif row.name == "theme":
            from whisul_tui.screens.theme_choice import ThemeChoice

            self.app.push_screen(ThemeChoice(self._paths, self._in_force), lambda _: self._show())
        elif row.choices:
            at = row.choices.index(self._written.values[row.name])
            self._save(row, row.choices[(at + step) % len(row.choices)])
        else:
            value = self._written.values[row.name]
            self._edit("" if value is None else in_words(value))

    def action_default(self) -> None:
        """The setting is taken out of the file."""
        if (row := self._row) is not None:
            self._say(named(self, _ELSEWHERE["api_key"])) if row.secret else self._save(row, UNSET)

    def _edit(self, text: str) -> None:
        field = self.query_one(Input)
        field.value = text
        field.display = True
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Writes what was typed; nothing typed is the default; a wrong value keeps the field open with the reason."""
        event.stop()
        if (row := self._row) is None:
            return
        if self._save(row, row.parse(event.value) if event.value.strip() else UNSET):
            self._leave_field()

    def _leave_field(self) -> None:
        self.query_one(Input).display = False
        self.query_one(ChoiceList).focus()

    def action_close(self) -> None:
        """Leaves the field, or the screen."""
        if self.query_one(Input).display:
            self._leave_field()
            self._say("")
        else:
            self.dismiss()

    def _save(self, row: Row, value: Any) -> bool:
        try:
            kept = change(self._paths, row.name, value, profile=self._in_force.profile.name)
        except SettingsError as error:
            self._say(str(error))
            return False
        if kept is not None:
            self.notify(
                f"{self._paths.config_file.name} was written anew, without its comments. With them it is {kept.name}.",
                timeout=10,
                markup=False,
            )
        self.app.post_message(SettingsSaved())
        self._show()
        return True
