"""Profiles: the accounts that the settings know, where each is, whether it has a key, and what is open there."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.messages import ProfileChosen
from whisul_tui.screens.dialog import Dialog
from whisul_tui.session import Session
from whisul_tui.settings import Settings, SettingsError, change, load_settings
from whisul_tui.storage import StoreError
from whisul_tui.storage.accounts import accounts
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.cells import fit
from whisul_tui.widgets.choice_list import ChoiceList


@dataclass(frozen=True, slots=True)
class Choice:
    """One profile; `problem`: why it cannot be worked with."""

    name: str
    where: str = ""
    key: str = ""
    open: int = 0
    problem: str = ""


def choices(session: Session) -> list[Choice]:
    """The profiles of the settings as they are now, the one in force first."""
    here = session.settings.profile.name
    try:
        names = load_settings(session.paths, profile=here).profiles
        open_jobs = {account.name: account.open for account in accounts(session.database)}
    except (SettingsError, StoreError) as error:
        return [Choice(here, problem=str(error))]
    found = []
    for name in sorted(names, key=lambda name: (name != here, name)):
        try:
            settings = load_settings(session.paths, profile=name)
        except SettingsError as error:
            found.append(Choice(name, problem=str(error)))
        else:
            profile = settings.profile
            where = "this machine, no network" if profile.is_local else profile.base_url
            found.append(Choice(name, where, _key(settings), open_jobs.get(profile.account, 0)))
    return found


def _key(settings: Settings) -> str:
    """How the profile comes to its key; never the key."""
    if settings.profile.is_local:
        return "needs none"
    if settings.key is not None:
        return "key set up"
    return "key by command" if settings.key_command else "no key"


class ProfileChoice(Dialog[None]):
    """A list of profiles; Enter opens one in the place of the one that is open, and posts `ProfileChosen`."""

    CSS_PATH = sheets("settings")
    BINDINGS = bindings("choice", "profiles")
    AUTO_FOCUS = "ChoiceList"
    COMPONENT_CLASSES = {f"profile-choice--{part}" for part in ("name", "where", "key", "open", "problem")}

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._choices = choices(session)

    def compose(self) -> ComposeResult:
        with Vertical(id="choice-box") as box:
            box.border_title = "Profile"
            box.border_subtitle = Content(
                named(self, "{choice.take} opens it  {profiles.keep} for good  {choice.close} stays")
            )
            yield ChoiceList(compact=True)
            yield Static("", classes="told", markup=False)

    def on_mount(self) -> None:
        options = self.query_one(ChoiceList)
        options.add_options([Option(self._line(choice), id=choice.name) for choice in self._choices])
        options.highlighted = 0
        self._tell()

    def on_resize(self) -> None:
        options = self.query_one(ChoiceList)
        for at, choice in enumerate(self._choices):
            options.replace_option_prompt_at_index(at, self._line(choice))

    def _line(self, choice: Choice) -> Text:
        style = {part: self.get_component_rich_style(f"profile-choice--{part}", partial=True) for part in
                 ("name", "where", "key", "open", "problem")}  # fmt: skip
        here = self._session.settings.profile.name
        names = [f"{other.name} (here)" if other.name == here else other.name for other in self._choices]
        width = max(map(len, names)) + 2
        line = Text(fit(names[self._choices.index(choice)], width), style["name"], no_wrap=True, end="")
        if choice.problem:
            return line.append("not usable", style["problem"])
        room = max(8, min(84, self.size.width or 80) - width - 33)
        line.append(f"{fit(choice.where, room)}  ", style["where"]).append(f"{choice.key:<15}", style["key"])
        return line.append(f"{choice.open:,} open" if choice.open else "", style["open"])

    def _tell(self) -> None:
        choice = self._chosen
        told = "What runs elsewhere goes on there; it is followed, and what is held is sent, while its profile is open."
        self.query_one(".told", Static).update(choice.problem if choice and choice.problem else told)

    @property
    def _chosen(self) -> Choice | None:
        at = self.query_one(ChoiceList).highlighted
        return None if at is None else self._choices[at]

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._tell()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_take()

    def action_move(self, step: int) -> None:
        """To the next profile, or the one before."""
        options = self.query_one(ChoiceList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()

    def action_take(self) -> None:
        """Opens the profile for this sitting."""
        choice = self._chosen
        if choice is None or choice.problem:
            return
        self.app.post_message(ProfileChosen(choice.name))
        self.dismiss()

    def action_keep(self) -> None:
        """Opens it, and makes it the one that is taken where none is asked for."""
        choice = self._chosen
        if choice is None or choice.problem:
            return
        try:
            change(self._session.paths, "profile", choice.name, profile=self._session.settings.profile.name)
        except SettingsError as error:
            self.notify(str(error), severity="warning", timeout=10, markup=False)
            return
        self.notify(f"{choice.name} is the profile of the verbs and of the next start too.", markup=False)
        self.action_take()

    def action_close(self) -> None:
        """Stays where one is."""
        self.dismiss()
