"""Setup: what a newcomer sees with no key and nothing set up, and where a refused key is replaced."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from whisul_tui.domain.secret import Secret
from whisul_tui.messages import ProfileChosen
from whisul_tui.paths import Paths
from whisul_tui.settings import LOCAL, Settings, SettingsError, read_file, write_file

_CHOICES = {
    "key": "Paste an API key",
    "local": "Try the local studio: no account, no network",
    "leave": "Leave",
}


class SetupScreen(Screen[None]):
    """Three choices; a pasted key is checked for its form, saved to the config file (mode 0600) and never shown."""

    ROOM = "setup"
    AUTO_FOCUS = "OptionList"

    def __init__(self, paths: Paths, settings: Settings) -> None:
        super().__init__()
        self._paths = paths
        self._settings = settings

    def compose(self) -> ComposeResult:
        with Vertical(id="setup-box"):
            yield Static("whisul-tui", id="setup-name")
            yield Static(self._welcome(), id="setup-text", markup=False)
            yield OptionList(*(Option(text, id=name) for name, text in _CHOICES.items()), compact=True, markup=False)
            yield Input(password=True, placeholder="paste the key, Enter saves it, esc goes back", id="setup-key")
            yield Static("", id="setup-problem", markup=False)
            yield Static("↑ ↓ choose  enter takes it  ^q leaves", id="setup-hints", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).display = False

    def _welcome(self) -> str:
        profile = self._settings.profile
        if self._settings.is_set_up and not profile.is_local:
            return f"Another API key for the profile {profile.name} ({profile.base_url})?"
        return (
            "Write a prompt, watch it become a song, and listen, all from this terminal.\n\n"
            f"There is no API key yet for {profile.base_url}."
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id == "leave":
            self._leave()
        elif event.option_id == "local":
            self._done(LOCAL)
        else:
            field = self.query_one(Input)
            field.display = True
            field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            secret = Secret(event.value)
            self._save(secret)
        except (ValueError, SettingsError) as error:
            self._say(str(error))
        except OSError as error:
            self._say(f"{self._paths.config_file} cannot be written ({error.strerror}). Set WHISUL_API_KEY instead.")
        else:
            event.input.clear()
            name = self._settings.profile.name
            self._done(name if name != LOCAL else "default")

    def key_escape(self) -> None:
        field = self.query_one(Input)
        if field.display:
            field.clear()
            field.display = False
            self.query_one(OptionList).focus()
        elif self._settings.is_set_up:
            self.dismiss()

    def _save(self, secret: Secret) -> None:
        content: dict[str, Any] = read_file(self._paths.config_file)
        name = self._settings.profile.name
        if name in ("default", LOCAL):
            content["api_key"] = secret.reveal()
        else:
            content.setdefault("profiles", {}).setdefault(name, {})["api_key"] = secret.reveal()
        write_file(self._paths.config_file, content)

    def _done(self, profile: str) -> None:
        self.post_message(ProfileChosen(profile))

    def _leave(self) -> None:
        if self._settings.is_set_up:
            self.dismiss()
        else:
            self.app.exit(0)

    def _say(self, problem: str) -> None:
        self.query_one("#setup-problem", Static).update(problem)
