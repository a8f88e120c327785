"""What screens and widgets tell the app, each in the past tense or as a wish, none of it about keys or pixels."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from whisul_tui.domain import Job
from whisul_tui.domain.secret import Secret


@dataclass
class PromptSubmitted(Message):
    """The user sent a prompt; `parent` is the number of the job it was edited from."""

    prompt: str
    parent: int | None = None


@dataclass
class EditWanted(Message):
    """The user wants a job's prompt in the editor, to send it as a new one."""

    job: Job


@dataclass
class SongOpened(Message):
    """The user opened a job: the Listen screen shows it."""

    number: int


@dataclass
class SoundWanted(Message):
    """The user wants to hear a song; `on_host`: on this machine, else where the user sits; `then` others after it."""

    job: Job
    on_host: bool = False
    then: tuple[Job, ...] = ()


@dataclass
class SoundSteered(Message):
    """The user steers what plays.

    `command` is pause, seek or volume by an `amount` of seconds or percent, place (the song's second), next, previous.
    """

    command: str
    amount: int = 0


@dataclass
class CopyWanted(Message):
    """The user wants a text in the clipboard; `what` names it in a toast."""

    text: str
    what: str


@dataclass
class DownloadWanted(Message):
    """The user wants to keep songs."""

    jobs: tuple[Job, ...]


@dataclass
class ProfileChosen(Message):
    """The user chose what to work with: the local studio, or a key just pasted and saved, which counts from now on."""

    name: str
    key: Secret | None = None


@dataclass
class SettingsSaved(Message):
    """The user changed a setting on the screen, and the file has it."""


@dataclass
class SetupLeft(Message):
    """The user leaves setup without a choice."""


@dataclass(frozen=True)
class JobsChanged:
    """What the app's signal carries: the numbers of changed jobs; none for a change of status alone."""

    numbers: frozenset[int]
