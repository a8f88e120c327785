"""Setup: what a newcomer sees with no key and nothing set up, and where a refused key is replaced."""

from __future__ import annotations

import os
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from whisul_tui.domain.secret import Secret
from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.messages import ProfileChosen, SetupLeft
from whisul_tui.paths import Paths
from whisul_tui.settings import LOCAL, Settings, SettingsError, read_file, write_keeping
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.choice_list import ChoiceList


class SetupScreen(Screen[None]):
    """Three choices; a pasted key is checked for its form, saved to the config file (mode 0600) and never shown.

    Posts `ProfileChosen`, or `SetupLeft`; `has_session`: there is something to go back to.
    """

    ROOM = "setup"
    AUTO_FOCUS = "OptionList"
    CSS_PATH = sheets("write")
    BINDINGS = bindings("setup")
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    def __init__(self, paths: Paths, settings: Settings, *, has_session: bool = False) -> None:
        super().__init__()
        self._paths = paths
        self._settings = settings
        self._has_session = has_session

    def compose(self) -> ComposeResult:
        choices = {
            "key": "Paste an API key",
            "local": "Try the local studio: no account, no network",
            "leave": "Back, and change nothing" if self._has_session else "Leave",
        }
        with Vertical(id="setup-box"):
            yield Static("whisul", id="setup-name")
            yield Static(self._welcome(), id="setup-text", markup=False)
            yield ChoiceList(*(Option(text, id=name) for name, text in choices.items()), compact=True)
            with Vertical(id="setup-field"):
                told = named(self, "The key is not shown. Enter saves it, {setup.back} goes back.")
                yield Static(told, classes="quiet", markup=False)
                yield Input(password=True, placeholder="paste the key here", id="setup-key", compact=True)
            yield Static("", id="setup-problem", markup=False)
            hints = named(self, "↑ ↓ choose   enter takes it   {quit.anywhere} leaves")
            yield Static(hints, id="setup-hints", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.query_one("#setup-field").display = False
        self.query_one("#setup-problem").display = False

    def _welcome(self) -> str:
        profile = self._settings.profile
        if self._has_session:
            where = "the local studio" if profile.is_local else f"profile {profile.name}, {profile.base_url}"
            return f"You are working with {where}.\n\nAnother API key, or another place to make songs?"
        return (
            "Write a prompt, watch it become a song, and listen, all from this terminal.\n\n"
            f"There is no API key yet for {profile.base_url}."
        )

    # The choices ----------------------------------------------------------------------------------------------------

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id == "leave":
            self.post_message(SetupLeft())
        elif event.option_id == "local":
            self._done(ProfileChosen(LOCAL))
        else:
            self._show_field(True)

    def action_move(self, step: int) -> None:
        """To the next choice, or the one before."""
        choices = self.query_one(OptionList)
        choices.action_cursor_down() if step > 0 else choices.action_cursor_up()

    def action_back(self) -> None:
        """From the field to the choices; from there to where the user came from, if there is such a place."""
        if self.query_one("#setup-field").display:
            self._show_field(False)
        elif self._has_session:
            self.post_message(SetupLeft())

    def _show_field(self, shown: bool) -> None:
        field = self.query_one(Input)
        field.clear()
        self.query_one("#setup-field").display = shown
        self.say("")
        (field if shown else self.query_one(OptionList)).focus()

    # The key --------------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value:
            self.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            secret = Secret(event.value)
            name = self._save(secret)
        except (ValueError, SettingsError) as error:
            self.say(str(error))
        except OSError as error:
            self.say(f"{self._paths.config_file} cannot be written ({error.strerror}). Set WHISUL_API_KEY instead.")
        else:
            event.input.clear()
            if os.environ.get("WHISUL_API_KEY"):
                self.notify(
                    "WHISUL_API_KEY is set, and wins over the saved key at the next start: unset it.",
                    severity="warning",
                    timeout=15,
                    markup=False,
                )
            self._done(ProfileChosen(name, secret))

    def _save(self, secret: Secret) -> str:
        """Writes the key to where it takes effect, and returns the profile that it is of."""
        content: dict[str, Any] = read_file(self._paths.config_file)
        name = self._settings.profile.name
        if name == LOCAL:
            name = "default"
        profile = content.get("profiles", {}).get(name, {})
        if name == "default" and not profile.keys() & {"api_key", "api_key_command"}:
            content["api_key"] = secret.reveal()
        else:
            content.setdefault("profiles", {}).setdefault(name, {})["api_key"] = secret.reveal()
        if (kept := write_keeping(self._paths.config_file, content)) is not None:
            self.notify(f"The settings were written anew. With their comments they are {kept.name}.", markup=False)
        return name

    def _done(self, choice: ProfileChosen) -> None:
        self.query_one("#setup-box").disabled = True  # one choice is enough: what it opens takes a moment
        self.post_message(choice)

    def failed(self, problem: str) -> None:
        """What was chosen could not be opened: says why, and takes another choice."""
        self.query_one("#setup-box").disabled = False
        self._show_field(False)
        self.say(problem)

    def say(self, problem: str) -> None:
        """A sentence under the choices, none where it is empty."""
        line = self.query_one("#setup-problem", Static)
        line.update(problem)
        line.display = bool(problem)
